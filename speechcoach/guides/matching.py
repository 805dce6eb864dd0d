"""Which question a file answers: by a manifest, by the file's name, by its folder's name."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from speechcoach.data import Question
from speechcoach.errors import ContentError, UnknownNameError
from speechcoach.files import read_text
from speechcoach.guides.bank import load_bank
from speechcoach.paths import shown
from speechcoach.registry import unknown

COLUMNS = ("file", "question")
SEPARATORS = ("-", "_", ".", " ")


def question_of(
    path: Path, bank: Mapping[str, Question], manifest: Mapping[str, str] | None = None
) -> str | None:
    """Return the id of the question that a file answers, or None where nothing tells.

    The manifest decides; else the file's name: an id, or an id followed by ``-``, ``_``, ``.`` or
    a space, in any case, the longest such id; else the folder's name, likewise.

    Parameters
    ----------
    manifest : Mapping, optional
        Question ids by file, as `read_manifest` gives them. A file may be named alone or with the
        end of its path (``anna/take-2.wav``), which goes before the bare name.
    """
    for name in _path_endings(path) if manifest else ():
        if manifest and name in manifest:
            return manifest[name]
    placed = path.absolute()
    return _leading_id(placed.name, bank) or _leading_id(placed.parent.name, bank)


def read_manifest(path: Path, bank: Mapping[str, Question] | None = None) -> dict[str, str]:
    """Return question ids by file name from a CSV with the columns ``file`` and ``question``.

    Parameters
    ----------
    bank : Mapping, optional
        The questions that exist; by default what `load_bank` finds.

    Raises
    ------
    ContentError
        If it does not read; every problem is listed with its line.
    """
    known = load_bank() if bank is None else bank
    found: dict[str, str] = {}
    problems: list[str] = []
    for line, file, question in _rows(path):
        try:
            _enter(found, file, question, known)
        except (UnknownNameError, ValueError) as problem:
            problems.append(f"line {line}: {problem}")
    if problems:
        lines = "\n  ".join(problems)
        raise ContentError(f"The manifest {shown(path)} does not read:\n  {lines}")
    return found


def _path_endings(path: Path) -> Iterator[str]:
    """Yield the path as it can stand in a manifest, from its whole length to the bare name."""
    parts = _even(path.absolute().as_posix()).split("/")
    for first in range(len(parts)):
        yield "/".join(parts[first:])


def _even(file: str) -> str:
    """Return a path as manifests compare it: forward slashes, no ``./``, composed accents."""
    return unicodedata.normalize("NFC", file.strip()).replace("\\", "/").removeprefix("./")


def _leading_id(name: str, ids: Iterable[str]) -> str | None:
    name = name.casefold()
    leading = (
        one
        for one in ids
        if name == one or name.startswith(tuple(one + separator for separator in SEPARATORS))
    )
    return max(leading, key=len, default=None)


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line number, file and question of every row that is not blank."""
    rows = csv.reader(io.StringIO(read_text(path), newline=""))
    try:
        columns = _columns(path, next(rows, []))
        for row in rows:
            if any(cell.strip() for cell in row):
                file, question = (row[at] if at < len(row) else "" for at in columns)
                yield rows.line_num, file.strip(), question.strip()
    except csv.Error as error:
        raise ContentError(
            f"The manifest {shown(path)} does not read as CSV at line {rows.line_num}: {error}."
        ) from error


def _columns(path: Path, header: list[str]) -> tuple[int, int]:
    names = [name.strip().casefold() for name in header]
    if not set(COLUMNS) <= set(names):
        found = ",".join(header) or "nothing"
        raise ContentError(
            f"The manifest {shown(path)} must begin with the line 'file,question'; "
            f"found {found!r:.80}."
        )
    return names.index("file"), names.index("question")


def _enter(found: dict[str, str], file: str, question: str, known: Mapping[str, Question]) -> None:
    if not file or not question:
        raise ValueError(f"a file and a question are expected, found {file!r} and {question!r}.")
    if question.casefold() not in known:
        raise unknown("question", question, known)
    if _even(file) in found:
        raise ValueError(f"the file {file!r} is listed twice.")
    found[_even(file)] = question.casefold()
