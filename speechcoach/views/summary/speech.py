"""Fillers and pauses: how many, which, where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from speechcoach.data import Filler, Report
from speechcoach.quantities import clock, quantity

LONGEST_PAUSES = 3  # how many a report names
PLACES = {"clause_end": "after a clause", "mid_clause": "inside a clause"}
THIRDS = ("opening", "middle", "close")


def counts(fillers: Iterable[Filler]) -> str:
    """Return fillers by word, most frequent first: "um 4, you know 2"."""
    tally = Counter(filler.text for filler in fillers)
    return ", ".join(f"{word} {count}" for word, count in tally.most_common())


def fillers_heard(report: Report) -> list[str]:
    """Return the lines on fillers: how many of which kind, how sure, how often, where and when."""
    sounds = [filler for filler in report.fillers if filler.kind == "filled_pause"]
    markers = [filler for filler in report.fillers if filler.kind == "discourse"]
    put_back = sum(filler.recovered for filler in sounds)
    origin = f"; {put_back} from the sound, not in the recogniser's text" if put_back else ""
    lines = [f"{len(report.fillers)} heard{_often(report)}{_perhaps(report.possible_fillers)}"]
    if sounds:
        lines.append(f"sounds{_rate(report, 'filled_pause_rate')}: {counts(sounds)}{origin}")
    if markers:
        lines.append(f"words{_rate(report, 'discourse_rate')}: {counts(markers)}")
    return [*lines, *_places(report)]


def _often(report: Report) -> str:
    """Return the rate of all fillers: a minute, or among the words where there is no time."""
    return _rate(report, "filler_rate") or _rate(report, "filler_share")


def _rate(report: Report, name: str) -> str:
    measured = report.measurements.get(name)
    if measured is None or measured.value is None:
        return ""
    return f", {quantity(measured.value, measured.unit)}"


def _places(report: Report) -> Iterator[str]:
    """Return where the fillers fall: in which third, in bursts, and when."""
    thirds = [(t, report.measurements.get(f"fillers_{t}")) for t in THIRDS]
    if report.fillers and all(m is not None and m.value is not None for _, m in thirds):
        yield ", ".join(
            f"{third} {m.value:.0f}" for third, m in thirds if m and m.value is not None
        )
    bursts = report.measurements.get("filler_bursts")
    if bursts and bursts.spans:
        yield "close together: " + ", ".join(
            f"{clock(span.start)} to {clock(span.end)}" for span in bursts.spans
        )
    times = [clock(filler.start) for filler in report.fillers if filler.start is not None]
    if times:
        yield f"at {', '.join(times)}"


def _perhaps(possible: Sequence[Filler]) -> str:
    times = ", ".join(clock(filler.start) for filler in possible if filler.start is not None)
    where = f" (at {times})" if times else ""
    return f", perhaps {len(possible)} more{where}" if possible else ""


def longest_pauses(report: Report) -> list[str]:
    """Return a line for each of the longest pauses."""
    longest = sorted(report.pauses, key=lambda pause: -pause.span.duration)[:LONGEST_PAUSES]
    return [
        f"{pause.span.duration:.1f} s at {clock(pause.start)}, {PLACES[pause.kind]}"
        for pause in longest
    ]
