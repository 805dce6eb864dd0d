"""What a look at one part of this machine finds; `speechcoach.health` gathers them all."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `optional` ones cost comfort, not the product."""

    name: str
    works: bool
    detail: str
    next_step: str = ""
    optional: bool = False


def library(name: str, module: str, describe: Callable[[], str], install: str = "") -> Check:
    """Import `module` and return whether that works; `describe` tells its version.

    Parameters
    ----------
    name : str
        What the check is called.
    module, describe
        Heavy libraries are loaded here: whoever asks for a check wants to know whether they load.
    install : str
        The next step where it does not; else to install speechcoach again.
    """
    try:
        importlib.import_module(module)
        return Check(name, True, describe())
    except (ImportError, OSError) as error:
        step = install or "Install speechcoach again: pip install --force-reinstall speechcoach"
        return Check(name, False, f"cannot be loaded ({error})", step)


def version(distribution: str) -> str:
    """Return the version of an installed distribution.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    from importlib import metadata

    return metadata.version(distribution)
