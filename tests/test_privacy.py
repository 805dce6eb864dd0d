"""Nothing leaves the machine, and ``--no-save`` leaves no trace on it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "sample_audio" / "pressure-too-short.flac"


@pytest.mark.engine
def test_an_unsaved_analysis_writes_nothing_to_the_home(tmp_path):
    """onnxruntime, unless told not to, makes a device id and a store of events to report."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ORT_"))}
    arguments = ["analyze", str(SAMPLE), "--engine", "moonshine", "--no-save"]
    done = subprocess.run(
        [sys.executable, "-m", "speechcoach", *arguments],
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "Transcript" in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
