"""The script that tells whether a change left the reports as they were."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sample_report import report

from speechcoach.reports import to_dict

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "same_reports.py"


def written(folder, *reports):
    folder.mkdir()
    for number, plain in enumerate(reports):
        (folder / f"{number}.json").write_text(json.dumps(plain))
    return folder


def compared(old, new):
    command = [sys.executable, SCRIPT, "compare", old, new]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr
    by_design, besides = done.stdout.split("| differs besides |")
    return done.returncode, by_design, besides


@pytest.fixture
def plain():
    return to_dict(report())


def test_the_same_reports_are_the_same(tmp_path, plain):
    code, by_design, besides = compared(
        written(tmp_path / "a", plain), written(tmp_path / "b", plain)
    )
    assert (code, "`" in by_design + besides) == (0, False)


def test_what_was_meant_to_change_may_differ_and_is_listed(tmp_path, plain):
    old = {**plain, "rules": "old"}
    del old["structure"]
    code, by_design, besides = compared(
        written(tmp_path / "a", old), written(tmp_path / "b", plain)
    )
    assert code == 0
    assert "| `rules` | 1 |" in by_design
    assert "| `structure` | 1 |" in by_design
    assert "`" not in besides


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("scores.overall", lambda plain: plain["scores"].update(overall=71.5)),
        ("pauses", lambda plain: plain["pauses"].pop()),
        ("fillers[].confidence", lambda plain: plain["fillers"][0].update(confidence=0.5)),
        ("rubric.elements.empathy", lambda plain: plain["rubric"]["elements"].pop("empathy")),
        ("recording.duration", lambda plain: plain["recording"].update(duration=None)),
    ],
)
def test_anything_else_is_a_fault(tmp_path, plain, place, change):
    old = written(tmp_path / "a", plain)
    change(plain)
    code, _, besides = compared(old, written(tmp_path / "b", plain))
    assert code == 1
    assert f"| `{place}` | 1 |" in besides


def test_a_report_that_one_side_lacks_is_a_fault(tmp_path, plain):
    code, *_, besides = compared(written(tmp_path / "a", plain), written(tmp_path / "b"))
    assert code == 1
    assert "conflict_1.wav is only in" in besides
