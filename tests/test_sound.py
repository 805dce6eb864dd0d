import tracemalloc

import numpy as np
import pytest
from sound_support import RATE, SAMPLES, audio, noise, pulses, silence, tone, truth

from speechcoach.data import Audio
from speechcoach.sound.activity import sounding
from speechcoach.sound.audio import load
from speechcoach.sound.floor import noise_floor
from speechcoach.sound.frames import frames, has_speech
from speechcoach.sound.framing import runs, windows
from speechcoach.sound.level import FLOOR, levels
from speechcoach.sound.pitch import candidates, choose
from speechcoach.sound.pitch import pitch as pitch_at

HOP = 160
MIDDLE = slice(10, -10)


@pytest.fixture(scope="module")
def answer():
    """Return half a minute of a sample answer."""
    whole = load(SAMPLES / "pressure-too-short.flac").audio
    return Audio(whole.samples[: 30 * RATE], RATE)


def pitch(samples):
    """Return the F0 track of samples alone."""
    return pitch_at(samples, RATE, HOP, levels(samples, HOP))


def spoken(sound):
    """Return the runs of speech in seconds, shape (k, 2)."""
    return runs(frames(sound).speech) * 0.01


# Level


@pytest.mark.parametrize("level", [-3.01, -20.0, -50.0, -90.0])
@pytest.mark.parametrize("hz", [100, 440, 3000])
def test_the_level_of_a_sine_is_its_rms(hz, level):
    assert levels(tone(hz, 1, level=level), HOP)[MIDDLE] == pytest.approx(level, abs=0.25)


def test_digital_silence_and_a_constant_offset_have_the_lowest_level():
    assert (levels(silence(1), HOP) == FLOOR).all()
    assert (levels(np.full(RATE, 0.25, dtype=np.float32), HOP) < -100).all()


def test_windows_are_centred_on_the_frames_and_cut_short_at_the_ends():
    impulse = silence(0.1)
    impulse[800] = 1.0
    heard = np.flatnonzero(levels(impulse, HOP) > FLOOR)
    assert heard.tolist() == [4, 5, 6]  # 640, 800 and 960, 200 samples to either side
    assert levels(tone(440, 1), HOP)[[0, -1]] == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("size", [0, 1, 159, 160, 161, 399, 400, 1600])
