"""The sample answers are what their truth says: measured in the sound itself, without a voice."""

import json
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_audio"
TRUTH = [json.loads(line) for line in (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()]
RATE = 16_000
REVERBERATION = 0.06  # seconds in which a noisy sample's room dies away below its noise

each_sample = pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["id"])


def sound(truth):
    samples, rate = soundfile.read(SAMPLES / truth["file"])
    assert rate == RATE
    return samples


def level(samples, start, end):
    """Return the RMS level of a stretch in dB re full scale."""
    part = samples[round(start * RATE) : round(end * RATE)]
    return 10 * np.log10(np.mean(part**2) + 1e-12)


def speech_level(samples, truth):
    return np.median([level(samples, start, end) for _, start, end in truth["words"]])


def quiet_stretches(samples, threshold, shortest):
    """Return (start, end) of runs of 10 ms frames below `threshold` dB, `shortest` s and more."""
    frames = samples[: samples.size // 160 * 160].reshape(-1, 160)
    quiet = 10 * np.log10((frames**2).mean(axis=1) + 1e-12) < threshold
    edges = np.flatnonzero(np.diff(np.r_[False, quiet, False].astype(int))) * 160 / RATE
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(a, b) for a, b in pairs if b - a >= shortest]


def test_there_are_eight_answers_of_40_to_120_seconds_and_12_megabytes():
    assert len(TRUTH) == 8
    assert all(40 <= truth["duration_s"] <= 120 for truth in TRUTH)
    assert sum((SAMPLES / truth["file"]).stat().st_size for truth in TRUTH) <= 12_000_000


def test_every_answer_has_truth_and_the_readme_names_it():
    assert {truth["file"] for truth in TRUTH} == {path.name for path in SAMPLES.glob("*.flac")}
    readme = (SAMPLES / "README.md").read_text("utf-8")
    assert [truth["file"] for truth in TRUTH if truth["file"] not in readme] == []


def test_two_answers_have_room_noise():
    assert sum(truth["noise"] for truth in TRUTH) == 2


@each_sample
def test_format(truth):
    info = soundfile.info(SAMPLES / truth["file"])
    assert (info.format, info.subtype) == ("FLAC", "PCM_16")
    assert (info.channels, info.samplerate) == (1, RATE)
    assert info.frames / RATE == pytest.approx(truth["duration_s"], abs=1e-4)
    assert np.abs(sound(truth)).max() < 0.9


@each_sample
def test_file_name_starts_with_its_question(truth):
    from speechcoach.guides import load_bank

    assert truth["question"] in load_bank()
    assert truth["file"].startswith(truth["question"] + "-")


