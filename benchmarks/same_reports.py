"""Whether a change of the code left the reports as they were: two folders of reports, side by side.

::

    python benchmarks/same_reports.py capture FOLDER [--answers ANSWERS.jsonl] [--package CHECKOUT]
    python benchmarks/same_reports.py compare OLD NEW

``capture`` writes the reports on the eight samples (as the embedded recogniser hears them), and on
labelled answers if given, a text file each; with the program of this checkout or another one.
``compare`` prints every field that differs, in how many reports and an example: those that may
differ, because a change was meant to change them (`BY_DESIGN`), and those that may not. It ends
with 1 if there is one of the latter, or a report that only one side has.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sample_truth import SAMPLES

BY_DESIGN = {
    "schema": "it counts the changes of the form",
    "rules": "they are named after the data files, which were moved and added to",
    "recording.path": "absolute since schema 2; it was relative to where the command ran",
    "recording.name": "since schema 2: what people call the file",
    "engine.digest": "since schema 2: which file of that name the model is",
    "structure": "since schema 3: the answer's form, whichever it is; `star` and `timeline` stay",
}

Report = dict[str, Any]


def main() -> int:
    """Capture reports or compare them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    one = tasks.add_parser("capture", help="write the reports of today")
    one.add_argument("folder", type=Path)
    one.add_argument("--answers", type=Path, help="labelled answers, one a line as JSON")
    one.add_argument("--package", type=Path, help="a checkout, instead of the one installed")
    two = tasks.add_parser("compare", help="compare two folders")
    two.add_argument("old", type=Path)
    two.add_argument("new", type=Path)
    given = parser.parse_args()
    if given.task == "compare":
        return compare(given.old, given.new)
    capture(given.folder, given.answers, given.package)
    return 0


def capture(folder: Path, answers: Path | None, package: Path | None) -> None:
    """Write the reports on samples and answers into `folder`, which is made."""
    folder.mkdir(parents=True)
    environment = dict(os.environ)
    if package:
        environment["PYTHONPATH"] = str(package.resolve())

    def run(*arguments: object) -> None:
        command = [sys.executable, "-m", "speechcoach", *map(str, arguments), "--no-save"]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)

    for sample in sorted(SAMPLES.glob("*.flac")):
        form = ("--engine", "moonshine", "--format", "json", "-o", f"{sample.name}.json")
        run("analyze", sample, *form)
    if answers:
        (folder / "answers").mkdir()
        for line in answers.read_text("utf-8").splitlines():
            answer = json.loads(line)
            text = "".join(f"{sentence['text']}\n" for sentence in answer["sentences"])
            name = f"{answer['question']}-{answer['id']}.txt"
            (folder / "answers" / name).write_text(text, "utf-8")
        run("batch", "answers", "--out", "answers.jsonl")


def compare(old: Path, new: Path) -> int:
    """Print how the reports in two folders differ; return 1 if they do where they may not."""
    before, after = reports(old), reports(new)
    found: dict[str, Difference] = {}
    for name in sorted(before.keys() & after.keys()):
        for place, pair in differences(before[name], after[name]):
            found.setdefault(place, Difference(pair)).reports.add(name)
    print(f"{len(before.keys() & after.keys())} reports compared")
    meant = {place: which for place in found if (which := designed(place))}
    print("\n| differs by design | reports | why |\n|---|---:|---|")
    for place, which in sorted(meant.items()):
        print(f"| `{place}` | {len(found[place].reports)} | {BY_DESIGN[which]} |")
    print("\n| differs besides | reports | for instance |\n|---|---:|---|")
    for place in sorted(found.keys() - meant.keys()):
        print(f"| `{place}` | {len(found[place].reports)} | {found[place].example} |")
    lonely = before.keys() ^ after.keys()
    for name in sorted(lonely):
        print(f"\n{name} is only in {old if name in before else new}")
    return 1 if lonely or found.keys() - meant.keys() else 0


@dataclass
class Difference:
    """A field that differs: its first values, and in which reports."""

    pair: tuple[Any, Any]
    reports: set[str] = field(default_factory=set)

    @property
    def example(self) -> str:
        """The values of the first report, cut short."""
        before, after = (
            "absent" if value is ABSENT else json.dumps(value)[:60] for value in self.pair
        )
        return f"{before} -> {after}"


ABSENT = object()


def reports(folder: Path) -> dict[str, Report]:
    """Return the reports of a folder by the names of the files that they are on."""
    lines = [path.read_text("utf-8") for path in sorted(folder.glob("*.json"))]
    for path in sorted(folder.glob("*.jsonl")):
        lines += path.read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {Path(report["recording"]["path"]).name: report for report in found}


def differences(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield every place in which two values differ; positions in lists are left out of it."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            inner = f"{place}.{key}" if place else key
            yield from differences(old.get(key, ABSENT), new.get(key, ABSENT), inner)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from differences(before, after, f"{place}[]")
    elif type(old) is not type(new) or old != new:
        yield place, (old, new)


def designed(place: str) -> str | None:
    """Return the entry of `BY_DESIGN` that a place falls under, None if none."""
    return next((d for d in BY_DESIGN if place == d or place.startswith(f"{d}.")), None)


if __name__ == "__main__":
    sys.exit(main())
