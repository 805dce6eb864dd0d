"""Which recogniser is taken: by name, by "auto", and what is said when it is another one."""

from contextlib import nullcontext

import pytest
from scripted import Scripted, registered

from speechcoach import engines
from speechcoach.engines import checkpoints, display, moonshine, whisper
from speechcoach.errors import EngineError, ModelError, UnknownNameError

FALLBACK = "Meanwhile the embedded recogniser (Moonshine tiny) is used."


@pytest.fixture
def published(folder, monkeypatch):
    """A checkpoint that is here and, as far as its digest tells, whole."""
    path = folder / "base.en.pt"
    path.write_bytes(b"weights")
    known = checkpoints.Checkpoint("base.en", "", checkpoints.digest(path), 7)
    monkeypatch.setattr(checkpoints, "known", lambda: {"base.en": known})
    return path


def settled(notes, name="auto", model=None):
    return engines.settle(name, model, announce=notes.append)


def test_auto_is_whisper_where_its_checkpoint_is(published, notes):
    assert settled(notes) == settled(notes, "auto", "base.en") == ("whisper", str(published))
    assert notes == []


def test_auto_without_checkpoint_and_network_is_moonshine_and_says_so(folder, notes):
    assert settled(notes) == ("moonshine", "tiny-en")
    (note,) = notes
    assert note == (
        "The Whisper checkpoint base.en (145 MB) is not on this machine, and SPEECHCOACH_OFFLINE "
        f"forbids fetching it: unset it. {FALLBACK}"
    )


def test_a_published_model_that_is_not_here_falls_back_too(folder, notes):
    assert settled(notes, "auto", "small.en") == ("moonshine", "tiny-en")
    (note,) = notes
    assert "small.en (484 MB) is not on this machine" in note


def test_whisper_never_falls_back(folder, notes):
    with pytest.raises(ModelError, match=r"small\.en \(484 MB\) is not on this machine"):
        settled(notes, "whisper", "small.en")
    assert notes == []


def test_a_path_is_an_order(folder, notes):
    with pytest.raises(ModelError, match=r"no checkpoint file .*mine\.pt"):
        settled(notes, "auto", "mine.pt")
    assert notes == []


def test_a_broken_checkpoint_makes_auto_fall_back_before_workers_are_told(folder, notes):
    broken = folder / "base.en.pt"
    broken.write_bytes(b"half a download")
    assert settled(notes) == ("moonshine", "tiny-en")
    (note,) = notes
    assert f"{broken} is not a Whisper checkpoint that loads" in note
    assert note.endswith(FALLBACK)


def test_a_broken_checkpoint_makes_auto_fall_back_and_whisper_fail(folder, notes):
    broken = folder / "base.en.pt"
    broken.write_bytes(b"half a download")
    message = r"base\.en\.pt is not a Whisper checkpoint that loads .*fetch base\.en` replaces it"
    with pytest.raises(ModelError, match=message):
        engines.choose("whisper", announce=notes.append)
    assert engines.choose("auto", announce=notes.append) is moonshine.recognise
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
        ("auto", "tiny-en", "no Whisper model called 'tiny-en': did you mean tiny.en"),
        ("moonshine", "base", "no Moonshine model called 'base': there are: tiny-en"),
    ],
)
def test_unknown_names_suggest_near_ones_before_anything_is_loaded(name, model, message, notes):
    with pytest.raises(UnknownNameError, match=message):
        engines.check(name, model)
    with pytest.raises(UnknownNameError, match=message):
        settled(notes, name, model)


@pytest.mark.parametrize(
    ("name", "model"),
    [("auto", None), ("auto", "base.en"), ("whisper", "mine.pt"), ("moonshine", "tiny-en")],
)
def test_good_names_pass_though_nothing_is_here(folder, name, model):
    engines.check(name, model)


def test_what_is_settled_stays_as_it_is(published, notes):
    for name in ("auto", "whisper", "moonshine"):
        assert settled(notes, *settled(notes, name)) == settled(notes, name)
    assert notes == []


