"""Silences inside an answer: drawn by hand, and those of the samples, which are known."""

from dataclasses import replace

import pytest
from sound_support import SAMPLES, drawn, truth

from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames
from speechcoach.sound.pauses import silences


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
    assert edges(silences(drawn(drawing))) == expected


@pytest.mark.parametrize(("gap", "found"), [(24, 0), (25, 1), (26, 1)])
def test_a_silence_is_a_pause_from_a_quarter_second(gap, found):
    signal = drawn("#" * 10)
    speech = signal.speech.copy()
    speech[40 : 40 + gap] = False
    assert len(silences(replace(signal, speech=speech))) == found


def test_the_shortest_pause_can_be_chosen():
    assert edges(silences(drawn("##..##....##"), shortest=0.1)) == [
        (0.195, 0.395),
        (0.595, 0.995),
    ]


def test_the_clock_runs_the_same_in_both_directions():
    drawing = "..##...####.....#s.##......##."
    forth, back = silences(drawn(drawing)), silences(drawn(drawing[::-1]))
    last = (len(drawing) * 10 - 1) * 0.01
    assert (
        edges(forth)
        == [(round(last - end, 3), round(last - start, 3)) for start, end in edges(back)][::-1]
    )


@pytest.mark.parametrize("sample", ["pressure-too-short", "handling-uncertainty-long-pauses"])
def test_every_pause_of_a_sample_is_found_within_80_ms_and_none_invented(sample):
    true_silences = truth(sample)["pauses"]
    found = edges(silences(frames(load(SAMPLES / f"{sample}.flac").audio)))
    true = [pause for pause in true_silences if pause[1] - pause[0] >= 0.5]
    for start, end in true:
        assert any(abs(a - start) <= 0.08 and abs(b - end) <= 0.08 for a, b in found), start
    for start, end in found:
        overlap = any(min(b, end) > max(a, start) for a, b in true_silences)
        assert overlap or end - start < 0.5
