"""The questions that a run knows, by id."""

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from speechcoach.data import Question
from speechcoach.errors import ContentError
from speechcoach.guides.reading import read_bank_file
from speechcoach.paths import data_dir
from speechcoach.registry import Registry, unknown

BUILT_IN = Path(__file__).parent / "radiology" / "questions.toml"


class Bank(Registry[Question]):
    """Questions by id, in the order of their files; a later question replaces one of its id.

    Asking for an id that is not there raises `UnknownNameError` with the nearest ids.
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        super().__init__("question")
        for question in questions:
            self[question.id] = question

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories, in the order in which they first appear."""
        return tuple(dict.fromkeys(question.category for question in self.values()))

    def of_category(self, name: str) -> tuple[Question, ...]:
        """Return the questions of a category; `UnknownNameError` if there is no such category."""
        wanted = name.casefold()
        found = tuple(q for q in self.values() if q.category.casefold() == wanted)
        if not found:
            raise unknown("category of questions", name, self.categories)
        return found


def load_bank(*extra: Path) -> Bank:
    """Return the built-in questions, then the user's own, then those of the `extra` files.

    The user's own are the files ``questions/*.toml`` of the data folder, by name. A later file
    replaces the questions whose ids it repeats, rubric included.

    Raises
    ------
    ContentError
        If any file does not read as a bank; it lists every problem of every file.
    """
    problems: list[str] = []
    questions: list[Question] = []
    for path in (BUILT_IN, *_own_files(), *extra):
        questions += read_bank_file(path, problems)
    if problems:
        found = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n  ".join(problems)
        raise ContentError(f"The question bank has {found} to mend first:\n  {lines}")
    return Bank(questions)


@functools.cache
def built_in() -> Bank:
    """Return the built-in questions alone."""
    return Bank(read_bank_file(BUILT_IN, []))


def _own_files() -> Iterator[Path]:
    for path in sorted((data_dir() / "questions").glob("*.toml")):
        if not path.name.startswith("."):  # macOS leaves ._name.toml beside files on some disks
            yield path
