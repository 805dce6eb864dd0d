"""What hurts any answer: identifiers, clichés, blame, jargon, hedging, how it opens and ends."""

import pytest
from content_support import about, judge, question

from speechcoach.content.checks import find
from speechcoach.content.opinions import opinions
from speechcoach.content.sentences import quote
from speechcoach.data import Sentence, Span

FINE = """
I spent my third year in Galway and most of my evenings in the reading room.
The registrar there let me open each case before she did, and she told me what I'd missed.
By the summer I could read a chest film in a way that she'd sign.
"""

IDENTIFIERS = [
    "I looked after Mrs. Alvarez in room 12 for two weeks.",
    "There was a man in bed four, Mr. Kowalski, who'd had a stroke.",
    "mr kowalski in room twelve had a stroke and nobody saw it",
    "His date of birth was March 3rd, 1961, and I'd copied the wrong one.",
    "She was born on January 12 and it was on both of the charts.",
    "I typed medical record number 4482913 into the wrong window.",
    "The MRN was 448 291 and I'd switched two of the digits.",
    "My patient named Dorothy Hale had waited for three days.",
    "Her chart number four four eight two nine one was on the wrong film.",
    "I went to see Maria Lopez in room 7 that night.",
    "Mr. Chen was a sixty-four-year-old man with a cough.",
]

NO_IDENTIFIERS = [
    "I was born in Newark, New Jersey, in 1996.",
    "We had a man in his sixties with a swollen leg.",
    "Let's talk about the man in bed four instead.",
    "I checked the name and the date of birth out loud every time.",
    "I've kept a record of every case since 2019.",
    "The waiting room was full and Dr. Patel was on the phone.",
    "My attending, Dr. Bell, walked into the reading room.",
    "I asked for the medical record and read it twice.",
    "There were 12 beds and I had room for two more.",
    "A patient called to say that she was better.",
]


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_a_patient_who_could_be_recognised_is_flagged_first(text: str) -> None:
    content = judge(f"I'm a team player.\n{text}\nSo yeah.", None)
    assert content.findings[0].about == "content.identifier"
    assert content.findings[0].level == "work"
    assert "HIPAA" in content.findings[0].source


@pytest.mark.parametrize("text", NO_IDENTIFIERS)
def test_what_points_to_nobody_is_not_flagged(text: str) -> None:
    assert about(judge(f"{FINE}{text}\n", None), "content.identifier") == []


def test_a_finding_points_at_the_words_that_it_rests_on() -> None:
    content = judge("I stayed late.\nThe MRN was 448 and I read it.", None, seconds_a_word=0.5)
    (finding,) = about(content, "content.identifier")
    assert finding.spans == (Span(2.0, 3.5),)


def test_a_text_without_times_has_findings_without_spans() -> None:
    (finding,) = about(judge("The MRN was 448.", None), "content.identifier")
    assert finding.spans == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cliche", "I'm a hard worker and I'm very passionate about medicine."),
        ("cliche", "You have a great program with a very diverse pathology."),
        ("cliche", "Ever since I was a little kid I wanted to be a doctor."),
        ("blame", "They lost my paperwork and it wasn't my fault."),
        ("blame", "The residents were all lazy and people like that shouldn't be in medicine."),
        ("jargon", "I leverage my bandwidth to drive synergies with all stakeholders."),
    ],
)
def test_wording_that_hurts_is_named(name: str, text: str) -> None:
    (finding,) = about(judge(FINE + text, None), f"content.{name}")
    assert finding.advice
    assert finding.source
    assert "“" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "She was a hard worker and I learned from her.",
        "The patient said that it was his fault that he had missed the dose, and I sat with him.",
        "I used every stakeholder meeting to ask one thing.",
        "The system of triage that we used was simple.",
        "It was unfair weather for a picnic, so we stayed in and read films.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    names = {f.about for f in judge(FINE + text, None).findings}
    assert not names & {"content.cliche", "content.jargon"}


@pytest.mark.parametrize(
    "ending",
    [
        "So yeah.",
        "so um yeah",
        "So, um, that's it.",
        "And that's pretty much it, I guess.",
        "It was good for the team and stuff.",
        "I learned a lot from it, so.",
        "so yeah that was the gap.",
        "That's basically all.",
    ],
)
def test_an_ending_that_trails_off_is_noticed(ending: str) -> None:
    assert len(about(judge(FINE + ending, None), "content.ending")) == 1


