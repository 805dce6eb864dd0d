"""What is said, before anything else, of an answer to something that was not asked."""

from __future__ import annotations

from collections.abc import Iterator

from speechcoach.content.opinions import Remark
from speechcoach.data import Content, Finding, OnQuestion


def remarks(content: Content, norm: Remark) -> Iterator[Finding]:
    """Yield that something else than the question is answered, where it is."""
    if content.on_question and content.off_question:
        yield Finding("question", "work", said(content.on_question), norm.advice, norm.source)


def said(found: OnQuestion) -> str:
    """Return in a sentence that the question is not answered, and which is instead."""
    if found.nearest:
        return f"This sounds like an answer to “{found.nearest}”"
    return "This does not seem to answer the question"
