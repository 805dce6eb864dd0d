"""The questions that a run knows, by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from speechcoach.data import Question
from speechcoach.guides.guide import Guide, built_in
from speechcoach.guides.questions import read_questions
from speechcoach.guides.tables import raise_all
from speechcoach.paths import data_dir
from speechcoach.registry import Registry, unknown


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


def load_bank(*extra: Path, guide: Guide | None = None) -> Bank:
    """Return a guide's questions, then the user's own, then those of the `extra` files.

    The user's own are the files ``questions/*.toml`` of the data folder, by name; they go with the
    built-in guide, the default. A later file replaces the questions whose ids it repeats, rubric
    included.

    Raises
    ------
    ContentError
        If any file does not read as a bank; it lists every problem of every file.
    """
    guide = guide or built_in()
    own = _own_files() if guide is built_in() else ()
    problems: list[str] = []
    questions = list(guide.questions)
    for path in (*own, *extra):
        questions += read_questions(path, guide.forms, problems)
    raise_all("The question bank", problems)
    return Bank(questions)


def _own_files() -> Iterator[Path]:
    for path in sorted((data_dir() / "questions").glob("*.toml")):
        if not path.name.startswith("."):  # macOS leaves ._name.toml beside files on some disks
            yield path
