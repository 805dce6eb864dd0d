"""The engines on real sound, and how one is chosen."""

import os
import subprocess
import sys
from contextlib import nullcontext

import numpy as np
import pytest
from mini_whisper import CLIPS, checkpoint

from speechcoach import engines, paths
from speechcoach.data import Audio, EngineInfo, Recognition, Span
from speechcoach.engines import checkpoints, moonshine, whisper
from speechcoach.engines.fetching import unwatched
from speechcoach.errors import EngineError, ModelError, UnknownNameError
from speechcoach.sound import audio

RATE = 16000
SURGEON, CHECKLIST = CLIPS


def heard(clip):
    return audio.load(clip.path).audio


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def joined(*parts):
    return Audio(np.concatenate([p.samples if isinstance(p, Audio) else p for p in parts]), RATE)


def text(recognised):
    return " ".join(u.text for u in recognised.utterances)


def noise(seconds, level=0.01):
    return np.random.default_rng(0).normal(0, level, round(seconds * RATE)).astype(np.float32)


@pytest.fixture(scope="session")
def mini(tmp_path_factory):
    """The miniature checkpoint."""
    return checkpoint(tmp_path_factory.mktemp("mini"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for checkpoints."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setattr(paths, "model_dirs", lambda: (folder,))
    return folder


@pytest.fixture
def notes():
    """What was announced."""
    return []


@pytest.fixture
def scripted(monkeypatch):
    """Two engines that say what they were made with."""

    def factory(name):
        return lambda model, _watch: (
            lambda _audio: Recognition(EngineInfo(name, str(model), ""), ())
        )

    made = {name: factory(name) for name in ("whisper", "moonshine")}
    registry = engines.load()
    for name, engine in made.items():
        monkeypatch.setitem(registry, name, engine)


def chosen(notes, name, model=None):
    engine = engines.choose(name, model, announce=notes.append)
    info = engine(Audio(silence(1), RATE)).engine
    return info.name, info.model


def test_both_engines_are_discovered():
    assert {"moonshine", "whisper"} <= set(engines.load())


def test_auto_is_whisper_where_its_checkpoint_is(scripted, folder, notes):
    (folder / "base.en.pt").write_bytes(b"")
    assert chosen(notes, "auto") == ("whisper", str(folder / "base.en.pt"))
    assert notes == []


def test_auto_without_checkpoint_and_network_is_moonshine_and_says_so(scripted, folder, notes):
    assert chosen(notes, "auto") == ("moonshine", "None")
    (note,) = notes
    assert note == (
        "The Whisper checkpoint base.en (145 MB) is not on this machine, and SPEECHCOACH_OFFLINE "
        "forbids fetching it: unset it. Meanwhile the embedded recogniser (Moonshine tiny) is used."
    )


def test_whisper_never_falls_back(scripted, folder, notes):
    with pytest.raises(ModelError, match=r"small\.en \(484 MB\) is not on this machine"):
        engines.settle("whisper", "small.en", announce=notes.append)
    assert notes == []


def test_a_path_is_an_order(scripted, folder, notes):
    with pytest.raises(ModelError, match=r"no checkpoint file .*mine\.pt"):
        chosen(notes, "auto", "mine.pt")


def test_a_broken_checkpoint_makes_auto_fall_back_and_whisper_fail(folder, notes):
    broken = folder / "base.en.pt"
    broken.write_bytes(b"half a download")
    message = r"base\.en\.pt is not a Whisper checkpoint that loads .*fetch base\.en` replaces it"
    with pytest.raises(ModelError, match=message):
        engines.choose("whisper", announce=notes.append)
    engine = engines.choose("auto", announce=notes.append)
    assert engine is moonshine.recognise
    assert str(broken) in notes[0]


def test_a_broken_file_of_the_users_is_an_error(tmp_path, notes):
    (tmp_path / "mine.pt").write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError, match=r"mine\.pt is not .*\(\w+Error: .* as --model"):
        engines.choose("auto", str(tmp_path / "mine.pt"), announce=notes.append)


@pytest.mark.parametrize(
    ("name", "model", "message"),
    [
        ("wisper", None, "no engine called 'wisper': did you mean whisper"),
        ("autos", None, "did you mean auto"),
        ("auto", "base.em", "no Whisper model called 'base.em': did you mean base.en"),
        ("moonshine", "base", "no Moonshine model called 'base': there are: tiny-en"),
    ],
)
def test_unknown_names_suggest_near_ones(name, model, message, notes):
    with pytest.raises(UnknownNameError, match=message):
        engines.choose(name, model, announce=notes.append)


def test_workers_are_told_what_auto_comes_down_to(folder, notes):
    assert engines.settle("auto", announce=notes.append) == ("moonshine", None)
    assert len(notes) == 1
    (folder / "base.en.pt").write_bytes(b"")
    settled = ("whisper", str(folder / "base.en.pt"))
    assert engines.settle("auto", announce=notes.append) == settled
    assert engines.settle("moonshine", announce=notes.append) == ("moonshine", None)
    assert len(notes) == 1


def test_auto_does_not_wait_for_a_slow_fetch(monkeypatch):
    clock = iter([0.0, 0.0, 20.0])
    monkeypatch.setattr(engines.time, "monotonic", lambda: next(clock))
    base = checkpoints.checkpoint("base.en")
    with engines._patiently(unwatched)(base) as progress:
        progress(0, base.size)
        with pytest.raises(ModelError, match=r"would take 48 minutes more: `speechcoach models"):
            progress(1_000_000, base.size)


def test_auto_waits_for_a_quick_fetch(monkeypatch):
    clock = iter([0.0, 0.0, 20.0])
    monkeypatch.setattr(engines.time, "monotonic", lambda: next(clock))
    base = checkpoints.checkpoint("base.en")
    shown = []
    with engines._patiently(lambda _: nullcontext(lambda have, _: shown.append(have)))(
        base
    ) as progress:
        progress(0, base.size)
        progress(20_000_000, base.size)
    assert shown == [0, 20_000_000]


@pytest.mark.engine
def test_moonshine_hears_a_sentence():
    recognised = moonshine.recognise(heard(CHECKLIST))
    assert recognised.engine == EngineInfo("moonshine", "tiny-en", "0.1.0")
    (utterance,) = recognised.utterances
    assert utterance.text == "So we changed the night checklist together."
    assert (utterance.start, utterance.end) == (0.0, pytest.approx(3.0, abs=0.1))


@pytest.mark.engine
@pytest.mark.parametrize(
    "nothing", [silence(20), noise(20), silence(0)], ids=["silence", "noise", ""]
)
def test_moonshine_makes_up_nothing(nothing):
    assert moonshine.recognise(Audio(nothing, RATE)).utterances == ()


@pytest.mark.engine
def test_moonshine_makes_up_nothing_in_long_silences():
    clip = heard(CHECKLIST)
    hiss = noise(12, 0.001)
    recognised = moonshine.recognise(joined(hiss, clip, hiss, clip, hiss))
    assert [u.text.split()[-1] for u in recognised.utterances] == ["together."] * 2
    for utterance, start in zip(recognised.utterances, (12, 24 + clip.duration), strict=True):
        assert start - 1 < utterance.start <= start
        assert start + clip.duration - 0.5 < utterance.end < start + clip.duration + 1


@pytest.mark.engine
def test_moonshine_loads_once():
    assert moonshine._transcriber() is moonshine._transcriber()


@pytest.mark.engine
def test_moonshine_says_nothing_of_its_own():
    code = (
        "import numpy as np; from speechcoach.engines import moonshine;"
        "from speechcoach.data import Audio, Span;"
        "moonshine.hear(Audio(np.zeros(16000, np.float32), 16000), Span(0, 1))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=os.environ
    )
    assert (run.stdout, run.stderr) == (b"", b"")


def test_moonshine_that_does_not_load_tells_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "moonshine_voice.transcriber", None)
    moonshine._transcriber.cache_clear()
    with pytest.raises(EngineError, match=r"does not load .*: reinstall it with `pip install"):
        moonshine.moonshine(None, unwatched)