def test_there_is_a_frame_for_every_hop_that_begins(size):
    found = frames(Audio(np.zeros(size, dtype=np.float32), RATE))
    arrays = (found.level, found.speech, found.voiced, found.f0)
    assert {array.shape for array in arrays} == {(size // HOP + 1,)}
    assert np.isfinite(found.level).all()
    assert not found.speech.any()


@pytest.mark.parametrize("size", [1600, 160 * 1000 - 1, 160 * 1000, 160 * 2001 + 7])
def test_blocks_of_windows_join_without_a_seam(size):
    samples = np.arange(size, dtype=np.float32)
    seen = [(which, block.copy()) for which, block in windows(samples, 400, HOP)]
    assert [w.start for w, _ in seen[1:]] == [w.stop for w, _ in seen[:-1]]
    rows = np.concatenate([block for _, block in seen])
    assert len(rows) == size // HOP + 1
    whole = np.pad(samples, 200)
    for i in (0, 1, len(rows) // 2, len(rows) - 1):
        np.testing.assert_array_equal(rows[i], whole[i * HOP : i * HOP + 400])


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("", []),
        ("..", []),
        ("##", [[0, 2]]),
        (".#..##", [[1, 2], [4, 6]]),
        ("#.#", [[0, 1], [2, 3]]),
    ],
)
def test_runs_are_where_a_mask_is_true(drawing, expected):
    assert runs(np.array([letter == "#" for letter in drawing], dtype=bool)).tolist() == expected


# F0


@pytest.mark.parametrize("hz", [65, 80, 100, 150, 220, 330, 440, 580])
@pytest.mark.parametrize("make", [pulses, tone], ids=["voice-like", "sine"])
def test_f0_of_a_steady_tone(make, hz):
    found = pitch(make(hz, 1))
    assert found.f0[MIDDLE] == pytest.approx(hz, rel=0.01)
    assert found.periodic[MIDDLE].all()


def test_f0_follows_a_glide():
    contour = 100 * 2 ** (np.linspace(0, 8, 3 * RATE) / 12)  # 8 semitones in 3 s
    found = pitch(pulses(contour, 3))
    assert found.f0[MIDDLE] == pytest.approx(contour[::HOP][: found.f0.size - 1][10:-9], rel=0.015)


@pytest.mark.parametrize("level", [-70, -30, -3])
def test_f0_does_not_depend_on_level(level):
    found = pitch(pulses(140, 1, level=level))
    assert found.f0[MIDDLE] == pytest.approx(140, rel=0.01)


def test_f0_survives_noise():
    found = pitch(pulses(140, 2) + noise(2, level=-30))
    right = np.abs(found.f0[MIDDLE] / 140 - 1) < 0.02
    assert right.mean() > 0.99


def test_noise_and_silence_have_no_period():
    assert pitch(noise(5, level=-20)).periodic.mean() < 0.01
    assert not pitch(silence(1)).periodic.any()


def test_the_octave_guard_corrects_strays_in_a_speakers_range():
    f0 = np.full((300, 4), np.nan, dtype=np.float32)
    strength = np.zeros((300, 4), dtype=np.float32)
    f0[:, 0], strength[:, 0] = 120, 0.9
    f0[:, 1], strength[:, 1] = 60, 0.88
    strays = slice(100, 110)  # the double looks a little stronger there
    f0[strays, 0], strength[strays, 0] = 240, 0.93
    f0[strays, 1], strength[strays, 1] = 120, 0.90
    found = choose(f0, strength, np.ones(300, dtype=bool))
    assert (found.f0 == 120).all()
    assert found.voiced.all()


def test_a_resonance_of_the_room_has_no_say_in_the_speakers_range():
    voice = pulses(130, 2, level=-20)
    room = tone(520, 6, level=-60)
    found = pitch(np.concatenate([room, voice, room]))
    assert found.f0[620:780] == pytest.approx(130, rel=0.01)


def test_a_drawn_out_vowel_does_not_fall_by_an_octave():
    wobble = 170 * (1 + 0.004 * np.sin(2 * np.pi * 5 * np.arange(3 * RATE) / RATE))
    low = pulses(105, 1)
    found = pitch(np.concatenate([low, pulses(wobble, 3)]))
    assert found.f0[120:380] == pytest.approx(170, rel=0.02)


def test_a_period_outside_of_the_speakers_range_is_periodic_but_not_voiced():
    f0 = np.full((300, 4), np.nan, dtype=np.float32)
    strength = np.zeros((300, 4), dtype=np.float32)
    f0[:, 0], strength[:, 0] = 120, 0.9
    f0[200:220, 0] = 590
    found = choose(f0, strength, np.ones(300, dtype=bool))
    assert found.periodic.all()
    assert not found.voiced[200:220].any()


def test_candidates_are_ordered_and_empty_ones_are_marked():
    f0, strength = candidates(pulses(100, 0.1)[None, :768], RATE)
    assert f0[0, 0] == pytest.approx(100, rel=0.01)
    f0, strength = candidates(np.zeros((1, 768), dtype=np.float32), RATE)
    assert np.isnan(f0).all()
    assert (strength == 0).all()


# Sound and floor


def test_the_floor_follows_a_fan_that_starts_halfway():
    level = np.concatenate([np.full((3000, 2), -70.0), np.full((3000, 2), -50.0)])
    floor = noise_floor(level.astype(np.float32), np.zeros(6000, dtype=bool), 100)
    assert floor[:2850] == pytest.approx(-70, abs=0.5)
    assert floor[3150:] == pytest.approx(-50, abs=0.5)


def test_sound_is_what_rises_in_any_band_and_fades_to_the_floor():
    level = np.full((2000, 4), -60.0, dtype=np.float32)
    level[500:600, 0] = -30
    level[600:605, 0] = -54  # fades
    level[1000:1100, 3] = -45  # a hiss
    level[1500:1600, 3] = -55  # within the noise
    floor = noise_floor(level, np.zeros(2000, dtype=bool), 100)
    found = runs(sounding(level, floor, 100)).tolist()
    assert np.abs(np.array(found) - [[500, 605], [1000, 1100]]).max() <= 2


LIFT = (18 * (1 - np.exp(-np.arange(100) / 100))).astype(np.float32)


@pytest.mark.parametrize(
    ("bands", "voiced", "lifted"),
    [
        ([0, 1, 2, 3], False, True),  # automatic gain
        ([0, 1, 2], False, True),  # ... through a codec that leaves the highest band out
        ([2, 3], False, False),  # a fricative, a breath
        ([0, 1, 2, 3], True, False),  # a vowel
    ],
)
def test_the_floor_follows_what_rises_slowly_unvoiced_in_every_band(bands, voiced, lifted):
    level = np.full((2000, 4), -60.0, dtype=np.float32)
    level[1000:1100, bands] += LIFT[:, None]
    mask = np.zeros(2000, dtype=bool)
    mask[1000:1100] = voiced
    floor = noise_floor(level, mask, 100)
    assert floor[1000:1090, 0] == pytest.approx(-60 + lifted * LIFT[:90], abs=1 if lifted else 5)
    assert floor[1105:] == pytest.approx(-60, abs=1)


def test_syllables_are_too_sudden_for_the_floor():
    level = np.full((2000, 4), -60.0, dtype=np.float32)
    level[1000:1200] += 30 * np.abs(np.sin(np.arange(200) / 200 * np.pi * 8))[:, None]
    floor = noise_floor(level, np.zeros(2000, dtype=bool), 100)
    assert floor.max() < level.max() - 15


# Speech


def test_an_answer_has_speech_and_its_silences_are_where_they_were_put(answer):
    found = frames(answer)
    assert has_speech(found)
    for start, end in truth("pressure-too-short")["pauses"]:
        if end < 29:
            inner = found.speech[round((start + 0.05) * 100) : round((end - 0.05) * 100)]
            assert not inner.any()
            assert found.speech[round((start - 0.08) * 100) : round(start * 100)].any()
            assert found.speech[round(end * 100) : round((end + 0.08) * 100)].any()


def not_speech():
    time = np.arange(8 * RATE) / RATE
    rng = np.random.default_rng(1)
    decay = np.exp(-3 * (time % 0.4))
    scale = 220 * 2 ** (np.array([0, 4, 7, 12, 9, 5])[(time / 0.4).astype(int) % 6] / 12)
    phase = 2 * np.pi * np.cumsum(scale) / RATE
    arpeggio = decay * sum(np.sin(k * phase) / k for k in range(1, 9))
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (220, 277.2, 329.6))
    hum = sum(np.sin(2 * np.pi * 60 * k * time) / k for k in range(1, 9))
    spectrum = np.fft.rfft(rng.standard_normal(time.size))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(spectrum.size), 100)), time.size)
    clicks = (rng.random(time.size) < 3e-4) * 0.8
    yield "digital silence", 0 * time
    yield "white noise", 0.1 * rng.standard_normal(time.size)
    yield "quiet noise", 0.001 * rng.standard_normal(time.size)
    yield "pink noise", pink / np.abs(pink).max() / 2
    yield "tone", 0.3 * np.sin(2 * np.pi * 440 * time)
    yield "mains hum", 0.1 * hum
    yield "mains hum in noise", 0.1 * hum + 0.02 * rng.standard_normal(time.size)
    yield "chord", 0.2 * chord
    yield "arpeggio", 0.2 * arpeggio
    yield "drums and organ", 0.1 * arpeggio + 0.2 * decay**6 * rng.standard_normal(time.size)
    yield "clicks", clicks
    yield "noise in bursts", 0.1 * rng.standard_normal(time.size) * (np.sin(4 * np.pi * time) > 0)


