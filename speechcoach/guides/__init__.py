"""The interview questions: the built-in bank, the user's own, and which one a file answers.

A bank is a TOML file of ``[[question]]`` tables (``radiology.toml`` beside this file is the model;
`speechcoach.guides.reading` lists the keys). Everything is checked on load and every problem is
listed at once. Nothing here imports numpy.
"""

from speechcoach.guides.bank import Bank, built_in, load_bank
from speechcoach.guides.matching import question_of, read_manifest

__all__ = ["Bank", "built_in", "load_bank", "question_of", "read_manifest"]
