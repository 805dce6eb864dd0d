"""An analyzer turns an `Answer` into named facts; one file each, discovered, no opinions.

An analyzer is a function ``(answer: Answer) -> Iterator[tuple[str, Measurement]]`` registered with
``@ANALYZERS.add(name)``. It reads the answer, never changes it, holds no threshold of taste, and
yields ``None`` values where the answer cannot support a number.
"""

import functools
from collections.abc import Callable, Iterator

from speechcoach.data import Answer, Measurement
from speechcoach.registry import Registry, import_all

Analyzer = Callable[[Answer], Iterator[tuple[str, Measurement]]]
ANALYZERS: Registry[Analyzer] = Registry("analyzer")


@functools.cache
def load() -> Registry[Analyzer]:
    """Import every analyzer beside this file once and return the registry."""
    import_all(__name__)
    return ANALYZERS


def measure(answer: Answer) -> dict[str, Measurement]:
    """Return every measurement of every analyzer, by name."""
    found: dict[str, Measurement] = {}
    for name, analyzer in load().items():
        for measure_name, measurement in analyzer(answer):
            if measure_name in found:
                raise ValueError(f"analyzer {name!r} measures {measure_name!r} a second time")
            found[measure_name] = measurement
    return found
