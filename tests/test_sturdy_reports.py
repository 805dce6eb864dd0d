"""A report that was made to break things is refused in one sentence, or does no harm.

A new way to break one is a new row here.
"""

import copy
import json
import os

import pytest
from click.testing import CliRunner
from sample_report import QUESTION, report, view

from speechcoach.cli import main
from speechcoach.coach import Coach, Settings
from speechcoach.errors import ContentError
from speechcoach.history.rescoring import rescore
from speechcoach.progress.comparison import compare
from speechcoach.reports import SCHEMA, from_dict, parsed, to_dict, to_json
from speechcoach.views import COMPARISON, FORMATS

PLAIN = to_dict(report())
TEXT = to_json(report())

HOSTILE = {
    "nothing": "",
    "no JSON": "{",
    "a number": "7",
    "deep lists": "[" * 100_000,
    "deep tables": '{"a":' * 100_000,
    "deep in a field": TEXT[:-1] + ', "x": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "half a letter in a text": TEXT.replace('"So', r'"\ud800So'),
    "half a letter in a name": TEXT.replace('"pace"', r'"\udfff"'),
    "half a letter in a path": TEXT.replace("/takes/", r"\udc80/"),
    "not a number": TEXT.replace("102.0", "NaN"),
    "without end": TEXT.replace("102.0", "Infinity"),
    "without end below": TEXT.replace("102.0", "-1e999"),
    "beyond all numbers": TEXT.replace("102.0", "1" + "0" * 400),
    "beyond all digits": TEXT.replace("102.0", "1" * 10_000),
    "a year long": TEXT.replace("102.0", "31536000.0"),
    "a length below 0": TEXT.replace("102.0", "-102.0"),
    "words that are not there": TEXT.replace("[7, 9]", "[7, 1000000000]"),
    "words before the first": TEXT.replace("[7, 9]", "[-9, 9]"),
    "words the wrong way round": TEXT.replace("[7, 9]", "[9, 7]"),
    "no words where they should be": TEXT.replace('"words": [{', '"words": [[{', 1),
    "a sentence that is not there": TEXT.replace('"sentences": [0]', '"sentences": [3]'),
    "a sentence before the first": TEXT.replace('"sentences": [0]', '"sentences": [-1]'),
    "no schema": TEXT.replace(f'"schema": {SCHEMA}, ', ""),
    "schema true": TEXT.replace(f'"schema": {SCHEMA}', '"schema": true'),
    "schema of tomorrow": TEXT.replace(f'"schema": {SCHEMA}', '"schema": 99'),
    "old schema, odd fields": '{"schema": 1, "recording": {"path": 7}, "engine": null}',
    "old schema, nothing else": '{"schema": 2, "star": 1}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_in_one_sentence(tmp_path, text):
    assert text != TEXT
    (tmp_path / "bad.json").write_text(text, "ascii")
    (tmp_path / "good.json").write_text(TEXT)
    bad, good = str(tmp_path / "bad.json"), str(tmp_path / "good.json")
    for pair in ((bad, good), (good, bad)):
        ran = CliRunner().invoke(main, ["compare", *pair])
        assert isinstance(ran.exception, SystemExit), ran.exception
        assert ran.exit_code == 1
        assert ran.stderr.count("\n") == 1
        assert ran.stderr.startswith(f"Error: The report {bad} cannot be read. ")
        assert len(ran.stderr) < 1000


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"\xff\xfe{\x00}\x00"), "it is not UTF-8"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b" " * 64_000_001), "more than 64,000,000 bytes"),
        (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
        (os.mkfifo if hasattr(os, "mkfifo") else lambda path: path.mkdir(), "is "),
        (lambda path: path.symlink_to(path), "cannot be opened"),
    ],
    ids=["UTF-16", "folder", "huge", "endless", "pipe", "a link to itself"],
)
@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_what_is_no_file_of_text_is_not_waited_for(tmp_path, make, said):
    make(tmp_path / "bad.json")
    ran = CliRunner().invoke(main, ["compare", str(tmp_path / "bad.json"), "1"])
    assert ran.exit_code == 1
    assert said in ran.stderr


def test_a_byte_order_mark_is_no_part_of_a_report(tmp_path):
    (tmp_path / "a.json").write_text(TEXT, "utf-8-sig")
    ran = CliRunner().invoke(main, ["compare", *[str(tmp_path / "a.json")] * 2])
    assert ran.exit_code == 0


# Every place of a report, with everything that could stand there instead

ODD = (None, True, -1, 0, 3, 1e8, 10**400, float("nan"), "", "x", "\ud800", [], [[]], {}, {"x": 1})


def places(value, way=()):
    """Yield the way to every value in a report; of a list, to its first."""
    yield way
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*way, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*way, 0))


def put(plain, way, value):
    """Return a copy with something else in one place."""
    if not way:
        return value
    changed = copy.copy(plain)
    changed[way[0]] = put(plain[way[0]], way[1:], value)
    return changed


PLACES = [way for way in places(PLAIN) if way]


def accepted(plain):
    """Return the report, None where it is refused in a sentence."""
    try:
        return from_dict(parsed(json.dumps(plain)))
    except ContentError:
        return None


@pytest.mark.parametrize("top", PLAIN)
def test_whatever_stands_in_its_fields_it_is_refused_or_can_be_used(top):
    coach = Coach(Settings())
    used = 0
    for way in (way for way in PLACES if way[0] == top):
        for odd in ODD:
            made = accepted(put(PLAIN, way, odd))
            if made is None:
                continue
            used += 1
            compared = compare(made, report(), coach.norms)
            for render in COMPARISON.values():
                render(compared, "a", "b").encode()
            for name in ("text", "md", "json"):
                FORMATS[name](view(made, QUESTION)).encode()
            if made.question in (None, *coach.bank) and len(way) < 3:
                rescore(coach, made)
    assert used or top == "schema"


def test_a_report_without_any_one_field_is_refused_or_can_be_used():
    for way in PLACES:
        plain = copy.deepcopy(PLAIN)
        inner = plain
        for name in way[:-1]:
            inner = inner[name]
        del inner[way[-1]]
        made = accepted(plain)
        if made is not None:
            FORMATS["text"](view(made, QUESTION)).encode()
