"""The guides that come with the program: every one keeps the promises that the code relies on."""

import pytest

from speechcoach.content import judge, opinions
from speechcoach.content.wording import worded
from speechcoach.errors import UnknownNameError
from speechcoach.guides import Bank, built_in, load_bank, load_guide
from speechcoach.guides.guide import names
from speechcoach.judging.norms import load_norms

CONTRACT = """
foundation  tell-me-about-yourself  present-past-future  90 120
    present past future us-goal / cv-recital
foundation  why-diagnostic-radiology  open  60 120
    early-exposure concrete-experience strengths-fit care-impact consultant-role
    / lifestyle-lead dark-room-cliche
foundation  why-abroad  open  45 90
    proactive-reason honest-brief growth return-to-us / defensive
radiology  radiologist-day  open  60 120
    workflow communication teaching non-interpretive / only-pictures
radiology  subspecialty-interest  open  45 90
    named-areas clinical-link strengths-link openness / vague
radiology  handling-uncertainty  open  45 90
    acknowledges systematic states-certainty seeks-input / overconfident
radiology  preparation-as-img  open  60 120
    us-electives research-qi meetings courses us-letters /
behavioral  conflict  star  90 150
    empathy direct-communication resolution lesson / blame
behavioral  mistake  star  90 150
    real-mistake disclosure correction prevention / fake-weakness
behavioral  difficult-team-member  star  90 150
    respect common-ground patient-focus / blame
behavioral  pressure  star  90 150
    triage composure asks-help /
img  us-connection  open  60 90
    us-rotations us-research us-volunteering us-conferences /
img  challenges-abroad  open  60 120
    concrete-challenge strategies growth /
img  disadvantage  open  45 90
    acknowledges preparation strength / defensive
fit  why-our-program  open  60 90
    curriculum program-strength call-system teaching-style homework / generic-praise
fit  looking-for  open  60 90
    graded-autonomy balanced-exposure research-support culture support / lifestyle-only
fit  five-ten-years  open  45 90
    commitment setting practice-style contribution /
fit  questions-for-us  open  20 60
    autonomy-call feedback early-exposure ai-informatics img-support / no-questions
challenge  exam-setback  open  30 75
    brief-context what-changed sustained-improvement / excuses
challenge  timeline-gap  open  30 75
    brief-context learned improved / excuses
challenge  limited-experience  open  45 90
    honest related-activity understands-role /
challenge  lifestyle  open  30 75
    interest-first patient-centered balance-acknowledged / lifestyle-lead
"""


GUIDES = [built_in(name) for name in names()]
QUESTIONS = [(guide, question) for guide in GUIDES for question in guide.questions]
FORMS = [(guide, form) for guide in GUIDES for form in guide.forms.values()]


def each(cases):
    return pytest.mark.parametrize(
        ("guide", "one"), cases, ids=[f"{guide.name}-{one.id}" for guide, one in cases]
    )


# What every guide keeps


def test_a_built_in_guide_is_found_by_its_name_alone():
    assert "radiology" in names()
    assert load_guide() is load_guide("radiology") is built_in()


@each(QUESTIONS)
def test_every_element_has_sentences_that_show_it_and_near_misses(guide, one):
    assert one.elements
    for element in (*one.elements, *one.avoid):
        assert len(element.examples) >= 8, element.id
        assert len(element.near_misses) >= 5, element.id


@each(QUESTIONS)
def test_no_sentence_stands_for_two_things(guide, one):
    sentences = [
        sentence
        for element in (*one.elements, *one.avoid)
        for sentence in (*element.examples, *element.near_misses)
    ]
    assert len(set(sentences)) == len(sentences)


@each(QUESTIONS)
def test_an_element_and_a_thing_to_avoid_are_never_called_the_same(guide, one):
    ids = [element.id for element in (*one.elements, *one.avoid)]
    assert len(set(ids)) == len(ids)


@each(QUESTIONS)
def test_every_window_is_one_that_a_person_can_keep(guide, one):
    shortest, longest = one.seconds
    assert shortest >= 10
    assert shortest + 15 <= longest <= 300


@each(QUESTIONS)
def test_every_kind_is_a_form_of_the_guide_or_open(guide, one):
    assert one.kind in {*guide.forms, "open"}


@each(QUESTIONS)
def test_every_question_says_what_is_assessed_and_how_to_do_well(guide, one):
    assert 2 <= len(one.assesses) <= 4
    assert 3 <= len(one.tips) <= 5


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_guide_reads_as_a_whole(guide):
    assert guide.title
    ids = [question.id for question in guide.questions]
    assert len(set(ids)) == len(ids) > 0
    assert len({form.key for form in guide.forms.values()}) == len(guide.forms)
    assert load_norms(guide.norms).norm
    assert opinions(guide.opinions).phrasing


@each(FORMS)
def test_every_form_has_advice_for_each_part_and_a_source(guide, one):
    assert one.source
    assert one.answers
    assert sum(part.weight for part in one.parts) == 100
    for part in one.parts:
        assert part.meaning
        assert part.missing
        assert part.short
        assert part.long
        assert 0 < part.usual[0] < part.usual[1] < 1
    assert sum(part.usual[0] for part in one.parts) < 1 < sum(part.usual[1] for part in one.parts)


@each(FORMS)
def test_every_form_can_tell_its_parts(guide, one):
    said = worded(["I was on the ward.", "I called her.", "She was fine."])
    told = judge.read(said, None, one).parts
    assert len(told) == 3
    assert set(told) <= {*(part.id for part in one.parts), "none"}


# Radiology's


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


def described(question) -> list[str]:
    low, high = (f"{seconds:g}" for seconds in question.seconds)
    ids = [[element.id for element in part] for part in (question.elements, question.avoid)]
    return [question.category, question.id, question.kind, low, high, *ids[0], "/", *ids[1]]


def test_the_ids_kinds_and_lengths_are_those_of_the_contract(bank):
    assert " ".join(word for q in bank.values() for word in described(q)).split() == (
        CONTRACT.split()
    )


def test_the_forms_have_the_parts_of_the_contract():
    forms = built_in().forms
    assert [part.id for part in forms["star"].parts] == ["situation", "task", "action", "result"]
    assert [part.moment for part in forms["star"].parts] == ["scene", "aim", "steps", "ending"]
    assert [p.id for p in forms["present-past-future"].parts] == ["present", "past", "future"]
    assert [form.story for form in forms.values()] == [True, False]


def test_categories_come_in_the_order_of_the_bank(bank):
    assert bank.categories == ("foundation", "radiology", "behavioral", "img", "fit", "challenge")
    assert [q.id for q in bank.of_category("Behavioral")] == [
        "conflict",
        "mistake",
        "difficult-team-member",
        "pressure",
    ]


def test_unknown_question_and_category_name_the_nearest(bank):
    with pytest.raises(UnknownNameError, match="question called 'conflct': did you mean conflict"):
        bank["conflct"]
    with pytest.raises(UnknownNameError, match="'behaviour': did you mean behavioral"):
        bank.of_category("behaviour")
    assert "conflct" not in bank
