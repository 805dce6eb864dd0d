"""Guides to kinds of interview: what is asked, how it is answered, what a file answers.

A guide is a folder (`guide` says what is in it); ``radiology`` is the built-in one. A bank is the
questions of a guide and those that the user adds. Everything is checked on load and every problem
is listed at once. Nothing here imports numpy.
"""

from speechcoach.guides.bank import Bank, load_bank
from speechcoach.guides.guide import Guide, built_in, load_guide
from speechcoach.guides.matching import question_of, read_manifest

__all__ = [
    "Bank",
    "Guide",
    "built_in",
    "load_bank",
    "load_guide",
    "question_of",
    "read_manifest",
]
