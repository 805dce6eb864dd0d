"""A pseudo-terminal that runs one command and tells how it went."""

import os
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="a pseudo-terminal needs a POSIX system")

SPEECHCOACH = [sys.executable, "-m", "speechcoach"]
SHELL = 'trap : INT; stty -g; "$@"; echo "exit $?"; stty -g'
MODES = r"([0-9a-f:]{20,})\r\n"


def surroundings_of(microphone):
    """Return the environment of a program that hears `microphone`."""
    ours = {k: v for k, v in os.environ.items() if k.startswith(("SPEECHCOACH_", "XDG_CACHE"))}
    theirs = {k: v for k, v in microphone.environment.items() if k != "COLUMNS"}
    return {**theirs, **ours, "TERM": "xterm"}


class Terminal:
    """A shell in a pseudo-terminal that runs ``speechcoach`` with some arguments."""

    def __init__(self, environment, folder, *arguments, columns=110, patience=60):
        self.child = pexpect.spawn(
            "/bin/sh",
            ["-c", SHELL, "sh", *SPEECHCOACH, *arguments],
            env=environment,
            cwd=str(folder),
            dimensions=(24, columns),
            encoding="utf-8",
            timeout=patience,
        )
        self.child.expect(MODES)
        self.modes = self.child.match[1]

    def sees(self, pattern):
        self.child.expect(pattern)
        return self.child.match

    def press(self, keys):
        self.child.send(keys)

    def signal(self, number):
        """Send a signal to the command itself."""
        shell = self.child.pid
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text("ascii")
        os.kill(int(children.split()[0]), number)

    def ends(self, code=0):
        """Wait for the end, with the terminal as it was; return what was shown last."""
        self.child.expect(r"exit (\d+)\r\n")
        shown = self.child.before
        assert int(self.child.match[1]) == code, shown
        self.child.expect(MODES)
        assert self.child.match[1] == self.modes
        self.child.close()
        return shown
