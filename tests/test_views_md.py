"""The report as Markdown, read back by a parser of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sample_report import report, view
from views_support import SPELLED, hostile

from speechcoach.data import Structure, Transcript, Word
from speechcoach.views import FORMATS
from speechcoach.views.report.md import escape

PARSER = MarkdownIt("gfm-like", {"linkify": False})


def parsed(text: str) -> tuple[set[str], str]:
    """Return the kinds of things that a parser finds in a document, and the text that is read."""
    kinds, read = set(), []
    for block in PARSER.parse(text):
        kinds.add(block.type)
        for token in block.children or ():
            kinds.add(token.type)
            read.append(token.content)
        read.append("\n" if block.type == "inline" else "")
    return kinds, "".join(read)


def test_a_report_is_headings_lists_a_table_and_emphasis():
    kinds, read = parsed(FORMATS["md"](view(explain=True)))
    assert {"heading_open", "table_open", "ordered_list_open", "bullet_list_open"} <= kinds
    assert {"strong_open", "em_open"} <= kinds
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "code_inline", "fence"}
    assert "It *was* fine." in read


def test_what_is_hostile_is_only_read():
    made, question = hostile()
    kinds, read = parsed(FORMATS["md"](view(made, question, explain=True)))
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "code_inline", "s_open"}
    assert read.count(SPELLED) >= 9


def test_each_figure_is_a_row_of_five_cells():
    text = FORMATS["md"](view())
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) >= 12
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {7}
    assert "| pace | 60 | speech rate | 210 words/min | 110 to 180 |" in rows


def test_fillers_are_strong_and_those_given_back_also_slanted():
    text = FORMATS["md"](view())
    assert "So, ***um,*** I called the ward. We, **you know,** talked" in text


def test_lists_are_numbered_where_the_order_counts():
    text = FORMATS["md"](view())
    assert "1. Speech rate: 210 words/min. Breathe." in text
    assert "- yes: You saw the other side. (0:03 “" in text


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "+ a",
        "1. a",
        "12) a",
        "= a",
        "===",
        "---",
        "# a",
        "> a",
        "a  ",
        "\ta",
        "    a",
        "~~~",
    ],
)
def test_the_start_of_a_line_is_a_word_like_any_other(text):
    kinds, read = parsed(f"{escape(text)}\n")
    assert kinds == {"paragraph_open", "inline", "text", "paragraph_close"} | (
        {"text_special"} & kinds
    )
    assert read.strip() == text.strip()


def test_numbers_are_not_littered_with_backslashes():
    assert escape("0.8 s at 0:59, 3.3 to 5.8") == "0.8 s at 0:59, 3.3 to 5.8"
    assert escape("well-sized = good") == "well-sized = good"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_whatever_is_escaped_is_read_as_it_was(text):
    line = "".join(c for c in text if c.isprintable() and (c == " " or not c.isspace())).strip()
    _, read = parsed(f"- {escape(line)}\n")
    assert read.strip("\n") == line or not line


def test_a_transcript_of_many_lines_stays_a_paragraph():
    words = tuple(Word(text) for text in ("one", "\n\n# two", "three\n- four"))
    made = report(transcript=Transcript("", words, ()), fillers=(), structure=Structure())
    made = FORMATS["md"](view(made, None))
    kinds, read = parsed(made.split("## Transcript")[1].split("## ")[0])
    assert "heading_open" not in kinds
    assert "one \\# two".replace("\\", "") in " ".join(read.split())
