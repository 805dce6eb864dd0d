"""What works on this machine, and for what doesn't, the next step."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass

from speechcoach import paths


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `optional` ones cost comfort, not the product."""

    name: str
    works: bool
    detail: str
    next_step: str = ""
    optional: bool = False


def checks() -> list[Check]:
    """Look at everything, in the order in which an answer needs it."""
    return [
        _python(),
        _library("ffmpeg libraries", "av", _ffmpeg),
        _library("embedded recogniser", "moonshine_voice", _moonshine),
        _library("Whisper", "whisper", _whisper),
        _checkpoint(),
        _library("alignment", "pocketsphinx", lambda: f"PocketSphinx {_version('pocketsphinx')}"),
        _microphone(),
        _data_folder(),
    ]


def _python() -> Check:
    fine = sys.version_info >= (3, 11)
    return Check(
        "Python", fine, platform.python_version(), "" if fine else "Install Python 3.11 or newer."
    )


def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)


def _ffmpeg() -> str:
    import av

    version = av.library_versions["libavcodec"]
    return f"libavcodec {'.'.join(map(str, version))}, in the av package"


def _moonshine() -> str:
    return f"moonshine-voice {_version('moonshine-voice')}, its model included"


def _whisper() -> str:
    return f"openai-whisper {_version('openai-whisper')}, torch {_version('torch')}"


def _library(name: str, module: str, describe: Callable[[], str]) -> Check:
    try:
        importlib.import_module(module)
        return Check(name, True, describe())
    except (ImportError, OSError, importlib.metadata.PackageNotFoundError) as error:
        step = "Install speechcoach again: pip install --force-reinstall speechcoach"
        return Check(name, False, f"cannot be loaded ({error})", step)


def _checkpoint() -> Check:
    from speechcoach.engines import checkpoints

    present = checkpoints.present()
    if present:
        return Check("Whisper checkpoints", True, ", ".join(present))
    best = checkpoints.checkpoint(checkpoints.DEFAULT)
    step = f"For better text: `speechcoach models fetch {best.name}` ({best.megabytes}, once)."
    return Check("Whisper checkpoints", False, "none", step, optional=True)


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
        return Check("data folder", True, str(folder))
    step = "Make it writable, or set SPEECHCOACH_HOME to a folder of yours."
    return Check("data folder", False, f"{folder} cannot be written", step)