def test_without_any_other_the_embedded_one_is_what_auto_means(notes, monkeypatch):
    monkeypatch.setattr(whisper.Whisper, "available", False)
    assert settled(notes) == settled(notes, "auto", "tiny-en") == ("moonshine", "tiny-en")
    with pytest.raises(UnknownNameError, match=r"no Moonshine model called 'base\.en'"):
        settled(notes, "auto", "base.en")
    assert notes == []


def test_who_comes_first_in_the_order_is_taken(published, notes):
    with registered(Scripted(order=1)):
        assert settled(notes) == ("scripted", "none")
        assert settled(notes, "auto", "base.en") == ("whisper", str(published))
        assert settled(notes, "auto", "none") == ("scripted", "none")
    with registered(Scripted(order=50)):
        assert settled(notes) == ("whisper", str(published))
    with registered(Scripted()):  # no place in the order
        assert settled(notes) == ("whisper", str(published))


def test_who_is_not_available_is_passed_over_in_silence(published, notes, monkeypatch):
    monkeypatch.setattr(Scripted, "available", False)
    with registered(Scripted(order=1)):
        assert settled(notes) == ("whisper", str(published))
        assert settled(notes, "scripted") == ("scripted", "none")
    assert notes == []


def test_the_next_one_that_works_is_taken_and_one_line_says_why(published, folder, notes):
    with registered(Scripted(order=1, broken="The script is lost.")):
        assert settled(notes) == ("whisper", str(published))
        assert notes.pop() == "The script is lost. Meanwhile Whisper is used."
        published.unlink()
        assert settled(notes) == ("moonshine", "tiny-en")
    assert notes == [f"The script is lost. {FALLBACK}"]


def test_where_nothing_works_every_reason_is_given_once(folder, notes, monkeypatch):
    def dumb(*_):
        raise EngineError("Moonshine is gone.")

    monkeypatch.setattr(moonshine.Moonshine, "settle", dumb)
    with (
        registered(Scripted(order=1, broken="Moonshine is gone.")),
        pytest.raises(EngineError, match=r"^Moonshine is gone\. The Whisper .*: unset it\.$"),
    ):
        settled(notes)
    assert notes == []


@pytest.mark.parametrize(
    ("seconds", "had", "have", "minutes"),
    [
        (20.0, 0, 1_000_000, 48),
        (20.0, 0, 20_000_000, None),  # two minutes more
        (5.0, 0, 100_000, None),  # too early to tell
        (20.0, 100_000_000, 100_500_000, 30),  # what an earlier fetch brought is no speed
    ],
)
def test_auto_waits_for_a_fetch_unless_it_is_slow(monkeypatch, seconds, had, have, minutes):
    clock = iter([0.0, 0.0, seconds])
    monkeypatch.setattr(display.time, "monotonic", lambda: next(clock))
    base = checkpoints.checkpoint("base.en")
    shown = []
    watched = display.impatient(lambda _: nullcontext(lambda have, _: shown.append(have)))
    message = rf"base\.en would take {minutes} minutes more: `speechcoach models fetch base\.en`"
    late = pytest.raises(ModelError, match=message) if minutes else nullcontext()
    with watched(base.fetch) as gauge:
        gauge(had, base.size)
        with late:
            gauge(have, base.size)
    assert shown == [had, have]


@pytest.mark.parametrize(
    ("name", "model", "patient"),
    [("auto", None, False), ("auto", "base.en", False), ("whisper", None, True)],
)
def test_only_who_has_an_alternative_is_impatient(folder, monkeypatch, name, model, patient):
    seen = []

    def settle(self, model, display):
        seen.append(display)
        return "here"

    monkeypatch.setattr(engines.load()["whisper"].__class__, "settle", settle)
    engines.settle(name, model, announce=print, display=display.nothing)
    assert [shown is display.nothing for shown in seen] == [patient]


def test_for_an_order_auto_is_patient(monkeypatch):
    seen = []
    monkeypatch.setattr(Scripted, "is_file", lambda *_: True)
    monkeypatch.setattr(Scripted, "settle", lambda _, model, display: seen.append(display) or model)
    with registered(Scripted(order=1)):
        engines.settle("auto", "none", announce=print, display=display.nothing)
    assert seen == [display.nothing]