def test_a_piece_that_sends_moonshine_in_circles_is_halved(monkeypatch):
    def hear(_, piece):
        return "the first is " * 30 if piece.duration > 3 else f"{piece.start:.0f}s."

    monkeypatch.setattr(moonshine, "hear", hear)
    said = list(moonshine._utterances(Audio(noise(4), RATE), Span(0.0, 4.0)))
    assert [u.text for u in said] == ["0s.", f"{said[1].start:.0f}s."]
    assert said[0].end == said[1].start


def test_what_stays_a_loop_is_dropped(monkeypatch):
    monkeypatch.setattr(moonshine, "hear", lambda *_: "you know " * 30)
    assert list(moonshine._utterances(Audio(noise(4), RATE), Span(0.0, 4.0))) == []


def test_what_a_person_repeats_is_no_loop():
    assert not moonshine.is_loop("And here are some more words, words, words, words.")
    assert not moonshine.is_loop(
        "It was the best of times, it was the worst of times, it was the age of wisdom, "
        "it was the age of foolishness, it was the epoch of belief"
    )
    assert not moonshine.is_loop("")


def said_by(mini, sound):
    engine = engines.choose("whisper", str(mini), announce=print)
    return engine(sound)


@pytest.mark.engine
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.path.stem)
def test_whisper_writes_what_is_said(mini, clip):
    recognised = said_by(mini, heard(clip))
    assert text(recognised) == clip.text
    assert recognised.engine.name == "whisper"
    assert recognised.engine.model == "mini.en"


