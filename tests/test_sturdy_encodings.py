"""Whatever the system's code page: files and pipes are UTF-8, and a terminal gets what it can show.

A new code page, or a new way to ask for one, is a new row here.
"""

import io
import json
import os
import subprocess
import sys

import pytest
from batch_support import write_answers
from sample_report import report

from speechcoach.errors import OutputError
from speechcoach.history.store import History
from speechcoach.terminal import streams

PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
SYSTEMS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "cp850": {"PYTHONIOENCODING": "cp850"},
    "cp932": {"PYTHONIOENCODING": "cp932"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "strict": {"PYTHONIOENCODING": "ascii:strict"},
    "utf-16": {"PYTHONIOENCODING": "utf-16"},
    "the C locale": PLAIN,
    "POSIX": {**PLAIN, "LC_ALL": "POSIX"},
}
WORDS = "So I called the ward – “at once”, naïve as I was… ▁▂▃ → 日本 🙂\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "first.txt").write_text(WORDS, "utf-8")
    (tmp_path / "second.txt").write_text(f"Then {WORDS}", "utf-8")
    write_answers(tmp_path / "takes", 1)
    with History.open() as history:
        for number in range(8):
            history.add(report(rules=str(number)))
    return tmp_path


def run(system: str, line: str, **options):
    command = [sys.executable, "-m", "speechcoach", *line.split()]
    environment = {**os.environ, **SYSTEMS[system]}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, **options)


LINES = ("analyze first.txt second.txt", "progress", "history", "questions show conflict")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_pipe_is_utf8(here, system):
    for line in LINES:
        ran = run(system, line, capture_output=True)
        assert ran.returncode == 0, (line, ran.stderr)
        text = ran.stdout.decode("utf-8")
        assert (WORDS.split()[-2] in text) == line.startswith("analyze"), line
        assert ran.stderr.decode("utf-8").count("Traceback") == 0
    assert text  # nothing went lost on the way


@pytest.mark.parametrize("system", ["cp1252", "the C locale"])
def test_files_and_json_are_utf8(here, system):
    ran = run(system, "analyze first.txt second.txt --format json", capture_output=True)
    first, second = map(json.loads, ran.stdout.decode("utf-8").splitlines())
    assert first["transcript"]["text"] == WORDS.strip()
    assert second["transcript"]["text"].startswith("Then")
    for name in ("out.json", "out.md", "out.html", "out.txt"):
        form = name.partition(".")[2].replace("txt", "text")
        ran = run(system, f"analyze first.txt --format {form} -o {name}", capture_output=True)
        assert ran.returncode == 0, ran.stderr
        text = (here / name).read_text("utf-8")
        assert "日本" in text
        assert "🙂" in text
    run(system, "batch takes --jobs 1 --out out.csv", capture_output=True, check=True)
    (here / "out.csv").read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_what_is_said_of_names_is_utf8_in_any_locale(here):
    (here / "é.txt").write_bytes(b"")
    ran = run("the C locale", "batch . --jobs 1 --out out.jsonl", capture_output=True)
    assert ran.returncode == 3
    assert "é.txt is empty" in ran.stderr.decode("utf-8")
    lines = (here / "out.jsonl").read_text("utf-8").splitlines()
    assert str(here / "é.txt") in [json.loads(line)["recording"]["path"] for line in lines]


if sys.platform != "win32":
    import pexpect

    @pytest.mark.parametrize(
        ("system", "shown"),
        [
            ("cp1252", "ward – “at once”, naïve as I was… 123 -> ?? ?"),
            ("cp850", "ward - \"at once\", naïve as I was... 123 -> ?? ?"),
            ("cp932", "ward - “at once”, naive as I was… 123 → 日本 ?"),
            ("ascii", "ward - \"at once\", naive as I was... 123 -> ?? ?"),
        ],
    )  # fmt: skip
    def test_a_terminal_gets_stand_ins_for_what_it_cannot_show(here, system, shown):
        environment = {**os.environ, **SYSTEMS[system], "COLUMNS": "100", "TERM": "dumb"}
        arguments = ["-m", "speechcoach", "analyze", "first.txt", "second.txt"]
        child = pexpect.spawn(
            sys.executable, arguments, env=environment, encoding=system, codec_errors="replace",
            timeout=120, dimensions=(50, 100),
        )  # fmt: skip
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0, child.before
        text = " ".join(child.before.split())
        assert text.count(shown) == 2
        assert "Traceback" not in text

    @pytest.mark.parametrize("line", ["progress", "history", "questions show conflict"])
    def test_a_terminal_with_nothing_but_ascii_shows_everything(here, line):
        environment = {**os.environ, **SYSTEMS["ascii"], "TERM": "dumb"}
        child = pexpect.spawn(
            sys.executable, ["-m", "speechcoach", *line.split()], env=environment, timeout=120,
            encoding="ascii", dimensions=(50, 100),
        )  # fmt: skip
        child.expect(pexpect.EOF)  # what is no ASCII would be an error of ours
        child.close()
        assert child.exitstatus == 0, child.before


# The streams themselves


@pytest.mark.parametrize(
    ("terminal", "text", "expected"),
    [
        (True, "– é 日 \ud83d", b"- e ? ?"),
        (False, "– é 日", "– é 日".encode()),
        (False, "caf\udce9 \ud83d", rb"caf" + b"\xe9 " + rb"\ud83d"),
    ],
)
def test_every_sign_comes_out_in_some_way(monkeypatch, terminal, text, expected):
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return terminal

    out = io.BytesIO()
    stream = Terminal(out, "ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    streams.prepare()
    streams.prepare()  # again: nothing changes
    sys.stdout.write(text)
    sys.stdout.flush()
    assert out.getvalue() == expected


def test_every_stand_in_is_one_on_every_terminal():
    assert all(shown.isascii() and shown for shown in streams.STAND_INS.values())
    assert all(not sign.isascii() and len(sign) == 1 for sign in streams.STAND_INS)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full disk at hand")
def test_a_result_that_does_not_fit_is_an_error_and_a_remark_is_not():
    with open("/dev/full", "wb", buffering=0) as full:
        results = streams._Results(full, "utf-8", line_buffering=True)
        remarks = streams._Remarks(full, "utf-8", line_buffering=True)
        remarks.write("beside\n")
        with pytest.raises(OutputError, match="cannot be printed"):
            results.write("result\n")
        remarks.detach()
