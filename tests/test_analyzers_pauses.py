from dataclasses import replace

import numpy as np
import pytest
from sound_support import answer_of, drawn

from speechcoach.analyzers.pauses import pauses
from speechcoach.content.clauses import pauses as placed
from speechcoach.data import Filler, Word
from speechcoach.sound.pauses import silences


def edges(found):
    return [(round(p.start, 3), round(p.end, 3)) for p in found]


def measured(drawing, texts=("One", "two.")):
    signal = drawn(drawing)
    seconds = (signal.speech.size - 1) * signal.hop
    answer = answer_of(np.zeros(round(seconds * 16_000)), texts)
    answer = replace(
        answer, frames=signal, pauses=placed(silences(signal), answer.transcript.words)
    )
    return dict(pauses(answer))


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
    assert dict(pauses(answer))["time_to_first_word"].value == pytest.approx(1.1)
