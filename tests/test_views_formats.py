"""A format is a file; every format of a report copes with every report."""

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sample_report import view
from views_support import Page, hard

from speechcoach.cli import main
from speechcoach.errors import UnknownNameError
from speechcoach.reports import to_dict
from speechcoach.views import COMPARISON, FORMATS, PROGRESS, ROWS, rows_format
from speechcoach.views.formats import Formats

HARD = hard()


@pytest.fixture
def formats(tmp_path, monkeypatch):
    """Return the formats of a package made for the test: two files, one of them broken."""
    package = tmp_path / "shown_so"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "loud.py").write_text("def render(said):\n    return said.upper()\n")
    (package / "broken.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Formats("shown_so", "way to speak")
    for name in [name for name in sys.modules if name.startswith("shown_so")]:
        del sys.modules[name]


def test_a_file_is_a_format(formats):
    assert list(formats) == ["broken", "loud"]
    assert len(formats) == 2
    assert formats["loud"]("hear me") == "HEAR ME"


def test_a_format_is_imported_when_it_is_used_and_not_before(formats):
    assert "broken" in formats
    with pytest.raises(RuntimeError, match="imported"):
        formats["broken"]


def test_an_unknown_format_is_named_with_its_neighbours(formats):
    with pytest.raises(UnknownNameError, match="no way to speak called 'lod': did you mean loud"):
        formats["lod"]
    assert "lod" not in formats


def test_what_there_is():
    """A format that is added or lost is a decision; it is written down here and in the README."""
    assert set(FORMATS) == {"text", "md", "html", "json"}
    assert set(PROGRESS) == {"text", "html", "json"}
    assert set(COMPARISON) == {"text", "json"}
    assert set(ROWS) == {"csv", "jsonl"}


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        ("analyze", FORMATS),
        ("history show", FORMATS),
        ("progress", PROGRESS),
        ("compare", COMPARISON),
    ],
)
def test_the_option_says_which_formats_there_are(command, formats):
    told = CliRunner().invoke(main, [*command.split(), "--help"]).stdout
    shown = re.search(r"--format ([\w|]+)", told).group(1)
    assert shown.split("|") == list(formats)


@pytest.mark.parametrize("command", ["analyze x.txt", "compare 1 2", "progress", "history show 1"])
def test_a_wrong_format_is_named_before_any_work(command):
    run = CliRunner().invoke(main, [*command.split(), "--format", "jsn"])
    assert run.exit_code == 1
    assert "format called 'jsn': did you mean json?" in run.stderr


def test_options_cost_no_import():
    code = (
        "import sys\n"
        "from speechcoach.cli import analyze, compare, history, progress\n"
        "heavy = {'rich', 'jinja2', 'msgspec', 'matplotlib', 'numpy', 'sqlite3'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["take.csv", "take.CSV", "folder.jsonl/take.csv"])
def test_the_ending_of_a_file_tells_the_format_of_its_rows(tmp_path, name):
    assert rows_format(tmp_path / name) is ROWS["csv"]


def test_an_ending_without_a_format_is_named(tmp_path):
    with pytest.raises(UnknownNameError, match="no output file ending called 'xls'"):
        rows_format(tmp_path / "out.xls")


# The contract: what every format of a report does


def shown(format_: str, made, question, **options) -> str:
    return FORMATS[format_](view(made, question, **options))


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("kind", HARD)
@pytest.mark.parametrize("explain", [False, True], ids=["", "explained"])
def test_every_report_can_be_shown_in_every_format(format_, kind, explain):
    made, question = HARD[kind]
    text = shown(format_, made, question, explain=explain)
    assert text.strip()
    if format_ == "json":
        assert json.loads(text) == to_dict(made)
        return
    read = Page(text).text if format_ == "html" else text
    assert not re.search(r"\b(None|nan|inf|undefined)\b", read)
    assert text.endswith("\n")
    assert not re.search(r"[^\S\n]$", text.rstrip("\n"), re.M) or format_ == "html"
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "json"])
@pytest.mark.parametrize("kind", [kind for kind in HARD if kind != "hostile"])
def test_every_format_tells_the_file_the_warnings_and_the_words(format_, kind):
    made, question = HARD[kind]
    text = shown(format_, made, question)
    read = re.sub(r"\s+", " ", Page(text).text if format_ == "html" else text.replace("\\", ""))
    assert made.recording.name in read
    for warning in made.warnings:
        assert warning in read
    plain = re.sub(r"[*\[\]+]", "", read)
    assert re.sub(r"[*]", "", made.transcript.text) in plain
    assert ("of 100" in read) == (made.scores.get("overall") is not None)


@pytest.mark.parametrize("kind", HARD)
def test_every_format_has_the_same_headings_in_the_same_order(kind):
    made, question = HARD[kind]
    text = shown("text", made, question, explain=True)
    markdown = re.findall(r"^## (.*)$", shown("md", made, question, explain=True), re.M)
    page = Page(shown("html", made, question, explain=True)).headings
    assert markdown == [heading for heading in page if heading != "Scores"]
    blocks = re.findall(r"\n\n(\S.*)\n  ", text)
    assert [line for line in blocks if line in markdown] == markdown
