"""Words, word times, pauses and filled pauses on the sample answers, against their exact truth.

::

    python benchmarks/samples.py [--engine moonshine] [--reports FILE.jsonl]

Runs ``speechcoach batch`` over the eight answers (or reads reports that it wrote) and prints a
Markdown table. Protocols:

words    Levenshtein over words in lower case without punctuation, filled pauses left out; British
         spellings and digits are equalised. Times are scored on the words recognised rightly.
pauses   a true pause of 0.5 s or more is found if a reported pause overlaps it; a reported one of
         0.5 s or more is invented if it overlaps no true silence of 0.25 s or more. Errors of the
         ends are over the found ones; a pause is `exact` with both ends within 80 ms.
fillers  one to one in time order; right if the detection overlaps the true one, 100 ms either side.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from sample_truth import SAMPLES, truths

FILLED_PAUSES = {"um", "uh", "er", "erm", "hmm", "mm", "umm", "uhh"}
SAME = {"tumour": "tumor", "colours": "colors", "centre": "center", "honours": "honors"}
NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
LONG_PAUSE, END_TOLERANCE, FILLER_MARGIN = 0.5, 0.08, 0.1

Span = tuple[float, float]
Timed = tuple[str, float | None]


@dataclass
class Tally:
    """What was counted on one sample, or on several."""

    words: int = 0
    errors: int = 0
    starts: list[float] = field(default_factory=list)
    pauses: int = 0
    missed: int = 0
    invented: int = 0
    ends: list[float] = field(default_factory=list)
    exact: int = 0
    fillers: int = 0
    detected: int = 0
    right: int = 0

    def add(self, other: "Tally") -> None:
        """Count another sample in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def normalised(words: Iterable[Sequence[Any]]) -> list[Timed]:
    """Return (word, start) pairs as they are compared; a written word may be two of them."""
    result: list[Timed] = []
    for text, start, *_ in words:
        for part in re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")):
            word = NUMBERS[int(part)] if part.isdigit() and int(part) < len(NUMBERS) else part
            if word not in FILLED_PAUSES:
                result.append((SAME.get(word, word), start))
    return result


def align(true: Sequence[str], heard: Sequence[str]) -> tuple[int, list[tuple[int, int]]]:
    """Return the word errors (Levenshtein 1966) and the positions of words that agree."""
    rows = [list(range(len(heard) + 1))]
    for i, word in enumerate(true, 1):
        row = [i]
        for j, other in enumerate(heard, 1):
            row.append(min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (word != other)))
        rows.append(row)
    return rows[-1][-1], list(_agreeing(rows, true, heard))[::-1]