@pytest.mark.parametrize("sound", [pytest.param(sound, id=name) for name, sound in not_speech()])
def test_noise_tones_and_music_are_not_speech(sound):
    found = frames(audio(sound))
    assert not has_speech(found)
    assert not found.speech.any()


@pytest.mark.parametrize("gain_db", [-30, 10])
def test_gain_moves_the_level_and_nothing_else(answer, gain_db):
    plain = frames(answer)
    found = frames(Audio(answer.samples * np.float32(10 ** (gain_db / 20)), RATE))
    sounding_frames = plain.level > FLOOR + 50
    shift = found.level[sounding_frames] - plain.level[sounding_frames]
    assert shift == pytest.approx(gain_db, abs=0.01)
    assert (found.speech == plain.speech).mean() > 0.998
    same = np.isfinite(found.f0) & np.isfinite(plain.f0)
    np.testing.assert_allclose(found.f0[same], plain.f0[same], rtol=1e-3)


def test_silence_before_shifts_everything_after(answer):
    shift = 3.0
    plain = spoken(answer)
    late = spoken(audio(answer.samples[: round(shift * RATE)] * 0, answer.samples))
    assert late.shape == plain.shape
    assert np.abs(late - plain - shift).max() <= 0.02


def test_opening_a_pause_wider_widens_it_and_moves_nothing_else(answer):
    plain = spoken(answer)
    widest = int(np.argmax(plain[1:, 0] - plain[:-1, 1]))
    cut = round((plain[widest, 1] + plain[widest + 1, 0]) / 2 * RATE)
    room = np.resize(answer.samples[cut - 800 : cut + 800], 2 * RATE)
    wider = spoken(audio(answer.samples[:cut], room, answer.samples[cut:]))
    assert wider.shape == plain.shape
    moved = np.where(np.arange(len(plain)) > widest, 2.0, 0.0)
    assert np.abs(wider - plain - moved[:, None]).max() <= 0.02


