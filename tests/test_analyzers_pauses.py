from dataclasses import replace

import numpy as np
import pytest
from sound_support import SAMPLES, answer_of, drawn, truth

from speechcoach.analyzers.pauses import ends_clause, measure_pauses, pauses
from speechcoach.data import Filler, Word
from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames


def words(text, *, each=0.5):
    return [Word(w, i * each, (i + 1) * each) for i, w in enumerate(text.split())]


def edges(found):
    return [(round(p.start, 3), round(p.end, 3)) for p in found]


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("##...##", [(0.195, 0.495)]),
        ("..##...##....", [(0.395, 0.695)]),  # silence outside of the answer is no pause
        ("##..##", []),  # 0.2 s
        ("##....s###....##", [(0.195, 0.595), (0.995, 1.395)]),
        ("##....#....##", [(0.195, 0.595), (0.695, 1.095)]),  # a filled pause breaks a silence
        ("....", []),
        ("", []),
    ],
)
def test_pauses_are_silences_inside_the_answer(drawing, expected):
    assert edges(pauses(drawn(drawing), ())) == expected


@pytest.mark.parametrize(("gap", "found"), [(24, 0), (25, 1), (26, 1)])
def test_a_silence_is_a_pause_from_a_quarter_second(gap, found):
    signal = drawn("#" * 10)
    speech = signal.speech.copy()
    speech[40 : 40 + gap] = False
    assert len(pauses(replace(signal, speech=speech), ())) == found


def test_the_shortest_pause_can_be_chosen():
    assert edges(pauses(drawn("##..##....##"), (), shortest=0.1)) == [
        (0.195, 0.395),
        (0.595, 0.995),
    ]


def test_the_clock_runs_the_same_in_both_directions():
    drawing = "..##...####.....#s.##......##."
    forth, back = pauses(drawn(drawing), ()), pauses(drawn(drawing[::-1]), ())
    last = (len(drawing) * 10 - 1) * 0.01
    assert (
        edges(forth)
        == [(round(last - end, 3), round(last - start, 3)) for start, end in edges(back)][::-1]
    )


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("I called. They came.", 2, True),
        ("I called, they came.", 2, True),
        ("I called them. Yes.", 2, False),
        ('He said "stop." Then', 3, True),
        ("First (of two): this.", 3, True),
        ("Really? Yes.", 1, True),
        ("I left. Um, then I", 2, True),
        ("I left. Um, then I", 3, True),
        ("I was, um, there.", 2, False),  # the commas are the hesitation's
        ("I was, um, there.", 3, False),
        ("I was um there. Yes.", 3, False),
        ("Um, I was there.", 1, False),  # nothing said yet that could end
        ("I was there.", 0, False),
    ],
)
def test_punctuation_tells_where_a_clause_ends(text, count, expected):
    assert ends_clause(words(text), count) is expected


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("i called them and they came", 3, True),
        ("i called them and they came", 4, False),
        ("i called them and they came", 2, False),
        ("it was late um so we left", 3, True),
        ("it was late um so we left", 4, True),
        ("it was late", 3, False),
    ],
)
def test_without_punctuation_a_conjunction_tells(text, count, expected):
    assert ends_clause(words(text), count) is expected


def test_the_word_before_a_pause_may_reach_into_it():
    answer = drawn("##########.....##########")
    said = [Word("done.", 0.5, 1.2), Word("Next", 1.3, 2.0), Word("one", 2.0, 2.4)]
    assert [p.kind for p in pauses(answer, said)] == ["clause_end"]
    said[0] = Word("done", 0.5, 1.2)
    said[2] = Word("one.", 2.0, 2.4)
    assert [p.kind for p in pauses(answer, said)] == ["mid_clause"]


def test_words_without_times_still_leave_the_pauses():
    assert [p.kind for p in pauses(drawn("##...##"), [Word("a."), Word("b")])] == ["mid_clause"]


def measured(drawing, texts=("One", "two.")):
    signal = drawn(drawing)
    seconds = (signal.speech.size - 1) * signal.hop
    answer = answer_of(np.zeros(round(seconds * 16_000)), texts)
    answer = replace(answer, frames=signal, pauses=pauses(signal, answer.transcript.words))
    return dict(measure_pauses(answer))


def test_figures_are_over_the_speaking_time():
    found = measured("." * 5 + "#" * 30 + "." * 25 + "#" * 35 + "." * 10 + "#" * 20 + "." * 5)
    assert found["pause_rate"].value == pytest.approx(2 / 12 * 60, rel=1e-3)
    assert found["pause_share"].value == pytest.approx(3.5 / 12, rel=1e-3)
    assert found["longest_pause"].value == pytest.approx(2.5)
    assert edges(found["longest_pause"].spans) == [(3.495, 5.995)]
    assert found["long_pauses"].value == 1.0
    assert edges(found["long_pauses"].spans) == [(3.495, 5.995)]
    assert found["time_to_first_word"].value == pytest.approx(0.495)


def test_an_answer_without_pauses_has_none_of_them():
    found = measured("##########")
    assert {name: m.value for name, m in found.items()} == {
        "pause_rate": 0, "mid_clause_pause_rate": 0, "pause_share": 0, "longest_pause": 0,
        "long_pauses": 0, "time_to_first_word": 0,
    }  # fmt: skip
    assert not any(m.spans for name, m in found.items() if name != "time_to_first_word")


def test_without_words_nobody_can_say_whether_a_pause_ends_a_clause():
    found = measured("##...##", texts=())
    assert found["pause_rate"].value > 0
    assert found["mid_clause_pause_rate"].value is None


def test_a_hesitation_is_not_yet_the_first_word():
    signal = drawn(".####......######")
    answer = answer_of(np.zeros(27_200), ("Um,", "well", "then"))
    um = Filler("um", "filled_pause", (0, 1), 0.1, 0.5, 1.0)
    said = (Word("Um,", 0.1, 0.5), Word("well", 1.1, 1.4), Word("then", 1.4, 1.7))
    answer = replace(
        answer,
        frames=signal,
        fillers=(um,),
        transcript=replace(answer.transcript, words=said),
    )
    assert dict(measure_pauses(answer))["time_to_first_word"].value == pytest.approx(1.1)


@pytest.mark.parametrize("sample", ["pressure-too-short", "handling-uncertainty-long-pauses"])
def test_every_pause_of_a_sample_is_found_within_80_ms_and_none_invented(sample):
    silences = truth(sample)["pauses"]
    found = edges(pauses(frames(load(SAMPLES / f"{sample}.flac").audio), ()))
    true = [pause for pause in silences if pause[1] - pause[0] >= 0.5]
    for start, end in true:
        assert any(abs(a - start) <= 0.08 and abs(b - end) <= 0.08 for a, b in found), start
    for start, end in found:
        overlap = any(min(b, end) > max(a, start) for a, b in silences)
        assert overlap or end - start < 0.5
