"""Odd media of every kind that has ever gone wrong: a new fault is a new row.

Nothing in here may end in anything but a report or one sentence.
"""

import os
import subprocess
import sys
from types import SimpleNamespace

import av
import numpy as np
import pytest
from media_support import benchmark, joined, level, ordered, patched, pcm, remuxed, with_cover
from sound_support import RATE, silence, tone, write

from speechcoach.errors import AudioError
from speechcoach.sound import audio
from speechcoach.sound.audio import load
from speechcoach.sound.timeline import Timeline

FORMATS = benchmark("media_formats")
SECOND = tone(440, 1)


def channels(count):
    return lambda folder: pcm(folder / "a.wav", np.repeat(SECOND[None], count, axis=0))


def tagged(folder):
    """Write an mp3 with a Latin-1 title, as old taggers do."""
    path = write(folder / "a.mp3", SECOND, codec="libmp3lame")
    with path.open("ab") as file:
        file.write(b"TAG" + "Gespräch".encode("latin-1").ljust(125, b"\0"))
    return path


def adts(path, count):
    return write(path, np.repeat(SECOND[None], count, axis=0), codec="aac")


def changing_channels(folder):
    return joined(folder / "c.aac", adts(folder / "a.aac", 2), adts(folder / "b.aac", 6))


def changing_rate(folder):
    slow = write(folder / "a.aac", SECOND, codec="aac")
    fast = write(folder / "b.aac", tone(440, 1, rate=48_000), rate=48_000, codec="aac")
    return joined(folder / "c.aac", slow, fast)


def further_programme(folder):
    """Write a transport stream in which a second programme turns up behind the first."""
    first = FORMATS.Seed("a.ts", "aac", 48_000)
    second = FORMATS.Seed("b.ts", "aac", 48_000, muxer={"mpegts_start_pid": "700"})
    sound = tone(440, 3, rate=48_000)
    parts = (FORMATS.write(folder / seed.name, seed, sound) for seed in (first, second))
    return joined(folder / "c.ts", *parts)


def late(shift):
    def make(folder):
        whole = write(folder / "a.mkv", SECOND, codec="pcm_s16le")
        return remuxed(whole, folder / "b.mkv", stamp=lambda pts: pts + shift)

    return make


ANALYSED = {  # what it is: how it is made, and how many seconds it lasts
    "8 channels": (channels(8), 1),
    "11 channels": (channels(11), 1),
    "16 channels": (channels(16), 1),
    "24 channels": (channels(24), 1),
    "64 channels": (channels(64), 1),
    "channels in an order of their own": (lambda f: ordered(f / "a.caf", [2, 1]), 1),
    "eight channels in an order of their own": (lambda f: ordered(f / "a.caf", range(8, 0, -1)), 1),
    "16 channels, all the same one": (lambda f: ordered(f / "a.caf", [2] * 16), 1),
    "a Latin-1 tag": (tagged, 1),
    "the number of channels changes": (changing_channels, 2.17),
    "the rate changes": (changing_rate, 2.13),
    "a programme turns up on the way": (further_programme, 3),
    "stamps start late": (late(10**9), 1),
}


