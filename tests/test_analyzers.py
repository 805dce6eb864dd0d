"""What every analyzer owes its callers, whatever the answer; a new one is covered on arrival."""

from dataclasses import replace

import numpy as np
import pytest
from sound_support import SAMPLES, answer_of, noise, pulses, silence, tone

from speechcoach import analyzers
from speechcoach.data import (
    Filler,
    Measurement,
    Pause,
    Question,
)
from speechcoach.sound.audio import load

NAMES = {
    "duration", "speaking_time", "word_count", "speech_rate", "articulation_rate",
    "fastest_window", "slowest_window", "pause_rate", "pause_share", "longest_pause", "long_pauses",
    "mid_clause_pause_rate", "time_to_first_word", "pitch_variation", "lowest_pitch_variation",
    "loudness_variation", "trailing_off", "clipping", "level", "noise", "signal_to_noise",
}  # fmt: skip


def voiced(found):
    """Return the answer with speech everywhere in its frames, for sounds that are not."""
    everywhere = np.ones_like(found.frames.speech)
    return replace(found, frames=replace(found.frames, speech=everywhere))


SPOKEN = np.concatenate([pulses(120, 2), silence(0.5), pulses(150, 20), noise(1, level=-30)])
UM = Filler("um", "filled_pause", (0, 1), 0.0, 0.4, 1.0)
QUESTION = Question("conflict", "c", "?", "star", (60.0, 120.0))
LONG_TEXT = ("Well,", "I", "think", "that", "teams", "learn.") * 30

CASES = {
    "a sample": answer_of(load(SAMPLES / "pressure-too-short.flac").audio.samples, LONG_TEXT),
    "written": answer_of(texts=("So", "I", "went.")),
    "written, nothing": answer_of(),
    "nothing recorded": answer_of(silence(0)),
    "one sample": answer_of(np.zeros(1)),
    "0.3 s": answer_of(tone(300, 0.3), ("Yes.",)),
    "silent": answer_of(silence(5)),
    "silent, words invented": answer_of(silence(5), ("thank", "you")),
    "noise": answer_of(noise(5, level=-20)),
    "clipped": voiced(answer_of(np.clip(tone(200, 5) * 99, -1, 1), LONG_TEXT, question=QUESTION)),
    "one word": voiced(answer_of(pulses(120, 1), ("Yes",))),
    "only um": voiced(answer_of(pulses(120, 1), ("um",), fillers=(replace(UM, end=1.0),))),
    "only punctuation": voiced(answer_of(pulses(120, 1), ("...", "-"))),
    "speech without words": voiced(answer_of(SPOKEN)),
    "speech": voiced(
        answer_of(SPOKEN, LONG_TEXT, fillers=(UM,), pauses=(Pause(2.0, 2.5, "clause_end"),))
    ),
    "words without times": replace(
        voiced(answer_of(SPOKEN, LONG_TEXT)),
        transcript=answer_of(texts=LONG_TEXT).transcript,
    ),
    "words in a heap": voiced(answer_of(SPOKEN, ("a",) * 200)),
    "foreign letters": voiced(answer_of(SPOKEN, ("naïve", "你好", "½", "\U0001f600", "e\u0301"))),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request):
    found = request.param
    if found.audio is not None:
        for array in (found.audio.samples, *vars(found.frames).values()):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False  # analyzers read, they never write
    return found


@pytest.mark.parametrize("name", analyzers.load())
def test_every_analyzer_survives_every_answer(name, case):
    for key, found in analyzers.load()[name](case):
        assert isinstance(key, str)
        assert isinstance(found, Measurement)
        assert found.unit
        assert type(found.value) in (float, int, type(None))  # nothing of numpy's
        assert found.value is None or np.isfinite(found.value)
        for span in found.spans:
            assert type(span.start) is float
            assert type(span.end) is float
            assert 0 <= span.start <= span.end <= case.recording.duration + 1e-9


def test_every_answer_has_the_same_measurements_in_the_same_units(case):
    expected = {name: m.unit for name, m in analyzers.measure(CASES["speech"]).items()}
    assert {name: m.unit for name, m in analyzers.measure(case).items()} == expected
    assert expected.keys() >= NAMES


def outlined(case):
    """Return the answer as it is known when its sound is gone: where somebody speaks, no more."""
    if case.frames is None:
        return case
    nothing = np.zeros_like(case.frames.level)
    frames = replace(case.frames, level=nothing, voiced=nothing.astype(bool), f0=nothing * np.nan)
    return replace(case, audio=None, frames=frames)


@pytest.mark.parametrize("name", analyzers.load())
def test_an_analyzer_that_needs_sound_says_so(name, case):
    analyzer = analyzers.load()[name]
    if analyzer.needs == "words":
        assert list(analyzer(outlined(case))) == list(analyzer(case))
    else:
        gone = replace(case, audio=None, frames=None)
        assert {m.value for _, m in analyzer(gone)} == {None}


def test_an_analyzer_that_says_it_needs_sound_does():
    sample = CASES["a sample"]
    needy = [analyzer for analyzer in analyzers.load().values() if analyzer.needs == "sound"]
    assert len(needy) > 1
    for analyzer in needy:
        assert list(analyzer(sample)) != list(analyzer(outlined(sample)))


@pytest.mark.parametrize("case_name", ["written", "written, nothing"])
def test_a_text_has_no_figures_that_need_sound(case_name):
    measured = analyzers.measure(CASES[case_name])
    assert {n for n in NAMES if measured[n].value is not None} == {"word_count"}


@pytest.mark.parametrize("case_name", ["silent", "silent, words invented", "noise"])
def test_where_nobody_speaks_nothing_is_said_about_speech(case_name):
    measured = analyzers.measure(CASES[case_name])
    known = {n for n in NAMES if measured[n].value is not None}
    assert known == {"duration", "word_count", "clipping", "noise"}


def test_a_second_measurement_of_the_same_name_is_a_mistake(monkeypatch):
    registry = analyzers.load()
    monkeypatch.setitem(registry, "again", registry["length"])
    with pytest.raises(ValueError, match="'again' measures 'duration' a second time"):
        analyzers.measure(CASES["written"])
