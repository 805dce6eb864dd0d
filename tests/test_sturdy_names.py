"""Whatever a file, a question or a device is called: it steers nothing, and stops nothing.

A new way to be called is a new row here.
"""

import ast
import csv
import dataclasses
import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sample_report import report

import speechcoach
from speechcoach.cli import main
from speechcoach.data import EngineInfo, Word
from speechcoach.harmless import escaped, harmless, harmless_but_for_colours
from speechcoach.history.store import History
from speechcoach.strict_json import encode

STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no output may hold: controls but for the line break, turned directions, half letters."""

NAMES = {
    "plain": "answer",
    "escape sequence": "\x1b]0;owned\x07\x1b[2J\x1b[31m",
    "C1 controls": "\x9b31m\x9d0;owned\x9c\x85x",
    "turned around": "\u202etxt.exe\u202c \u2066x\u2069",
    "line break": "two\nError: all is lost",
    "carriage return": "two\rover",
    "paragraph": "two\u2028three\u2029four",
    "tab and delete": "tab\tdel\x7fback\x08",
    "formula": "=HYPERLINK(A1)",
    "sum": "@SUM(A1)",
    "plus": "+1+1",
    "minus": "-1+1",
    "wide formula": "＝1+1",
    "hidden formula": "\t=1+1",
    "an option": "--help",
    "markup": "[red]x :bomb: {{7*7}} <b>&amp; `*_#|",
    "format": "%s %(x)s {0} {}",
    "quotes": "\"'`;,\\",
    "blanks": "  a  b. ",
    "signs of many scripts": "é ü 日本 🙂\u200d🙂 \u200b x",
    "long": "x" * 180,
    "what stands for bytes": r"caf\xe9",
}
if sys.platform == "linux":  # other systems refuse such names
    NAMES |= {
        "Latin-1": os.fsdecode(b"caf\xe9"),
        "bytes": os.fsdecode(b"\xff\xfe\x80\xed\xa0\x80"),
    }


def invoke(*arguments: object):
    return CliRunner().invoke(main, list(map(str, arguments)))


def sound(ran, *codes: int) -> None:
    """Assert that a run ended as it may, and that nothing it printed steers anything."""
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    assert ran.exit_code in codes, ran.output
    assert not STEERS.search(ran.stdout), ran.stdout
    assert not STEERS.search(ran.stderr), ran.stderr


def checked(path: Path) -> str:
    """Return what a file holds, after a look at it."""
    text = path.read_text("utf-8")
    assert not STEERS.search(text)
    return text


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request):
    return request.param


@pytest.fixture
def takes(tmp_path, name):
    """Return a folder with an answer of that name, and another one that cannot be read."""
    folder = tmp_path / "takes"
    folder.mkdir()
    (folder / f"{name}.txt").write_text("So I called the ward.\n")
    (folder / f"{name} bad.txt").write_bytes(b"\xff\xfe\x00")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses most of these names")
def test_a_file_may_be_called_anything(takes, name, tmp_path, monkeypatch):
    monkeypatch.chdir(takes)
    good, bad = f"./{name}.txt", f"./{name} bad.txt"
    for form in ("text", "json", "md", "html"):
        sound(invoke("analyze", good, "--format", form), 0)
        sound(invoke("analyze", good, "--format", form, "-o", tmp_path / f"out.{form}"), 0)
        checked(tmp_path / f"out.{form}")
    sound(invoke("analyze", bad, "-o", "x.txt"), 1)
    sound(invoke("analyze", good, "-o", f"./{name} made.txt"), 0)
    sound(invoke("analyze", good, "-o", bad), 1)
    sound(invoke("analyze", good, "--transcript", bad), 1)
    sound(invoke("history"), 0)
    sound(invoke("history", "show", 1), 0)
    sound(invoke("compare", good, 1), 0)
    sound(invoke("compare", bad, good), 1)
    sound(invoke("batch", f"./{name}"), 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses most of these names")
def test_a_batch_of_such_names_loses_no_row(takes, tmp_path):
    for form in ("csv", "jsonl"):
        sound(invoke("batch", takes, "--jobs", 1, "--out", tmp_path / f"out.{form}"), 3)
        sound(invoke("history", "export", tmp_path / f"all.{form}"), 0)
    rows = list(csv.DictReader(io.StringIO(checked(tmp_path / "out.csv"))))
    assert [bool(row["error"]) for row in rows] == [True, False]
    lines = checked(tmp_path / "out.jsonl").splitlines()
    assert ["error" in json.loads(line) for line in lines] == [True, False]
    assert len(checked(tmp_path / "all.csv").splitlines()) == 2
    assert len(checked(tmp_path / "all.jsonl").splitlines()) == 1


def called(name: str):
    """Return a report in which everything that has a name is called so."""
    text = name.encode("utf-8", "replace").decode()
    made = report()
    return dataclasses.replace(
        made,
        recording=dataclasses.replace(made.recording, path=None, name=text),
        question=text,
        engine=EngineInfo(text, text, text),
        transcript=dataclasses.replace(
            made.transcript,
            text=text,
            words=(Word(text, 0.0, 0.4, 0.9), *made.transcript.words[1:]),
            sentences=tuple(dataclasses.replace(s, text=text) for s in made.transcript.sentences),
        ),
        fillers=tuple(dataclasses.replace(f, text=text) for f in made.fillers),
        measurements={**made.measurements, text: made.measurements["speech_rate"]},
        warnings=(text,),
        rules=text,
    )


def test_a_report_may_say_anything(name, tmp_path):
    with History.open() as history:
        history.add(called(name))
        history.add(dataclasses.replace(report(), rules="other"))
    for line in (
        "history",
        "history show 1",
        "history show 1 --format json",
        "history show 1 --format md",
        "history show 1 --format html",
        "compare 1 2",
        "compare 1 2 --format json",
        "history rescore",
        "progress",
        "progress --format json",
        "next",
    ):
        sound(invoke(*line.split()), 0)
    (tmp_path / "one.json").write_text(invoke("history", "show", 1, "--format", "json").stdout)
    sound(invoke("compare", tmp_path / "one.json", 1), 0)
    sound(invoke("history", "export", tmp_path / "all.csv"), 0)
    (row, _) = csv.DictReader(io.StringIO(checked(tmp_path / "all.csv")))
    assert float(row["speech_rate"]) == 210.0
    assert [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r＝"] == []


def test_a_question_may_be_worded_in_any_way(name, tmp_path):
    text = encode(name.encode("utf-8", "replace").decode())
    bank = tmp_path / "bank.toml"
    bank.write_text(
        f'[[question]]\nid = "own"\ncategory = {text}\ntext = {text}\nkind = "open"\n'
        f"seconds = [60, 90]\ntips = [{text}]\n[question.elements]\nx = {text}\n",
        "utf-8",
    )
    for line in ("questions", "questions show own", "questions show own --examples", "next",
                 "next --count 99"):  # fmt: skip
        sound(invoke(*line.split(), "--bank", bank), 0)


def test_what_is_asked_for_in_vain_is_named_without_harm(name):
    for line in ("questions show", "history --question", "progress --metric", "models path",
                 "models fetch", "analyze x.txt --engine", "analyze x.txt --question",
                 "analyze x.txt --model", "progress --guide", "questions --bank", "nonsense",
                 "analyze x.txt --fillers", "questions --category", "batch"):  # fmt: skip
        sound(invoke(*line.split()[:-1], line.split()[-1], name), 0, 1, 2)
    sound(invoke(name), 0, 2)
    sound(invoke("analyze", f"--{name}"), 2)


# The one door


def test_json_loses_nothing_of_what_it_spells():
    text = "a\x1b\x7f\x9b\u2028\u202eb\u2066é日🙂"
    assert json.loads(encode({text: [text]})) == {text: [text]}
    assert not STEERS.search(encode(text))
    assert "é日🙂" in encode(text)
    assert json.loads(escaped('"\ud800"')) == "\ud800"


def test_colours_of_ours_stay_and_everything_else_goes():
    assert harmless_but_for_colours("\x1b[1;31mred\x1b[0m \x1b[2J\x9bx\n") == (
        "\x1b[1;31mred\x1b[0m [2Jx\n"
    )
    assert harmless("\x1b[31mred") == "[31mred"


def printing(tree):
    """Yield the calls that print beside the functions that are meant for it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("print", "click.echo", "click.secho", "sys.stdout.write",
                          "sys.stderr.write"):  # fmt: skip
                yield called


ROOT = Path(speechcoach.__file__).parent
DOOR = ROOT / "cli" / "showing.py"


@pytest.mark.parametrize("file", sorted(ROOT.rglob("*.py")), ids=lambda file: file.name)
def test_commands_print_through_one_door(file):
    found = list(printing(ast.parse(file.read_text("utf-8"))))
    assert bool(found) == (file == DOOR) or (file == ROOT / "cli" / "__init__.py"), found
