"""The built wheel, installed into an environment of its own, outside the checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_audio" / "pressure-too-short.flac"


def run(*command, **more):
    """Run a command as it runs for a user, whom no path leads to this checkout."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=plain, **more)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of what is here; built with what is installed, since tests have no network."""
    sources = tmp_path_factory.mktemp("sources")
    for name in ("speechcoach", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, sources / name)
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    made = run(sys.executable, "-c", build, str(folder), cwd=sources).stdout.split()[-1]
    return folder / made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A fresh environment with the wheel, and for the rest what this one has."""
    home = tmp_path_factory.mktemp("installed") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", str(home))
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(str(python), "-c", where).stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # A path file is not read a second time below the folder that it names: the checkout, which
    # the development environment reaches by such a file, stays out.
    (packages / "rest.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def test_the_wheel_holds_all_that_is_read_at_run_time(wheel):
    package = ROOT / "speechcoach"
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        assert wanted <= set(archive.namelist())


@pytest.mark.engine
def test_an_installed_wheel_analyses_a_sample(installed, tmp_path):
    code = "import speechcoach; print(speechcoach.__file__)"
    place = run(str(installed), "-c", code, cwd=tmp_path).stdout.strip()
    assert not Path(place).is_relative_to(ROOT)
    shutil.copy(SAMPLE, tmp_path / "pressure-1.flac")
    command = ("analyze", "pressure-1.flac", "--engine", "moonshine", "--format", "json")
    report = json.loads(run(str(installed), "-m", "speechcoach", *command, cwd=tmp_path).stdout)
    assert report["question"] == "pressure"
    assert len(report["transcript"]["words"]) > 30
    assert report["scores"]["overall"] is not None
