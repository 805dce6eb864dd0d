"""A recogniser is one file: put beside the others, every command knows it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from engines_support import CHECKLIST

import speechcoach

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of speechcoach with one file more."""
    root = tmp_path_factory.mktemp("grown")
    package = root / "speechcoach"
    shutil.copytree(
        Path(speechcoach.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(TESTS / "parrot.py", package / "engines")
    return root


@pytest.fixture
def run(package, tmp_path):
    """Runs a command of that copy, in a folder with one recording."""
    takes = tmp_path / "takes"
    takes.mkdir()
    shutil.copy(CHECKLIST.path, takes / "conflict.flac")

    def command(*arguments, code=0):
        command = [sys.executable, "-m", "speechcoach", *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(package)}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done

    return command


def lines_of(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_help_names_it_in_its_place_and_its_models(run):
    for command in ("analyze", "batch", "record", "practice"):
        words = " ".join(run(command, "--help").stdout.split())
        assert "--engine auto|parrot|whisper|moonshine " in words
        assert "auto: a parrot that is always there, else Whisper if" in words
        assert "parrot: polly, or the path of a text file; whisper:" in words


def test_the_doctor_looks_at_it(run):
    assert "no  parrot: polly\n    Teach polly.\n" in run("doctor").stdout


def test_analyze_takes_it_by_name_and_checks_its_models(run):
    done = run("analyze", "takes/conflict.flac", "--no-save", "--format", "json")  # auto
    report = json.loads(done.stdout)
    assert done.stderr == "Fetching the parrot polly (2 MB), once.\n"
    assert report["engine"]["name"] == "parrot"
    assert report["engine"]["model"] == "polly"
    assert "called the surgeon" in report["transcript"]["text"]
    refused = run("analyze", "takes/conflict.flac", "--engine", "parrot", "--model", "poly", code=1)
    assert "no parrot model called 'poly': did you mean polly?" in refused.stderr


def test_batch_takes_it_in_its_processes_and_tells_two_models_of_one_name_apart(run, tmp_path):
    texts = {"a": "We called the surgeon.", "b": "We changed the checklist."}
    for folder, text in texts.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.txt").write_text(text)
    for folder in (*texts, "a"):
        made = ["--engine", "parrot", "--model", f"{folder}/own.txt", "--out", f"{folder}.jsonl"]
        last = run("batch", "takes", "--jobs", "1", *made)
    assert "1 from the history" in last.stdout
    for folder, text in texts.items():
        (report,) = lines_of(tmp_path / f"{folder}.jsonl")
        assert report["engine"]["model"] == "own"
        assert report["engine"]["digest"] == hashlib.sha256(text.encode()).hexdigest()
        assert report["transcript"]["text"] == text