@each_sample
def test_words_follow_one_another_inside_the_recording(truth):
    times = [time for _, start, end in truth["words"] for time in (start, end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= truth["duration_s"]
    assert all(end - start >= 0.02 for _, start, end in truth["words"])


@each_sample
def test_fillers_and_discourse_markers_are_among_the_words(truth):
    spans = [(start, end, text) for text, start, end in truth["words"]]
    assert [tuple(filler) for filler in truth["fillers"]] == [
        span for span in spans if span[2] in ("um", "uh")
    ]
    for first, phrase in truth["discourse"]:
        words = [text for text, _, _ in truth["words"][first : first + len(phrase.split())]]
        assert " ".join(words).lower().replace(",", "").strip(".") == phrase


@each_sample
def test_the_words_are_those_of_the_script(truth):
    scripts = tomllib.loads((SAMPLES / "scripts.toml").read_text("utf-8"))["sample"]
    script = next(script for script in scripts if script["id"] == truth["id"])
    spoken = re.sub(r"\[[\d.]+\]|[<>{},.]", " ", " ".join(script["lines"]))
    assert [text.strip(",.") for text, _, _ in truth["words"]] == spoken.split()


@each_sample
def test_pauses_are_silent_and_words_are_not(truth):
    samples = sound(truth)
    speech = speech_level(samples, truth)
    settle = REVERBERATION if truth["noise"] else 0.005
    for start, end in truth["pauses"]:
        assert level(samples, start + settle, end - 0.005) < speech - 25
    for _, start, end in truth["words"]:
        assert level(samples, start, end) > speech - 16


@each_sample
def test_pauses_start_and_end_where_the_sound_does(truth):
    samples = sound(truth)
    floor = level(samples, 0.0, 0.4)
    for start, end in truth["pauses"]:
        heard = [
            (a, b)
            for a, b in quiet_stretches(samples, floor + 6, 0.15)
            if a < end - 0.05 and b > start + 0.05
        ]
        assert len(heard) == 1
        assert heard[0][0] == pytest.approx(start, abs=0.08 if truth["noise"] else 0.04)
        assert heard[0][1] == pytest.approx(end, abs=0.04)


@each_sample
def test_there_is_no_other_silence_between_the_words(truth):
    samples = sound(truth)
    first, last = truth["words"][0][1], truth["words"][-1][2]
    for start, end in quiet_stretches(samples, speech_level(samples, truth) - 30, 0.25):
        inside = start > first and end < last
        assert not inside or any(a < end and b > start for a, b in truth["pauses"])


@each_sample
def test_filled_pauses_are_voiced_and_last_as_long_as_real_ones(truth):
    samples = sound(truth)
    for start, end, _ in truth["fillers"]:
        assert 0.24 <= end - start <= 0.75
        part = samples[round((start + 0.05) * RATE) : round((end - 0.05) * RATE)]
        spectrum = np.abs(np.fft.rfft(part, 2 * part.size)) ** 2
        periodicity = np.fft.irfft(spectrum)
        lags = periodicity[RATE // 300 : RATE // 70]  # a voice between 70 and 300 Hz
        assert lags.max() > 0.5 * periodicity[0]


@each_sample
def test_um_closes_on_a_nasal_and_uh_stays_open(truth):
    samples = sound(truth)
    for start, end, text in truth["fillers"]:
        sixth = (end - start) / 6
        late = bright(samples, start + 4 * sixth, start + 5 * sixth)
        assert late < -18 if text == "um" else late > -12


def bright(samples, start, end):
    """Return the level above 500 Hz over that below, in dB: high in a vowel, low in a nasal."""
    part = samples[round(start * RATE) : round(end * RATE)]
    power = np.abs(np.fft.rfft(part * np.hanning(part.size))) ** 2
    split = round(500 * part.size / RATE)
    return 10 * np.log10(power[split:].sum() / power[:split].sum())


def words_a_minute(truth):
    return 60 * len(truth["words"]) / truth["duration_s"]


def sample(ending):
    return next(truth for truth in TRUTH if truth["id"].endswith(ending))


@pytest.mark.parametrize("ending", ["-too-short", "-too-long", "-strong"])
def test_length_is_what_the_answer_shows(ending):
    from speechcoach.guides import load_bank

    truth = sample(ending)
    shortest, longest = load_bank()[truth["question"]].seconds
    verdict = {
        "-too-short": truth["duration_s"] < shortest,
        "-too-long": truth["duration_s"] > longest,
        "-strong": shortest <= truth["duration_s"] <= longest,
    }
    assert verdict[ending]


def test_the_others_stand_out_from_the_strong_one_in_what_they_show():
    strong = sample("-strong")
    assert words_a_minute(sample("-too-fast")) > 1.25 * words_a_minute(strong)
    assert len(sample("-fillers")["fillers"]) > 4 * len(strong["fillers"])
    longest = [max(b - a for a, b in truth["pauses"]) for truth in (strong, sample("-long-pauses"))]
    assert longest[0] < 1.0
    assert longest[1] > 3.0


def test_the_monotone_answer_has_one_pitch():
    import librosa

    truth = sample("-monotone")
    samples = sound(truth)
    f0 = librosa.yin(samples, fmin=80, fmax=350, sr=RATE)
    loud = librosa.feature.rms(y=samples)[0][: f0.size]
    voiced = f0[loud > 0.25 * loud.max()]
    assert np.median(np.abs(12 * np.log2(voiced / np.median(voiced)))) < 0.2


def test_marks_of_a_script_are_read_in_order(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLES))
    markup = sys.modules.get("markup") or __import__("markup")
    first, second = markup.parse("I, [0.3] <um> {you know}, went."), markup.parse("go, on. [0.7]")
    assert [type(event).__name__ for event in first] == [
        "Phrase", "Silence", "Filler", "Phrase", "Silence", "Phrase",
    ]  # fmt: skip
    assert first[1] == markup.Silence(0.3)
    assert first[3].words[0].marker == first[3].words[1].marker is not None
    assert first[4] == markup.Silence(None)
    assert second[-1] == markup.Silence(0.7)
