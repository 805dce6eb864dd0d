"""Reports of other schemas: older ones are brought up to date, newer ones refused in a sentence."""

import json
import re

import pytest
from sample_report import report

from speechcoach.errors import AudioError, ContentError, HistoryError
from speechcoach.history.store import History
from speechcoach.reports import MIGRATIONS, SCHEMA, from_dict, read, to_dict, upgraded


def first(path="/takes/conflict_1.wav", engine="moonshine"):
    """Return the sample report as schema 1 had it."""
    plain = {**to_dict(report()), "schema": 1}
    recording = {**plain["recording"], "path": path}
    del recording["name"]
    heard = {"name": engine, "model": "tiny-en", "version": "0.1.0"} if engine else None
    for element in plain["rubric"]["elements"].values():
        del element["verdict"]
    del plain["on_question"]
    return {**plain, "recording": recording, "engine": heard}


def test_every_schema_has_its_step():
    assert len(MIGRATIONS) == SCHEMA - 1
    assert report().schema == SCHEMA


def test_a_report_of_the_first_schema_is_todays_report():
    assert from_dict(first()) == report(on_question=None)


def test_bringing_up_to_date_leaves_the_old_report_alone():
    old = first()
    before = json.dumps(old)
    upgraded(old)
    assert json.dumps(old) == before


@pytest.mark.parametrize(
    ("old", "path", "name"),
    [
        ("/a/b.wav", "/a/b.wav", "b.wav"),
        (r"/a/b\x41.wav", r"/a/b\x5cx41.wav", r"b\x41.wav"),  # a name, not an escape
        ("a/b.wav", None, "a/b.wav"),
        ("b.wav", None, "b.wav"),
        ("/a/caf\ufffd.wav", None, "/a/caf\ufffd.wav"),
    ],
)
def test_an_old_path_is_one_only_if_a_file_can_be_found_by_it(old, path, name):
    recording = upgraded(first(path=old))["recording"]
    assert (recording["path"], recording["name"]) == (path, name)


@pytest.mark.parametrize(("engine", "digest"), [("moonshine", ""), ("whisper", None)])
def test_an_old_models_digest_is_known_only_where_it_comes_with_the_recogniser(engine, digest):
    assert upgraded(first(engine=engine))["engine"]["digest"] == digest
    assert from_dict(first(engine=engine)).engine.digest == digest


def test_an_old_report_without_a_recogniser_still_has_none():
    assert upgraded(first(engine=None))["engine"] is None


def test_todays_report_stays_as_it_is():
    assert upgraded(to_dict(report())) == to_dict(report())


NEWER = r"made by a newer speechcoach \(schema 99, this one knows up to \d+\): upgrade speechcoach"


def test_a_newer_report_in_a_file_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "newer.json"
    file.write_text(json.dumps({**to_dict(report()), "schema": 99}), "utf-8")
    with pytest.raises(ContentError, match=rf"newer\.json cannot be read\. .*{NEWER}"):
        read(file)


def test_a_newer_report_in_the_history_is_refused_in_a_sentence():
    with History.open() as history:
        number = history.add_json(json.dumps({**to_dict(report()), "schema": 99}))
        for ask in (history.plain, history.report):
            with pytest.raises(HistoryError, match=rf"Take {number} cannot be read\. .*{NEWER}"):
                ask(number)


@pytest.mark.parametrize(
    "written",
    ["", "no JSON", "[" * 100_000, "[]", "7", "{}", '{"schema": "1"}', '{"schema": true}',
     '{"schema": 0}', '{"schema": 1}', '{"schema": 1, "recording": [], "engine": null}',
     f'{{"schema": {SCHEMA}}}'],
)  # fmt: skip
def test_what_is_no_report_is_named_with_the_next_step(tmp_path, written):
    file = tmp_path / "broken.json"
    file.write_text(written)
    with pytest.raises(ContentError, match=re.escape(str(file))) as caught:
        read(file)
    assert str(caught.value).endswith("'analyze --format json' makes one.")


def test_a_report_that_is_not_there_or_not_text_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"There is no file .*gone\.json"):
        read(tmp_path / "gone.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match=r"bytes\.json cannot be read\. .*not UTF-8"):
        read(tmp_path / "bytes.json")
