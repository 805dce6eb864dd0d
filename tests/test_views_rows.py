"""What a batch writes: numbers as CSV, whole reports as JSONL."""

import csv
import io
import json

import pytest
from sample_report import report
from views_support import HOSTILE, SPELLED, hostile

from speechcoach.batch import Row
from speechcoach.reports import to_dict
from speechcoach.views import ROWS


def row(name: str, **changes: object) -> Row:
    return Row(name, {**to_dict(report()), **changes})


def table(*rows: Row) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(ROWS["csv"](rows)))))


def test_a_csv_has_a_line_a_file_also_for_those_that_failed_first():
    bad, good = table(Row("bad.wav", error="No sound."), row("a,b.wav"))
    assert (bad["file"], bad["error"], bad["speech_rate"]) == ("bad.wav", "No sound.", "")
    assert (good["file"], good["speech_rate"]) == ("a,b.wav", "210.0")
    assert (good["score_overall"], good["score_content"]) == ("71.4", "")
    assert (good["warnings"], good["error"]) == ("The recording is noisy.", "")
    assert (good["question"], good["kind"], good["engine"]) == ("conflict", "audio", "moonshine")


def test_a_csv_of_nothing_but_failures_still_tells_them():
    (bad,) = table(Row("bad.wav", error="No sound."))
    assert (bad["file"], bad["error"]) == ("bad.wav", "No sound.")


def test_a_csv_of_nothing_is_empty():
    assert list(ROWS["csv"]([])) == []


def test_the_columns_stay_what_the_first_report_made_them():
    measured = {"new": {"value": 1.0, "unit": "s", "spans": []}}
    lines = list(ROWS["csv"]([row("a.wav"), row("b.wav", measurements=measured)]))
    assert len({len(next(csv.reader([line]))) for line in lines}) == 1
    assert "new" not in lines[0]


def test_takes_of_the_history_have_their_number_and_day_first():
    lines = ROWS["csv"]([row("a.wav", take=7, made="2026-11-01T12:00:00+00:00")])
    assert next(lines).startswith("take,made,file,")
    assert next(lines).startswith("7,2026-11-01T12:00:00+00:00,a.wav,")


def test_a_written_answer_has_no_recogniser():
    (plain,) = table(row("a.txt", engine=None))
    assert (plain["engine"], plain["model"]) == ("", "")


def test_jsonl_holds_whole_reports_and_why_there_is_none():
    good, bad = map(json.loads, ROWS["jsonl"]([row("a.wav"), Row("/x/bad.wav", error="No.")]))
    assert good == to_dict(report())
    assert bad == {"recording": {"path": "/x/bad.wav", "name": "bad.wav"}, "error": "No."}


@pytest.mark.parametrize("form", ROWS)
def test_a_row_is_a_line_whatever_it_holds_and_comes_at_once(form):
    made, _ = hostile()
    rows = iter([Row("a\nb", to_dict(made)), Row("c", error=HOSTILE)])
    lines = ROWS[form](rows)
    first = [next(lines)] + ([next(lines)] if form == "csv" else [])
    assert all(line.endswith("\n") for line in first)
    assert next(rows).path == "c"  # nothing was read ahead
    if form == "jsonl":
        assert first[0].count("\n") == 1
        assert json.loads(first[0])["warnings"] == [HOSTILE]
    else:
        (read,) = csv.DictReader(io.StringIO("".join(first)))
        assert (read["file"], read["warnings"]) == ("a b", SPELLED)
