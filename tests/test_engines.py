"""What every registered recogniser keeps to; one that is added is tried here without a change."""

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from engines_support import RATE, silence

from speechcoach import engines
from speechcoach.coach import Settings
from speechcoach.data import Audio
from speechcoach.engines.display import nothing
from speechcoach.errors import UnknownNameError

EVERY = pytest.mark.parametrize("engine", engines.in_order(), ids=lambda engine: engine.name)
OF_THE_TESTS = {"whisper": "mini"}
"""Models of ours, by fixture, for engines whose own would have to be fetched."""


@pytest.fixture
def model(engine, request):
    """The settled model that an engine is tried with."""
    wanted = OF_THE_TESTS.get(engine.name)
    return engine.settle(str(request.getfixturevalue(wanted)) if wanted else None, nothing)


def test_the_engines_are_discovered_and_the_embedded_one_is_the_last_resort():
    names = [engine.name for engine in engines.in_order() if engine.order is not None]
    assert names[-2:] == ["whisper", "moonshine"]


@EVERY
def test_an_engine_says_what_help_needs(engine):
    assert engines.load()[engine.name] is engine
    assert engine.title
    assert engine.models
    assert engine.offer or engine.order is None


@EVERY
def test_a_name_that_it_has_not_is_refused_early_with_the_ones_it_has(engine):
    with pytest.raises(UnknownNameError, match=r"model called 'no-such-model': (did|there are)"):
        engine.check("no-such-model")
    with pytest.raises(UnknownNameError, match="no-such-model"):
        engine.settle("no-such-model", nothing)
    engine.check(None)


@EVERY
def test_what_is_settled_goes_to_workers_and_stays_as_it_is(engine, model):
    settings = replace(Settings(), engine=engine.name, model=model)
    assert pickle.loads(pickle.dumps(settings)) == settings
    engine.check(model)
    assert engine.settle(model, nothing) == model


@EVERY
def test_identity_is_stable_known_without_loading_and_the_reports(engine, model):
    code = (
        "import sys; from speechcoach import engines; print(engines.identity(*sys.argv[1:]));"
        "print({'torch', 'numpy', 'onnxruntime'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, engine.name, model]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [str(engine.identity(model)), "set()"]
    assert engine.identity(model).name == engine.name


@EVERY
@pytest.mark.engine
@pytest.mark.parametrize("seconds", [0, 2])
def test_silence_has_no_words_and_tells_who_listened(engine, model, seconds):
    recognised = engine.open(model)(Audio(silence(seconds), RATE))
    assert recognised.utterances == ()
    assert recognised.engine == engine.identity(model)


@EVERY
def test_the_doctor_has_something_to_say_of_it_and_a_next_step(engine):
    checks = list(engine.checkup())
    assert checks
    assert all(check.works or check.next_step for check in checks)
