"""A microphone without hardware: a sound server of our own, whose speaker is our microphone.

PulseAudio runs with its own HOME and XDG_RUNTIME_DIR and is stopped by whoever started it. What is
played into its only sink is what programs with `environment` hear; a quiet hiss stands for a room.
PortAudio reads its surroundings once a process, so programs that listen are run as processes.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

PROGRAMS = ("pulseaudio", "pactl", "paplay", "pacat")
HISS = 10_000  # of 65536, cubic: about 54 dB below full scale
ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


class VirtualMicrophone:
    """The running server; use it as a context manager."""

    def __init__(self, *, hiss=True, rate=48_000):
        self.hiss, self.rate = hiss, rate
        self.environment = {}

    def __enter__(self):
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            pytest.skip(f"no virtual microphone without {', '.join(missing)}")
        with contextlib.ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mic-")))
            self.environment = self._surroundings(home)
            self._start(stack)
            if self.hiss:
                stack.enter_context(self._room())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self._stack.close()

    def play(self, path):
        """Begin to play a sound file into the microphone."""
        return _running(["paplay", str(path)], self.environment)

    def unplug(self):
        """Take the microphone away from programs that listen."""
        self._pactl("unload-module", "module-null-sink")

    def _surroundings(self, home):
        (home / ".config" / "pulse").mkdir(parents=True)
        (home / ".config" / "pulse" / "client.conf").write_text("autospawn = no\n")
        (home / ".asoundrc").write_text(ALSA)
        (home / "run").mkdir(mode=0o700)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULSE_", "ALSA_"))}
        return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run")}

    def _start(self, stack):
        sink = f"module-null-sink sink_name=mic rate={self.rate} channels=2"
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"]
        command += ["--disable-shm=yes", "-L", "module-native-protocol-unix", "-L", sink]
        server = stack.enter_context(_running(command, self.environment))
        end = time.monotonic() + 20
        while self._pactl("set-default-source", "mic.monitor", check=False).returncode:
            if server.poll() is not None or time.monotonic() > end:
                pytest.skip("the sound server does not start here")
            time.sleep(0.05)

    @contextlib.contextmanager
    def _room(self):
        """Keep a quiet hiss playing, which also keeps the server's blocks short."""
        form = ["--raw", "--format=s16le", f"--rate={self.rate}", "--channels=1"]
        command = ["pacat", *form, "--latency-msec=30", f"--volume={HISS}", "/dev/urandom"]
        with _running(command, self.environment):
            yield

    def _pactl(self, *arguments, check=True):
        return subprocess.run(
            ["pactl", *arguments], env=self.environment, check=check, capture_output=True
        )


@contextlib.contextmanager
def _running(command, environment):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **quiet) as process:
        try:
            yield process
        finally:
            process.terminate()
