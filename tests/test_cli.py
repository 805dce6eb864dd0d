"""The command line as a whole: start-up, help, names, exit codes."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from speechcoach import __version__
from speechcoach.cli import COMMANDS, main

HEAVY = {"numpy", "torch", "librosa", "whisper", "av", "pocketsphinx", "sqlite3", "sounddevice"}
README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["questions"], ["analyze", "-h"]])
def test_start_up_imports_nothing_heavy(arguments):
    code = (
        "import sys\n"
        "from speechcoach.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stderr.split())


def test_the_installed_command_tells_its_version():
    command = Path(sys.executable).with_name("speechcoach")
    run = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"speechcoach, version {__version__}\n"


def test_the_package_runs_as_a_module():
    command = [sys.executable, "-m", "speechcoach", "--version"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert __version__ in run.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_place_in_the_readme(name):
    command = main.get_command(click.Context(main), name)
    assert command.help
    assert all(p.help for p in command.params if isinstance(p, click.Option))
    assert f"speechcoach {name}" in README.read_text("utf-8")


def test_a_mistyped_command_is_wrong_usage_with_a_suggestion():
    run = CliRunner().invoke(main, ["analyse", "x.wav"])
    assert run.exit_code == 2
    assert "There is no command called 'analyse': did you mean analyze" in run.stderr
    assert run.stdout == ""


def test_a_name_cannot_steer_the_terminal(tmp_path):
    run = CliRunner().invoke(main, ["analyze", "--no-save", str(tmp_path / "a\x1b[31mred.wav")])
    assert "a?[31mred.wav" in run.stderr


def test_a_users_mistake_is_one_sentence_and_exit_code_1(tmp_path):
    run = CliRunner().invoke(main, ["analyze", "--no-save", str(tmp_path / "gone.txt")])
    assert run.exit_code == 1
    assert (
        run.stderr
        == f"Error: There is no file {tmp_path}/gone.txt: check the name and the folder.\n"
    )
    assert run.stdout == ""
