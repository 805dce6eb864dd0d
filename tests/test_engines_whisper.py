"""Whisper, by way of a miniature checkpoint: what it hears, and which checkpoint that was."""

import hashlib
import os

import pytest
from engines_support import CHECKLIST, RATE, SURGEON, heard, joined, noise, silence, text
from mini_whisper import CLIPS

from speechcoach import engines
from speechcoach.data import Audio
from speechcoach.engines import checkpoints, whisper
from speechcoach.engines.display import nothing
from speechcoach.engines.whisper import Whisper
from speechcoach.errors import ModelError


def loaded(path):
    return whisper._load(path, checkpoints.digest(path))


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
    (segment,) = loaded(mini).transcribe(backwards, fp16=False, **whisper.OPTIONS)["segments"]
    assert segment["no_speech_prob"] > 0.9
    forwards = heard(SURGEON).samples
    (segment,) = loaded(mini).transcribe(forwards, fp16=False, **whisper.OPTIONS)["segments"]
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
    assert loaded(mini) is loaded(mini)
    assert capfd.readouterr() == ("", "")


@pytest.mark.engine
def test_long_recordings_reach_whisper_in_parts(mini, monkeypatch):
    monkeypatch.setattr(whisper, "LONGEST", 4.0)
    clips = heard(SURGEON), heard(CHECKLIST)
    recognised = said_by(mini, joined(clips[0], silence(0.8), clips[1]))
    assert text(recognised) == f"{SURGEON.text} {CHECKLIST.text}"
    assert recognised.utterances[1].start > clips[0].duration


@pytest.mark.engine
def test_a_checkpoint_that_becomes_another_one_is_loaded_again(mini, tmp_path):
    path = tmp_path / "mine.pt"
    path.write_bytes(mini.read_bytes())
    assert said_by(path, heard(SURGEON)).engine.digest == checkpoints.digest(mini)
    path.write_bytes(b"no longer a checkpoint")
    with pytest.raises(ModelError, match=r"mine\.pt is not a Whisper checkpoint that loads"):
        said_by(path, heard(SURGEON))


@pytest.mark.engine
def test_of_what_torch_has_to_say_one_sentence_is_passed_on(mini, tmp_path):
    path = tmp_path / "mine.pt"
    path.write_bytes(mini.read_bytes()[:-1000])
    with pytest.raises(ModelError, match=r"loads \(RuntimeError: [^.]*\): give another file"):
        said_by(path, heard(SURGEON))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("base.en.pt", "base.en"),
        ("my.model.v2.pt", "my.model.v2"),
        ("my.model.v2", "my.model.v2"),
        ("twice.pt.pt", "twice.pt"),
        (".pt", ".pt"),
    ],
)
def test_a_model_is_called_what_its_file_is(tmp_path, file, name):
    (tmp_path / file).write_bytes(b"weights")
    assert Whisper().identity(str(tmp_path / file)).model == name


def test_two_checkpoints_of_one_name_are_two(tmp_path):
    paths = [tmp_path / folder / "mine.pt" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(path.parent.name.encode())
    a, b = (Whisper().identity(str(path)) for path in paths)
    assert (a.name, a.model, a.version) == (b.name, b.model, b.version)
    assert a.digest == hashlib.sha256(b"a").hexdigest()
    assert b.digest == hashlib.sha256(b"b").hexdigest()


def test_a_checkpoint_is_read_once_for_its_digest_unless_it_changes(tmp_path, monkeypatch):
    read = []
    real = checkpoints._sha256
    monkeypatch.setattr(checkpoints, "_sha256", lambda path: read.append(path) or real(path))
    path = tmp_path / "mine.pt"
    path.write_bytes(b"one")
    assert checkpoints.digest(path) == checkpoints.digest(path)
    assert read == [path]
    for content in (b"two", b"three"):  # the one by its time, the other by its size
        path.write_bytes(content)
        os.utime(path, ns=(1, 1))
        assert checkpoints.digest(path) == hashlib.sha256(content).hexdigest()


def test_what_replaces_a_checkpoint_is_seen_by_its_file_alone(tmp_path):
    path, other = tmp_path / "mine.pt", tmp_path / "other.pt"
    path.write_bytes(b"one")
    other.write_bytes(b"two")
    for file in (path, other):
        os.utime(file, ns=(1, 1))
    before = checkpoints.digest(path)
    other.replace(path)
    assert checkpoints.digest(path) != before


def test_a_checkpoint_that_is_gone_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"gone\.pt cannot be read \(No such file"):
        Whisper().identity(str(tmp_path / "gone.pt"))


def test_what_is_settled_means_the_same_in_another_folder(tmp_path, monkeypatch):
    (tmp_path / "mine.pt").write_bytes(b"weights")
    monkeypatch.chdir(tmp_path)
    assert Whisper().settle("mine.pt", nothing) == str(tmp_path / "mine.pt")


@pytest.mark.engine
def test_a_file_under_a_published_name_need_not_be_the_published_one(mini, folder):
    (folder / "base.en.pt").write_bytes(mini.read_bytes())
    settled = Whisper().settle(None, nothing)
    assert settled == str(folder / "base.en.pt")
    assert Whisper().identity(settled).digest == checkpoints.digest(mini)
    assert Whisper().identity(settled).digest != checkpoints.checkpoint("base.en").sha256
