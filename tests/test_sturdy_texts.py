"""Texts as people have them: tables of kinds, each row one that went wrong or could have."""

import io
import json
import sys
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sound_support import SAMPLES

from speechcoach.alignment.spoken import readings
from speechcoach.batch.files import answers
from speechcoach.cli import main
from speechcoach.coach import ALL_VOICES, Coach, Settings
from speechcoach.content.wording import clean
from speechcoach.data import Utterance
from speechcoach.engines.given import placed
from speechcoach.errors import AudioError
from speechcoach.transcripts import docx, read
from speechcoach.transcripts.answer import said

DATA = Path(__file__).parent / "data"
TEXTS = DATA / "texts"
TABLE = tomllib.loads((DATA / "transcripts.toml").read_text("utf-8"))["transcript"]


def words(answer):
    return [word.text for word in answer.words]


# Transcripts.


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_the_answer_is_found_in_a_transcript(row):
    found = said(row["text"], "take.txt")
    assert words(found) == row["words"].split()
    turns = [[round(turn.start, 1), round(turn.end, 1)] for turn in found.turns]
    assert turns == row.get("turns", [])
    assert sorted(found.breaks) == row.get("breaks", [])
    assert bool(found.speakers) == ("named" in row)
    assert row.get("named", "") in found.speakers


@pytest.mark.parametrize("row", [row for row in TABLE if "turns" in row], ids=lambda r: r["name"])
def test_times_of_words_are_in_order_and_inside_a_turn(row):
    found = said(row["text"], "take.txt")
    edges = [time for word in found.words for time in (word.start, word.end)]
    assert edges == sorted(edges)
    for word in found.words:
        assert any(t.start - 1e-6 <= word.start <= word.end <= t.end + 1e-6 for t in found.turns)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_transcript_reads_the_same_whatever_ends_its_lines(line_end):
    for row in TABLE:
        text = row["text"].replace("\n", line_end)
        assert words(said(text, "take.txt")) == row["words"].split(), row["name"]


@pytest.mark.parametrize("name", ["filler_answers.txt", "filler_sentences.txt"])
def test_plain_answers_keep_every_word(name):
    text = (DATA / name).read_text("utf-8").replace("[", "").replace("]", "")
    found = said(text, name)
    assert words(found) == text.split()
    assert (found.turns, found.speakers, found.stamps) == ((), "", "")


PLAIN = [
    "Note: I was late.",
    "So this is my answer: I was late.\nNote: so was he.\nNote: we both were.",
    "Situation: a ward.\nTask: mine.\nAction: I went.\nResult: good.",
    "Situation: one.\nResult: good.\n\nSituation: two.\nResult: better.",
    "At 10:30 I went.\n10:45 was too late.",
    "10:30 - 11:15 I sat there.\n11:20 - 12:00 I left.",
    "9:05 I woke.\n9:20 I ran.\n10:15 I came.",
    "John 3:16 is what he read.\nMark 4:20 is what I read.",
    "First: I called.\nSecond: I waited.\nFirst: I said so.",
    "Monday: rounds.\nTuesday: clinic.\nMonday: rounds.",
    "He told me: go home.\nI said: no.\nHe told me: go.",
    "Question: was it right? I think so.",
    "A: the first reason. B: the second reason.",
    "I scored 4:1 and 3:2 in (the senior) match [of ours].",
    "It was (long) and (short), a pause for thought.",
    "PS: thanks.\nPS: bye.",
    "Me: hi there\nand so on\nmy answer is this\nit goes on",
    "The ratio was 1:20 and then --> nothing.",
    "42\nis the number\n43\nis the next",
    "WEBVTT is a format that I know.",
    ">> I quote one line\nand go on",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_a_stamp_or_a_label_stays(text):
    found = said(text, "plain.txt")
    assert words(found) == text.split()
    assert found.turns == ()


def test_who_asks_is_never_the_answer_however_long_they_speak():
    text = "Interviewer: {}\nJane: Yes.\nInterviewer: {}\nJane: No."
    found = said(text.format("Well then. " * 50, "And so on. " * 50), "take.txt")
    assert words(found) == ["Yes.", "No."]


def test_who_answers_goes_before_who_says_most():
    text = "Jane: {}\nCandidate: Yes, I did.\nJane: Fine.\nCandidate: I did."
    assert words(said(text.format("Well then. " * 50), "take.txt")) == "Yes, I did. I did.".split()


def test_only_those_who_ask_leave_nothing(tmp_path):
    path = tmp_path / "take.txt"
    path.write_text("Interviewer: Why?\nExaminer: Why not?\n")
    report = Coach(Settings()).analyze(path)
    assert report.transcript.words == ()
    assert "only Interviewer and Examiner is named" in report.warnings[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[00:10] One two.\n[00:05] Three four.", "go back in time"),
        ("[00:00] One two three.", "do not tell when it ends"),
        ("[00:00.000 --> 00:00.100] One two three four five.", "which nobody can"),
    ],
)
def test_stamps_that_cannot_be_times_give_none_and_say_so(text, says):
    found = said(text, "take.txt")
    assert found.turns == ()
    assert all(word.start is None for word in found.words)
    assert says in found.stamps


