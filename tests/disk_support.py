"""Disks that are full and folders that cannot be written, also for whoever may do everything."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path


def _mounted(*arguments: object) -> bool:
    command = ["mount", *map(str, arguments)]
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def can_mount(folder: Path = Path("/mnt")) -> bool:
    """Tell whether a disk of our own can be had here."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    if there := _mounted("-t", "tmpfs", "-o", "size=16k", "tmpfs", folder):
        _unmount(folder)
    return there


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Lay a disk of that size ("1m") under an empty folder."""
    folder.mkdir(exist_ok=True)
    assert _mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield folder
    finally:
        _unmount(folder)


def fill(folder: Path) -> None:
    """Leave not a byte of the disk under `folder`."""
    with (folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (65536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size):
                    pass


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nothing in a folder be written."""
    if os.geteuid() == 0:
        assert _mounted("--bind", folder, folder)
        assert _mounted("-o", "remount,ro,bind", folder)
        try:
            yield
        finally:
            _unmount(folder)
        return
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    try:
        for path in reversed(paths):
            path.chmod(0o500 if path.is_dir() else 0o400)
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])
