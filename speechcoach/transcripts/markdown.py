"""The text of a Markdown file: what is read aloud of it, without headings and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from speechcoach.transcripts import labels, stamps

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def text(written: str) -> str:
    """Return the text of a Markdown file, a paragraph a line, with blank lines between.

    A line break inside a paragraph is a space, unless a stamp or a label follows it.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(_FRONT_MATTER.sub("", written.replace("\r\n", "\n"), 1))
    return "\n\n".join(_blocks(tokens))


def _blocks(tokens: list[Token]) -> Iterator[str]:
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type == "html_block":
            yield _TAG.sub(" ", token.content).strip()
        elif token.type == "inline" and not heading:
            yield _unwrapped("".join(map(_inline, token.children or ())).splitlines())


def _inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return token.content if labels.is_voice(token.content) else ""
    return token.content if token.type in ("text", "code_inline") else ""


def _unwrapped(lines: list[str]) -> str:
    if any(stamps.read(line) or labels.head(line) for line in lines):
        return "\n".join(lines)
    return " ".join(lines)