# The cases that were handed in, each beside its control.


def report(name, **options):
    return Coach(Settings()).analyze(TEXTS / name, question="conflict", **options)


@pytest.fixture(scope="module")
def control():
    return report("control-clean.txt")


@pytest.mark.parametrize("name", ["pasted-srt.txt", "whisper-standalone.txt"])
def test_stamps_change_nothing_but_the_times(control, name):
    stamped = report(name)
    assert [w.text for w in stamped.transcript.words] == [w.text for w in control.transcript.words]
    assert [s.text for s in stamped.transcript.sentences] == [
        s.text for s in control.transcript.sentences
    ]
    assert stamped.scores["content"] == control.scores["content"] > 50
    assert stamped.measurements["speaking_time"].value == 48.0
    said_words = control.measurements["word_count"].value
    assert stamped.measurements["speech_rate"].value == pytest.approx(60 * said_words / 48)
    assert stamped.scores["pace"] is not None
    assert "Times come from the stamps" in stamped.warnings[0]
    for needs_sound in ("pause_rate", "articulation_rate", "time_to_first_word", "duration"):
        assert stamped.measurements[needs_sound].value is None


def test_signs_without_a_width_hide_nothing(control):
    hidden = report("zero-width.txt")
    text = (TEXTS / "zero-width.txt").read_text("utf-8")
    assert [w.text for w in hidden.transcript.words] == text.split()
    assert hidden.scores == control.scores
    assert hidden.scores["structure"] == 100
    assert [f.words for f in hidden.fillers] == [f.words for f in control.fillers]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("résumé", "resume"),
        ("résumé", "re\u0301sume\u0301"),
        ("naïve", "naive"),
        ("so\u00adlo", "solo"),
    ],
)
def test_accents_make_no_other_word(one, other):
    sentence = "I had put the wrong date on my {}, so I told them at once."
    assert clean(sentence.format(one)) == clean(sentence.format(other))
    assert placed([one], [Utterance(other, 0.0, 1.0)])[0].text == one
    assert readings(one) == readings(other)


@pytest.mark.engine
def test_stamps_and_labels_beside_sound_are_no_words(tmp_path):
    truth = [json.loads(line) for line in (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()]
    answer = next(t for t in truth if t["id"] == "conflict-strong")
    said_words = [word for word, *_ in answer["words"]]
    path = tmp_path / "said.srt"
    path.write_text(
        "1\n00:00:00,000 --> 00:00:01,000\nInterviewer: Go on.\n\n"
        f"2\n00:00:01,000 --> 00:01:40,000\nCandidate: {' '.join(said_words)}\n"
    )
    found = Coach(Settings()).analyze(SAMPLES / answer["file"], transcript=path)
    assert [w.text for w in found.transcript.words] == said_words  # each um once
    assert "taken to be that of Candidate" in found.warnings[0]
    assert found.warnings[1] == ALL_VOICES


def test_another_speaker_takes_no_time_of_the_answer(tmp_path):
    path = tmp_path / "take.vtt"
    cue = "00:{}.000 --> 00:{}.000\n{}: {}\n\n"
    cues = [(0, 10, "A", "why"), (10, 20, "B", "one two three four five six seven eight nine ten")]
    cues += [(20, 40, "A", "go on"), (40, 50, "B", "eleven twelve thirteen fourteen fifteen")]
    path.write_text(
        "WEBVTT\n\n"
        + "".join(
            cue.format(f"{a:02}", f"{b:02}", f"Speaker {who}", what) for a, b, who, what in cues
        )
    )
    found = Coach(Settings()).analyze(path).measurements
    assert found["speaking_time"].value == 20.0
    assert found["speech_rate"].value == 45.0


# Documents and standard input.


def document(*paragraphs, style=""):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for text in paragraphs
    )
    return f"<w:document {space}><w:body>{body}</w:body></w:document>"