def _agreeing(
    rows: list[list[int]], true: Sequence[str], heard: Sequence[str]
) -> Iterator[tuple[int, int]]:
    i, j = len(true), len(heard)
    while i and j:
        if rows[i][j] == rows[i - 1][j - 1] + (true[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            if true[i] == heard[j]:
                yield i, j
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1


def overlapping(span: Span, others: Iterable[Span], margin: float = 0.0) -> list[Span]:
    """Return those of `others` that share time with `span`, widened by `margin` either side."""
    return [o for o in others if o[0] < span[1] + margin and o[1] > span[0] - margin]


def score(truth: dict[str, Any], report: dict[str, Any]) -> Tally:
    """Compare a report (schema 1) with the truth about its sample."""
    tally = Tally()
    _score_words(tally, truth, report)
    _score_pauses(tally, truth, report)
    _score_fillers(tally, truth, report)
    return tally


def _score_words(tally: Tally, truth: dict[str, Any], report: dict[str, Any]) -> None:
    true = normalised(truth["words"])
    heard = normalised((w["text"], w["start"]) for w in report["transcript"]["words"])
    tally.errors, pairs = align([w for w, _ in true], [w for w, _ in heard])
    tally.words = len(true)
    starts = ((true[i][1], heard[j][1]) for i, j in pairs)
    tally.starts = [abs(a - b) for a, b in starts if a is not None and b is not None]


def _score_pauses(tally: Tally, truth: dict[str, Any], report: dict[str, Any]) -> None:
    silences = [(a, b) for a, b in truth["pauses"]]
    reported = [(p["start"], p["end"]) for p in report["pauses"]]
    long = [p for p in silences if p[1] - p[0] >= LONG_PAUSE]
    for pause in long:
        found = overlapping(pause, reported)
        if not found:
            tally.missed += 1
            continue
        errors = [abs(found[0][0] - pause[0]), abs(found[-1][1] - pause[1])]
        tally.ends += errors
        tally.exact += len(found) == 1 and max(errors) <= END_TOLERANCE
    tally.pauses = len(long)
    tally.invented = sum(
        p[1] - p[0] >= LONG_PAUSE and not overlapping(p, silences) for p in reported
    )


def _score_fillers(tally: Tally, truth: dict[str, Any], report: dict[str, Any]) -> None:
    free = [(a, b) for a, b, _ in truth["fillers"]]
    found = [f for f in report["fillers"] if f["kind"] == "filled_pause" and f["start"] is not None]
    tally.fillers, tally.detected = len(free), len(found)
    for filler in found:
        if hits := overlapping((filler["start"], filler["end"]), free, FILLER_MARGIN):
            free.remove(hits[0])
            tally.right += 1


def run_batch(engine: str) -> list[dict[str, Any]]:
    """Run the command line over copies of the answers; their folder holds more than sound."""
    with tempfile.TemporaryDirectory() as folder:
        answers, out = Path(folder, "answers"), Path(folder, "reports.jsonl")
        answers.mkdir()
        for sample in truths():
            shutil.copy(SAMPLES / sample["file"], answers)
        command = [sys.executable, "-m", "speechcoach", "batch", str(answers)]
        options = ["--engine", engine, "--out", str(out), "--no-save"]
        subprocess.run(command + options, check=True, stdout=subprocess.DEVNULL)
        return read_reports(out)


def read_reports(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file of reports."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def milliseconds(errors: Sequence[float], share: float = 0.5) -> str:
    """Return a quantile of some errors in whole milliseconds, or a dash where there are none."""
    if not errors:
        return "-"
    value = median(errors) if share == 0.5 else sorted(errors)[int(share * (len(errors) - 1))]
    return f"{1000 * value:.0f}"


def row(name: str, tally: Tally) -> str:
    """Return a line of the Markdown table."""
    error_rate = f"{100 * tally.errors / tally.words:.1f}%"
    starts = f"{milliseconds(tally.starts)} / {milliseconds(tally.starts, 0.9)}"
    pauses = f"{tally.pauses - tally.missed}/{tally.pauses} | {tally.exact} | {tally.invented}"
    ends = f"{milliseconds(tally.ends)} / {milliseconds(tally.ends, 1.0)}"
    either = tally.fillers + tally.detected
    f1 = f"{2 * tally.right / either:.2f}" if either else "-"
    counts = f"{tally.fillers} / {tally.detected} / {tally.right}"
    return f"| {name} | {error_rate} | {starts} | {pauses} | {ends} | {counts} | {f1} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Score the sample answers.")
    parser.add_argument("--engine", default="moonshine")
    parser.add_argument("--reports", type=Path, help="read these instead of running batch")
    options = parser.parse_args()
    reports = read_reports(options.reports) if options.reports else run_batch(options.engine)
    by_name = {Path(r["recording"]["path"]).name: r for r in reports if "recording" in r}
    print(
        "| sample | word errors | word start, median / 90% (ms) | pauses found | both ends "
        "within 80 ms | invented | pause ends, median / worst (ms) | filled pauses: true / "
        "reported / right | F1 |\n|" + "---|" * 9
    )
    total = Tally()
    for truth in truths():
        tally = score(truth, by_name[truth["file"]])
        total.add(tally)
        print(row(truth["id"], tally))
    print(row("all", total))


if __name__ == "__main__":
    main()