@pytest.mark.parametrize(
    "ending",
    [
        "That is the job I want.",
        "I've checked twice ever since.",
        "So I came home, and I'm ready.",
        "Yes, and I would do it again.",
        "That's where I want to be in ten years.",
    ],
)
def test_an_ending_that_ends_is_left_alone(ending: str) -> None:
    assert about(judge(FINE + ending, None), "content.ending") == []


@pytest.mark.parametrize(
    "opening", ["Wow, that's a really good question.", "Um, where do I start?", "What can I say."]
)
def test_an_opening_that_does_not_answer_is_noticed(opening: str) -> None:
    assert len(about(judge(opening + FINE, None), "content.opening")) == 1
    assert about(judge(FINE + FINE + opening, None), "content.opening") == []


def test_a_story_that_starts_late_is_noticed() -> None:
    talk = """
        I think teamwork matters more than anything else in medicine, and people forget that.
        You always have to communicate, and everybody has to respect everybody else, I believe.
        It's important to stay humble, too, whatever happens.
        """
    story = """
        In my third year our ward in Cork lost its only monitor on a Sunday.
        I made a list of who was sickest and I sat with the two at the top.
        """
    late = judge(talk + story, question("star"))
    assert len(about(late, "content.opening")) == 1
    assert about(judge(story, question("star")), "content.opening") == []


def test_rambling_counts_words_and_not_fillers() -> None:
    thought = "I went there " + "and then I saw a man with a leg " * 4
    assert about(judge(FINE + "um, uh, " * 30 + thought, None), "content.rambling") == []
    (finding,) = about(judge(FINE + thought + thought, None), "content.rambling")
    assert "over 40 words" in finding.message


def test_hedging_is_a_rate() -> None:
    hedges = "I guess maybe it was probably sort of a good idea, I think."
    assert about(judge(FINE * 6 + hedges, None), "content.hedging") == []
    (finding,) = about(judge(FINE + hedges, None), "content.hedging")
    assert "5 softening words" in finding.message


def test_a_plain_answer_gets_no_remark() -> None:
    assert judge(FINE, None).findings == ()


def test_nothing_and_one_word_are_fine() -> None:
    assert judge("", None).findings == ()
    assert judge("Yes", None).sentences[0].text == "Yes"


def test_a_place_is_found_once_however_many_patterns_match() -> None:
    (identifier,) = [w for w in opinions().phrasing if w.id == "identifier"]
    text = "Mrs. Alvarez in room 12, room 12, the one with Mrs. Alvarez."
    found = find(identifier, [Sentence((0, 11), None, None, text)])
    assert len({said.words[0] for said in found}) == len(found)


def test_quotes_are_cut_at_a_word() -> None:
    assert quote("one two three", most=2) == "“one two…”"
    assert quote("one two", most=2) == "“one two”"


def test_every_opinion_has_a_source_and_advice() -> None:
    norms = opinions()
    remarks = [*norms.phrasing, norms.rambling, norms.hedging, norms.opening]
    story = norms.story
    remarks += [story.set_up, story.order, story.team, story.outcome, story.imagined]
    for remark in remarks:
        assert remark.advice
        assert remark.source


def test_messages_read_as_the_start_of_a_sentence() -> None:
    everything = f"{FINE}I'm a team player and it wasn't my fault.\n{IDENTIFIERS[0]}\nSo yeah."
    for kind in ("star", "open"):
        for finding in judge(everything, question(kind)).findings:
            assert not finding.message[0].islower()
            assert not finding.message.endswith(".")  # the report adds the advice behind it
            assert not finding.advice or finding.advice.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "!!!",
        "...\n???",
        "日本語 テスト です",
        "😀 " * 50,
        "a" * 5000,
        "I " * 300,
        "So.\nYeah.\n" * 200,
    ],
)
@pytest.mark.parametrize("kind", ["star", "present-past-future", "open"])
def test_odd_texts_are_judged_like_any_other(text: str, kind: str) -> None:
    content = judge(text, question(kind))
    assert [i for s in content.sentences for i in range(*s.words)] == list(range(len(text.split())))
    assert all(0 <= part.share <= 1 for part in content.structure.parts.values())