def packed(xml, name=docx.BODY):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return file.getvalue()


def test_a_word_document_is_read_a_paragraph_a_line(tmp_path):
    path = tmp_path / "conflict.docx"
    path.write_bytes(packed(document("Sure, so this happened.", "We had &amp; saw it.")))
    found = read(path).said
    assert words(found) == "Sure, so this happened. We had & saw it.".split()
    assert found.breaks == {4}


def test_headings_breaks_and_what_was_deleted_in_a_document():
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    other = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml = (
        f"<w:document {space} {other}><w:body>"
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>My answer</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>.</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>.</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
        "</w:body></w:document>"
    )
    assert docx.text("a.docx", packed(xml)) == "\nOne\ntwo\tthree.\n"


BILLION = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + document(
    "&b;" * 10
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04 cut short", "no Word document"),
        (packed(document("x"))[:-30], "no Word document"),
        (packed("<a>", name="other.xml"), "it holds no document"),
        (packed("<w:document><w:p>"), "no Word document"),
        (packed(BILLION), "document type"),
        (packed(BILLION.encode("utf-16")), "document type"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
            "encrypted, or in the format of Word 97",
        ),
        (b"", "is empty"),
    ],
)
def test_a_broken_document_is_one_sentence(tmp_path, data, says):
    path = tmp_path / "conflict.docx"
    path.write_bytes(data)
    with pytest.raises(AudioError, match=says):
        read(path)


def test_a_document_that_unpacks_beyond_all_bounds_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "LARGEST", 200_000)
    with pytest.raises(AudioError, match="unpacks to more than"):
        docx.text("bomb.docx", packed(document("a " * 150_000)))


MARKDOWN = """---
title: conflict
---
# My answer

**Interviewer:** Tell me about a *conflict*.
**Me:** Sure, so this
happened in [my third year](https://example.org).

---
> **Interviewer:** And then?

**Me:** We `talked`. <!-- not said -->

```
Me: That was it.
```
"""


def test_markdown_is_read_without_its_signs(tmp_path):
    path = tmp_path / "conflict.md"
    path.write_text(MARKDOWN)
    wanted = "Sure, so this happened in my third year. We talked. That was it."
    assert words(read(path).said) == wanted.split()


def test_lines_of_a_wrapped_paragraph_are_one(tmp_path):
    path = tmp_path / "conflict.md"
    path.write_text("- I went\n  there at\n  once\n- and\n  he left\n")
    found = read(path).said
    assert words(found) == "I went there at once and he left".split()
    assert found.breaks == {5}


@pytest.mark.parametrize("name", ["a.txt", "a.srt", "a.VTT", "a.md", "a.docx"])
def test_every_kind_of_transcript_is_analysed(tmp_path, name):
    path = tmp_path / name
    text = "So, um, I went there and I asked him."
    path.write_bytes(packed(document(text)) if name.endswith("docx") else text.encode())
    assert [w.text for w in Coach(Settings()).analyze(path).transcript.words] == text.split()


def test_a_dash_is_standard_input():
    text = "So, um, I went there and I asked him."
    run = CliRunner().invoke(main, ["analyze", "-", "--format", "json", "--no-save"], input=text)
    assert run.exit_code == 0
    found = json.loads(run.stdout)
    assert [word["text"] for word in found["transcript"]["words"]] == text.split()
    assert found["recording"]["path"] is None
    assert found["recording"]["name"] == "standard input"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Standard input is empty"),
        (b"\xff\xd8\xff\xe0 jpeg", "Standard input is not UTF-8 text"),
        (b"a" * 4_000_001, "Standard input is too large"),
    ],
)
def test_what_cannot_be_read_from_standard_input_is_one_sentence(monkeypatch, data, says):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    with pytest.raises(AudioError, match=says):
        read(Path("-"))


# Folders.


def test_a_batch_takes_every_kind_of_transcript_and_no_readme(tmp_path):
    kept = ["a.txt", "b.SRT", "c.vtt", "d.md", "e.docx"]
    for name in [*kept, "README.md", "changelog.md", "~$e.docx", "f.pdf", ".g.txt"]:
        (tmp_path / name).write_text("x")
    assert [path.name for path in answers(tmp_path)] == kept
