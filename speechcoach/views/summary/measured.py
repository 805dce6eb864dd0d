"""What was measured and is not judged: no norm says what is good.

A new measurement is here by itself, under "other" and by its own name; a line in `GROUPS` gives it
its place and a better one.
"""

from __future__ import annotations

from speechcoach.data import Measurement
from speechcoach.judging.scoring import norms_for
from speechcoach.quantities import quantity
from speechcoach.views.summary.scores import moment
from speechcoach.views.view import View

GROUPS = {
    "length": {"duration": "whole recording", "word_count": ""},
    "fillers": {
        "filler_count": "in all",
        "filler_share": "",
        "filled_pause_rate": "sounds",
        "discourse_rate": "words",
        "fillers_opening": "opening",
        "fillers_middle": "middle",
        "fillers_close": "close",
        "filler_bursts": "bursts",
        "fillers_recovered": "put back from the sound",
        "fillers_possible": "perhaps",
    },
    "pace": {"slowest_window": "slowest stretch", "fastest_window": "fastest stretch"},
    "pauses": {"pause_rate": "", "long_pauses": "long ones"},
    "voice": {"lowest_pitch_variation": "least pitch variation"},
    "sound": {
        "level": "speech",
        "noise": "background",
        "signal_to_noise": "between them",
        "clipping": "clipped",
    },
}
"""Measurements by what they are about, each with what it is called there."""

OTHER = "other"
COUNTED = frozenset({"count", "ratio", "1/min", "1/100 words"})
"""Units of what happens in many places; what has another is at home where it was measured."""


def also_measured(view: View) -> list[str]:
    """Return a line for each thing that measurements are about: "pace: slowest stretch ...".

    Left out are those that a norm judges, which stand with the scores, and unknown ones.
    """
    judged = {norm.metric for norm in norms_for(view.norms, view.question)}
    left = {
        name: measured
        for name, measured in view.report.measurements.items()
        if name not in judged and measured.value is not None
    }
    lines = []
    for group, labels in GROUPS.items():
        said = [_said(labels[name], left.pop(name)) for name in labels if name in left]
        lines += [f"{group}: {', '.join(said)}"] if said else []
    other = [_said(name.replace("_", " "), measured) for name, measured in left.items()]
    return [*lines, f"{OTHER}: {', '.join(other)}"] if other else lines


def _said(label: str, measured: Measurement) -> str:
    """Return one figure; where a single stretch of the answer has that value, its place."""
    single = len(measured.spans) == 1 and measured.unit not in COUNTED
    place = moment(measured.spans) if single else ""
    parts = (label, quantity(measured.value, measured.unit), place)
    return " ".join(filter(None, parts))