@pytest.mark.parametrize("kind", ANALYSED)
def test_what_is_odd_but_whole_is_analysed(tmp_path, kind):
    make, seconds = ANALYSED[kind]
    path = make(tmp_path)
    for _ in range(5):  # what corrupts the memory does not always show at once
        loaded = load(path)
    assert loaded.audio.duration == pytest.approx(seconds, abs=0.1)
    assert level(loaded.audio.samples[RATE // 4 : RATE // 2]) == pytest.approx(-20, abs=1)
    assert not [said for said in loaded.warnings if "sound tracks" not in said]


def unknown_codec(folder):
    return patched(pcm(folder / "a.wav", SECOND), 20, "<H", 0x7A7A)


def too_long(folder):
    """Write more silence than is read; FLAC makes it small."""
    return write(folder / "a.flac", silence(5430), codec="flac")


def protected(folder):
    key = dict.fromkeys(("encryption_key", "encryption_kid"), "76a6c65c5ea762046bd749a2e632ccbb")
    muxer = {"encryption_scheme": "cenc-aes-ctr", **key}
    return FORMATS.write(folder / "a.mp4", FORMATS.Seed("a.mp4", "aac", 48_000, muxer=muxer))


def absurd_rate(rate):
    return lambda folder: patched(pcm(folder / "a.wav", SECOND), 24, "<I", rate)


@pytest.mark.parametrize(
    ("values", "said"),
    [([1e38], "were not numbers; they were taken as silence"), ([1e9, -1e9], "far beyond full")],
)
def test_a_few_absurd_samples_do_not_cost_the_others(tmp_path, values, said):
    sound = np.stack([tone(440, 1)] * 2)
    sound[:, 5000 : 5000 + len(values)] = values
    loaded = load(write(tmp_path / "a.wav", sound, codec="pcm_f32le"))
    assert level(loaded.audio.samples) == pytest.approx(-20, abs=0.1)
    (warning,) = loaded.warnings
    assert said in warning


REFUSED = {  # what it is: how it is made, and what is said of it
    "an unknown codec": (unknown_codec, "a.wav holds sound in a codec that cannot be read: export"),
    "a rate of 1 Hz": (absurd_rate(1), "says that it has 1 samples a second"),
    "a rate of 4 GHz": (absurd_rate(2**31 - 1), "samples a second|is not a recording"),
    "65 channels in an order of their own": (
        lambda f: ordered(f / "a.caf", range(65, 0, -1)),
        "has 65 channels in an order of its own|at most 64",
    ),
    "silence without end": (too_long, "a.flac is longer than 90 minutes, the most that is"),
    "protection": (protected, r"a\.mp4 is protected against copying"),
    "65 channels": (channels(65), "has 65 channels, of which at most 64 can be read"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, kind):
    make, sentence = REFUSED[kind]
    with pytest.raises(AudioError, match=sentence) as caught:
        load(make(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "fault", [IndexError("x"), OSError(22, "x"), AttributeError("x"), ValueError("x"), EOFError()]
)
def test_every_fault_of_the_library_comes_out_as_a_sentence(tmp_path, monkeypatch, fault):
    def fail(*args, **kwargs):
        raise fault

    path = pcm(tmp_path / "a.wav", SECOND)
    monkeypatch.setattr(av, "open", fail)
    with pytest.raises(AudioError, match=r"a\.wav is not a recording, or too much") as caught:
        load(path)
    assert caught.value.__cause__ is fault


def test_want_of_memory_is_no_fault_of_the_file(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise MemoryError

    path = pcm(tmp_path / "a.wav", SECOND)
    monkeypatch.setattr(av, "open", fail)
    with pytest.raises(MemoryError):
        load(path)


# The time line


@pytest.mark.parametrize("lost", [5, 3], ids=["20%", "33%"])
def test_lost_packets_move_nothing(tmp_path, lost):
    beeps = np.concatenate([tone(440, 0.5, rate=48_000), np.zeros(24_000)] * 10)  # 10 s
    whole = write(tmp_path / "a.webm", beeps, rate=48_000, codec="libopus")
    path = remuxed(whole, tmp_path / "b.webm", keep=lambda index: index == 0 or index % lost)
    samples = load(path).audio.samples
    assert samples.size / RATE == pytest.approx(10, abs=0.03)
    for second in range(10):  # a beep has its loud part where it had it, silence has none
        beep, after = samples[second * RATE :][:8000], samples[second * RATE + 8400 :][:7000]
        assert level(beep) > -25
        assert level(after) < -60


def test_lost_packets_are_counted_in_a_warning(tmp_path):
    whole = write(tmp_path / "a.webm", tone(440, 10, rate=48_000), rate=48_000, codec="libopus")
    path = remuxed(whole, tmp_path / "b.webm", keep=lambda index: index % 5 != 3)
    (warning,) = load(path).warnings
    assert warning.startswith("The time stamps leave 2.0 s without sound, in 100 places: lost")


def test_jitter_of_the_stamps_is_no_loss(tmp_path):
    whole = write(tmp_path / "a.mka", tone(440, 10), codec="pcm_s16le")
    path = remuxed(whole, tmp_path / "b.mka", stamp=lambda pts: pts + pts % 7)  # up to 6 ms late
    loaded = load(path)
    assert loaded.audio.duration == 10
    assert loaded.warnings == ()


@pytest.mark.parametrize("shift", [-3, 10**8], ids=["back", "far ahead"])
def test_a_clock_that_jumps_is_followed_from_there(shift):
    times = [0, 1, 2 + shift, 3 + shift, 4.5 + shift]
    timeline = Timeline()
    found = [timeline.before(SimpleNamespace(time=t, samples=8, sample_rate=8)) for t in times]
    assert found == [0, 0, 0, 0, 0.5]
    assert timeline.skipped == max(0, shift)


def test_frames_without_stamps_follow_one_another():
    timeline = Timeline()
    times = [None, 7.0, None, 9.25]
    found = [timeline.before(SimpleNamespace(time=t, samples=8, sample_rate=8)) for t in times]
    assert found == [0, 0, 0, 0.25]


def test_a_jump_is_told_and_not_called_an_early_end(tmp_path):
    whole = write(tmp_path / "a.mka", tone(440, 10), codec="pcm_s16le")
    path = remuxed(whole, tmp_path / "b.mka", stamp=lambda pts: pts + (pts > 5000) * 10**8)
    (warning,) = load(path).warnings
    assert warning.startswith("The file's clock jumps ahead by 100,000 s")


# The reading itself


def test_a_file_that_grows_while_it_is_read_is_read_again(tmp_path, monkeypatch):
    path = pcm(tmp_path / "a.wav", SECOND)
    longer = pcm(tmp_path / "b.wav", tone(440, 2)).read_bytes()
    grow = iter([longer])
    monkeypatch.setattr(audio, "_decode", _then(audio._decode, lambda: _next(path, grow)))
    loaded = load(path)
    assert loaded.audio.duration == 2
    assert loaded.recording.sha256 == load(path).recording.sha256


def test_a_file_that_goes_on_growing_is_refused(tmp_path, monkeypatch):
    path = pcm(tmp_path / "a.wav", SECOND)
    grow = (path.read_bytes() + b"\0" for _ in range(99))
    monkeypatch.setattr(audio, "_decode", _then(audio._decode, lambda: _next(path, grow)))
    with pytest.raises(AudioError, match=r"a\.wav changed while it was read: wait until"):
        load(path)


def test_a_take_that_is_being_recorded_is_read_as_far_as_it_goes(tmp_path, monkeypatch):
    path = pcm(tmp_path / "a.wav", SECOND)
    grow = (path.read_bytes() + b"\0" for _ in range(99))
    monkeypatch.setattr(audio, "_decode", _then(audio._decode, lambda: _next(path, grow)))
    assert load(path, growing=True).audio.duration == 1


def _then(first, then):
    def both(*args):
        result = first(*args)
        then()
        return result

    return both


def _next(path, contents):
    if (content := next(contents, None)) is not None:
        path.write_bytes(content)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_cover_is_never_decoded(tmp_path):
    path = with_cover(tmp_path / "a.mp3", 12_000)  # 432 MB of pixels
    code = (
        "import sys, pathlib; from speechcoach.sound.audio import load\n"
        "print(load(pathlib.Path(sys.argv[1])).audio.duration)\n"
        "print(open('/proc/self/status').read())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, check=True, text=True
    )
    seconds, *status = run.stdout.splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert float(seconds) == pytest.approx(1, abs=0.1)
    assert peak < 300_000  # kB


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "a.wav").symlink_to(tmp_path / "a.wav")
    with pytest.raises(AudioError, match=r"a\.wav cannot be opened"):
        load(tmp_path / "a.wav")


@pytest.mark.parametrize("count", [64, 4096, 2**31 - 1])
def test_samples_in_a_row_have_no_holes_whatever_their_header_makes_of_it(tmp_path, count):
    path = patched(ordered(tmp_path / "a.caf", [1]), b"lpcm" + bytes(4) + b"\0\0\0\2", ">I", count)
    assert load(path).audio.duration == pytest.approx(1, abs=0.01)
