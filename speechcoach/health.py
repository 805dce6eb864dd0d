"""What works on this machine, and for what doesn't, the next step."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator

from speechcoach import paths
from speechcoach.checkup import Check, library, version
from speechcoach.paths import shown


def checks() -> Iterator[Check]:
    """Look at everything, in the order in which an answer needs it."""
    from speechcoach import engines

    yield _python()
    yield library("ffmpeg libraries", "av", _ffmpeg)
    yield from engines.checkup()
    yield library("alignment", "pocketsphinx", _aligner)
    yield _microphone()
    yield _data_folder()
    yield _history()


def _python() -> Check:
    fine = sys.version_info >= (3, 11)
    return Check(
        "Python", fine, platform.python_version(), "" if fine else "Install Python 3.11 or newer."
    )


def _ffmpeg() -> str:
    import av

    numbers = av.library_versions["libavcodec"]
    return f"libavcodec {'.'.join(map(str, numbers))}, in the av package"


def _aligner() -> str:
    return f"PocketSphinx {version('pocketsphinx')}"


def _microphone() -> Check:
    try:
        import sounddevice

        device = sounddevice.query_devices(kind="input")
        return Check("microphone", True, f"{device['name']}", optional=True)
    except OSError:
        step = "Install PortAudio (Debian and Ubuntu: apt install libportaudio2)."
        return Check("microphone", False, "PortAudio is missing", step, optional=True)
    except Exception as error:  # noqa: BLE001 - PortAudio's errors have no common root but this
        step = "Plug in a microphone or allow this terminal to use it; files can be analysed."
        return Check("microphone", False, f"none found ({error})", step, optional=True)


def _data_folder() -> Check:
    folder = paths.data_dir()
    parent = next((p for p in (folder, *folder.parents) if p.exists()), folder)
    if os.access(parent, os.W_OK | os.X_OK):
        return Check("data folder", True, shown(folder))
    step = "Make it writable, or set SPEECHCOACH_HOME to a folder of yours."
    return Check("data folder", False, f"{shown(folder)} cannot be written", step)


def _history() -> Check:
    from speechcoach.errors import HistoryError
    from speechcoach.history.store import History

    try:
        with History.read() as history:
            count = len(history.takes())
    except HistoryError as error:
        return Check("history", False, "cannot be read", str(error))
    return Check("history", True, "1 take" if count == 1 else f"{count} takes")
