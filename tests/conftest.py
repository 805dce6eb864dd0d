"""Every test runs offline in a home of its own; in CI a skipped test is a failed one."""

import os
import signal
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test away from the user's history, caches and terminal."""
    home = tmp_path / "speechcoach-home"
    monkeypatch.setenv("SPEECHCOACH_HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SPEECHCOACH_OFFLINE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    return home


@pytest.fixture
def in_time():
    """Fail a test that waits for ever, where that can be done."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_):
        raise TimeoutError("nothing comes any more")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(240)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def needs_portaudio() -> None:
    """Skip, and say why, where the library that reads microphones is missing."""
    from speechcoach.errors import AudioError
    from speechcoach.recorder.portaudio import portaudio

    try:
        portaudio()
    except AudioError as error:
        pytest.skip(str(error))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
    return report


@pytest.fixture
def written_answer():
    """Return a written answer, ready to be measured: words without times, no sound."""
    from speechcoach.data import Answer, Recording, Sentence, Transcript, Word

    words = tuple(Word(text) for text in "So I called the ward at once .".split())
    text = " ".join(word.text for word in words)
    transcript = Transcript(text, words, (Sentence((0, len(words)), None, None, text),))
    recording = Recording("/answer.txt", "answer.txt", "0" * 64, None, None, None, "text")
    return Answer(recording, None, None, transcript, (), (), (), None)


@pytest.fixture(scope="session")
def mini(tmp_path_factory) -> Path:
    """Return the miniature Whisper's checkpoint."""
    from mini_whisper import checkpoint

    return checkpoint(tmp_path_factory.mktemp("mini"))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return an empty folder, the only one for checkpoints."""
    from speechcoach import paths

    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setattr(paths, "model_dirs", lambda: (folder,))
    return folder


@pytest.fixture
def notes() -> list[str]:
    """Return an empty list for what is announced."""
    return []