@pytest.mark.engine
def test_the_miniature_goes_by_the_sound(mini):
    """Not by heart: the order in which the clips are played shows in its text."""
    one, other = heard(SURGEON), heard(CHECKLIST)
    forth, back = (
        said_by(mini, joined(a, silence(0.6), b)) for a, b in [(one, other), (other, one)]
    )
    assert text(forth) == f"{SURGEON.text} {CHECKLIST.text}"
    assert text(back) == f"{CHECKLIST.text} {SURGEON.text}"


@pytest.mark.engine
def test_the_miniature_hears_no_language_in_a_voice_played_backwards(mini):
    backwards = heard(SURGEON).samples[::-1].copy()
    (segment,) = whisper._load(mini).transcribe(backwards, fp16=False, **whisper.OPTIONS)[
        "segments"
    ]
    assert segment["no_speech_prob"] > 0.9
    forwards = heard(SURGEON).samples
    (segment,) = whisper._load(mini).transcribe(forwards, fp16=False, **whisper.OPTIONS)["segments"]
    assert segment["no_speech_prob"] < 0.5


@pytest.mark.engine
def test_whisper_times_its_utterances_roughly(mini):
    clips = heard(SURGEON), heard(CHECKLIST)
    first, second = said_by(mini, joined(clips[0], silence(0.8), clips[1], silence(1))).utterances
    assert first.end == pytest.approx(clips[0].duration, abs=0.2)
    assert second.start == pytest.approx(clips[0].duration + 0.8, abs=0.2)
    assert second.end == pytest.approx(clips[0].duration + 0.8 + clips[1].duration, abs=0.2)


@pytest.mark.engine
@pytest.mark.parametrize(
    "nothing", [silence(5), noise(5), silence(0)], ids=["silence", "noise", ""]
)
def test_whisper_makes_up_nothing(mini, nothing):
    assert said_by(mini, Audio(nothing, RATE)).utterances == ()


@pytest.mark.engine
def test_whisper_loads_once_and_prints_nothing(mini, capfd):
    said_by(mini, heard(SURGEON))
    assert whisper._load(mini) is whisper._load(mini)
    assert capfd.readouterr() == ("", "")


@pytest.mark.engine
def test_long_recordings_reach_whisper_in_parts(mini, monkeypatch):
    monkeypatch.setattr(whisper, "LONGEST", 4.0)
    clips = heard(SURGEON), heard(CHECKLIST)
    recognised = said_by(mini, joined(clips[0], silence(0.8), clips[1]))
    assert text(recognised) == f"{SURGEON.text} {CHECKLIST.text}"
    assert recognised.utterances[1].start > clips[0].duration
