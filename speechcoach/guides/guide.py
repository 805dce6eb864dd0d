"""A guide to one kind of interview: what is asked, and what of the judging is particular to it.

A guide is a folder::

    questions.toml   what is asked, with rubrics: `speechcoach.guides.questions`
    guide.toml       its title and its forms of answer: `speechcoach.guides.forms`; optional
    norms.toml       what differs from ``judging/norms.toml``; optional
    content.toml     what differs from ``content/content.toml``; optional

A ``guide.toml`` may take over forms of the built-in guide (``forms = ["star"]``) and define its
own; a guide that says nothing of forms has those of the built-in one.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from speechcoach.data import Form, Question
from speechcoach.guides.forms import read_forms
from speechcoach.guides.questions import read_questions
from speechcoach.guides.tables import Table, raise_all, read
from speechcoach.paths import shown
from speechcoach.registry import unknown

BUILT_IN = "radiology"
FOLDER = Path(__file__).parent
FILES = ("guide.toml", "questions.toml", "norms.toml", "content.toml")


@dataclass(frozen=True)
class Guide:
    """Questions, forms of answer by id, and where the guide's own norms are.

    `folder` holds `FILES`, of which only the questions must be there.
    """

    name: str
    title: str
    folder: Path
    forms: Mapping[str, Form]
    questions: tuple[Question, ...]

    def form_of(self, question: Question | None) -> Form | None:
        """Return the form that answers to `question` have, None where it asks for none."""
        return self.forms.get(question.kind) if question else None

    @property
    def built_in(self) -> bool:
        """Whether it comes with the program."""
        return self.folder.parent == FOLDER

    @property
    def norms(self) -> Path | None:
        """What differs from the general norms of what is measured, if anything does."""
        return _existing(self.folder / "norms.toml")

    @property
    def opinions(self) -> Path | None:
        """What differs from the general opinions on content, if anything does."""
        return _existing(self.folder / "content.toml")

    @functools.cached_property
    def digest(self) -> str:
        """What tells this guide from any other, and from an earlier state of itself.

        The forms that it takes over count, too; where the folder is does not.
        """
        found = hashlib.sha256()
        for path in filter(Path.exists, map(self.folder.joinpath, FILES)):
            found.update(path.name.encode() + b"\0" + path.read_bytes())
        for form in self.forms.values():
            found.update(repr(form).encode())
        return found.hexdigest()


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def names() -> tuple[str, ...]:
    """Return the built-in guides."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/questions.toml")))


def load_guide(name: str = BUILT_IN) -> Guide:
    """Return a guide by its name, or by the path of its folder.

    Raises
    ------
    UnknownNameError
        If there is neither such a guide nor such a folder.
    ContentError
        If its files do not read; every problem is listed.
    """
    if name in names():
        return built_in(name)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise unknown("guide or folder of one", name, names())
    return _read(folder.resolve())


def built_in(name: str = BUILT_IN) -> Guide:
    """Return one of the guides that come with the program."""
    return _read_once(FOLDER / name)


def _read(folder: Path) -> Guide:
    problems: list[str] = []
    path = folder / "guide.toml"
    file = (
        read(path, problems, holds="guide") if path.exists() else Table({}, shown(path), problems)
    )
    file.check_keys((), ("title", "forms", "form"))
    forms = {form.id: form for form in _forms(file, folder)}
    questions = read_questions(folder / "questions.toml", forms, problems)
    raise_all(f"The guide {shown(folder)}", problems)
    return Guide(folder.name, file.text("title", folder.name), folder, forms, questions)


_read_once = functools.cache(_read)


def _forms(file: Table, folder: Path) -> Iterator[Form]:
    """Yield the forms that a guide takes over, then those that it defines."""
    own = read_forms(file)
    silent = not own and "forms" not in file.values
    taken = None if silent and folder != FOLDER / BUILT_IN else file.sentences("forms")
    yield from _built_in_forms(taken, file)
    yield from own


def _built_in_forms(wanted: Iterable[str] | None, file: Table) -> Iterator[Form]:
    """Yield the built-in guide's forms of these ids, all if None."""
    if wanted == ():
        return
    known = built_in().forms
    for name in known if wanted is None else wanted:
        if name in known:
            yield known[name]
        else:
            file.problems.append(f"{file.place}: forms: {unknown('form', name, known)}")
