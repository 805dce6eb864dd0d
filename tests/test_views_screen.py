"""Text that does nothing but be read, laid out for some width."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from speechcoach.harmless import harmless, harmless_line
from speechcoach.terminal.screen import screen
from speechcoach.views.columns import columns
from speechcoach.views.screen import WHOLE, Screen, laid_out


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("red\x1b[31m", "red[31m"),
        ("csi\x9b2J", "csi2J"),
        ("bell\x07 back\x08 carriage\r nul\x00 tab\tdel\x7f", "bell back carriage nul tabdel"),
        ("gpj\u202egnp.exe", "gpjgnp.exe"),
        ("isolated\u2066x\u2069", "isolatedx"),
        ("half\ud83da pair", "half?a pair"),
        ("über naïve 日本 🙂", "über naïve 日本 🙂"),
        ("two\nlines", "two\nlines"),
        ("para\u2029graph", "para\ngraph"),
    ],
)
def test_what_steers_is_left_out_and_what_is_read_stays(text, left):
    assert harmless(text) == left


def test_one_line_is_one_line():
    assert harmless_line("a\nb\r\nc\u2028d") == "a b c d"


@given(st.text())
def test_what_is_harmless_can_be_written_and_stays_so(text):
    once = harmless(text)
    assert once.encode().decode() == once == harmless(once)
    assert all(c == "\n" or ord(c) >= 32 for c in once)


def test_strings_are_no_markup():
    table = Table(box=None)
    table.add_column(":smile: [b]head[/b]")
    table.add_row("[red]cell[/red] :bomb:")
    shown = laid_out(["[b]bold[/b] :x:", table], Screen(colour=False))
    assert shown.splitlines()[0] == "[b]bold[/b] :x:"
    assert ":smile: [b]head[/b]" in shown
    assert "[red]cell[/red] :bomb:" in shown


def test_what_would_steer_the_terminal_goes_wherever_it_stands():
    assert laid_out([Text("a\x1b[2Jb\x9bc\u202ed")], Screen()) == "a[2Jbcd\n"


def test_colours_are_ours_alone():
    shown = laid_out([Text("a\x1b[31mb", style="green")], Screen(colour=True))
    assert shown == "\x1b[32ma[31mb\x1b[0m\n"


def test_lines_are_folded_at_the_width_and_end_without_blanks():
    shown = laid_out([Text("one two three   "), "", Text("x")], Screen(8))
    assert shown == "one two\nthree\n\nx\n"


def test_in_a_pipe_no_line_is_folded():
    assert laid_out([Text("word " * 1000)], Screen(WHOLE)).count("\n") == 1


# Columns


def test_cells_stand_under_each_other_left_or_right():
    rows = [("a", "1", "x"), ("long", "100", ""), ("", "20", "y z")]
    assert list(columns(rows, right={1})) == ["a       1  x", "long  100", "       20  y z"]


def test_wide_letters_take_two_columns():
    assert list(columns([("日本", "x"), ("ab", "y")])) == ["日本  x", "ab    y"]


def test_a_cell_cannot_break_its_line():
    assert list(columns([("a\nb\x1b[2J\u202e", "x"), ("c", "y")])) == ["a b[2J  x", "c       y"]


def test_no_rows_are_no_lines():
    assert list(columns([])) == []


# What a stream shows


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_its_columns_within_bounds(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert screen(Terminal(), narrowest=40, widest=100).width == 100
    assert screen(Terminal()).width == 200
    monkeypatch.setenv("COLUMNS", "20")
    assert screen(Terminal(), narrowest=40, widest=100).width == 40


def test_a_pipe_is_as_wide_as_is_asked_for():
    assert screen(io.StringIO(), widest=100, piped=WHOLE) == Screen(WHOLE)
    assert screen(Terminal(), widest=70, piped=WHOLE).width == 70
    assert screen(io.StringIO()).width == 80


def test_colours_are_for_terminals_and_not_for_files(monkeypatch):
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert screen(Terminal()).colour
    assert not screen(Terminal(), plain=True).colour
    assert not screen(io.StringIO()).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not screen(Terminal()).colour