@pytest.mark.parametrize("snr", [30, 20])
def test_room_noise_moves_the_edges_of_pauses_little(answer, snr):
    level = 10 * np.log10(np.mean(answer.samples[frames_of_speech(answer)] ** 2))
    noisy = audio(answer.samples + noise(30, level=level - snr))
    clean_pauses, noisy_pauses = long_gaps(spoken(answer)), long_gaps(spoken(noisy))
    assert clean_pauses.shape == noisy_pauses.shape
    assert np.median(np.abs(clean_pauses - noisy_pauses)) <= 0.03
    assert np.abs(clean_pauses - noisy_pauses).max() <= 0.2


def test_breath_and_clicks_in_a_pause_are_silence(answer):
    plain = spoken(answer)
    gaps = np.column_stack([plain[:-1, 1], plain[1:, 0]])
    start, end = gaps[np.argmax(gaps[:, 1] - gaps[:, 0])]
    middle = round((start + end) / 2 * RATE)
    samples = answer.samples.copy()
    opened = np.concatenate([samples[:middle], silence(1.2), samples[middle:]])
    rng = np.random.default_rng(2)
    breath = rng.standard_normal(round(0.4 * RATE)) * np.hanning(round(0.4 * RATE)) * 0.01
    at = middle + round(0.4 * RATE)
    opened[at : at + breath.size] += breath.astype(np.float32)
    opened[at - 1600] = 0.5
    found = spoken(audio(opened))
    assert len(found) == len(plain)


def test_a_hesitation_in_a_pause_is_speech(answer):
    plain = spoken(answer)
    pitch_of_answer = float(np.nanmedian(frames(answer).f0))
    gaps = np.column_stack([plain[:-1, 1], plain[1:, 0]])
    start, end = gaps[np.argmax(gaps[:, 1] - gaps[:, 0])]
    middle = round((start + end) / 2 * RATE)
    hum = pulses(pitch_of_answer, 0.5, level=-25) * np.hanning(RATE // 2).astype(np.float32) ** 0.2
    opened = (answer.samples[:middle], silence(0.6), hum, silence(0.6), answer.samples[middle:])
    found = spoken(audio(*opened))
    expected = middle / RATE + 0.6
    assert len(found) == len(plain) + 1
    assert np.abs(found - [expected, expected + 0.5]).max(axis=1).min() <= 0.05


def test_quiet_clean_speech_still_counts(answer):
    quiet = Audio(answer.samples * np.float32(10 ** (-28 / 20)), RATE)  # speech at -50 dB
    assert has_speech(frames(quiet))


def test_one_short_word_counts(answer):
    first, end = spoken(answer)[0]
    word = answer.samples[round(first * RATE) : round(min(end, first + 0.5) * RATE)]
    assert has_speech(frames(audio(silence(0.3), word, silence(0.3))))


def test_f0_is_nan_exactly_where_nothing_is_voiced(answer):
    found = frames(answer)
    np.testing.assert_array_equal(np.isfinite(found.f0), found.voiced)
    assert not (found.voiced & ~found.speech).any()


def test_the_samples_are_only_read(answer):
    samples = answer.samples.copy()
    samples.flags.writeable = False
    frames(Audio(samples, RATE))


def test_memory_stays_a_small_multiple_of_the_samples():
    sound = audio(*[noise(60, level=-60)] * 5)
    tracemalloc.start()
    frames(sound)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * sound.samples.nbytes


def frames_of_speech(sound):
    mask = np.repeat(frames(sound).speech, HOP)[: sound.samples.size]
    return np.pad(mask, (0, sound.samples.size - mask.size))


def long_gaps(speech):
    gaps = np.column_stack([speech[:-1, 1], speech[1:, 0]])
    return gaps[gaps[:, 1] - gaps[:, 0] >= 0.45]
