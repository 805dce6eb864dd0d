"""Odd media of every kind that has ever gone wrong: a new fault is a new row.

Nothing in here may end in anything but a report or one sentence.
"""

import os
import re
import struct
import subprocess
import sys
from types import SimpleNamespace

import av
import numpy as np
import pytest
from media_support import fuzz, joined, multitrack, patched, pcm, remuxed, with_cover
from sound_support import RATE, noise, pulses, silence, tone, write

from speechcoach.errors import AudioError
from speechcoach.sound import audio
from speechcoach.sound.audio import load
from speechcoach.sound.frames import frames, has_speech
from speechcoach.sound.timeline import Timeline
from speechcoach.sound.wholeness import frame_length

SECOND = tone(440, 1)


def level(sound):
    return 10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-12)


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


def wild_stamps(shift):
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
    "a Latin-1 tag": (tagged, 1),
    "the number of channels changes": (changing_channels, 2.17),
    "the rate changes": (changing_rate, 2.13),
    "stamps start late": (wild_stamps(10**9), 1),
}


@pytest.mark.parametrize("kind", ANALYSED)
def test_what_is_odd_but_whole_is_analysed(tmp_path, kind):
    make, seconds = ANALYSED[kind]
    loaded = load(make(tmp_path))
    assert loaded.audio.duration == pytest.approx(seconds, abs=0.1)
    assert level(loaded.audio.samples[RATE // 4 : RATE // 2]) == pytest.approx(-20, abs=1)
    assert loaded.warnings == ()


def unknown_codec(folder):
    return patched(pcm(folder / "a.wav", SECOND), 20, "<H", 0x7A7A)


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
    assert warning.startswith("2.0 s of sound are missing in 100 places")


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


# Whole or cut

SEEDS = {seed.name: seed for seed in fuzz().SEEDS}
CANNOT_WRITE = {"a.amr"}
END_LAST = {"a.m4a", "a.mov"}  # their table of contents is at the end


LENGTH = 6
LONGER = {"a.wv": 24}  # seconds; its blocks are long


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a function that gives some seconds in the format of a seed."""
    folder = tmp_path_factory.mktemp("whole")

    def make(name):
        path = folder / name
        if not path.exists():
            fuzz().write(
                path, SEEDS[name], fuzz().sound(SEEDS[name].rate, LONGER.get(name, LENGTH))
            )
        return path

    return make


@pytest.mark.parametrize("name", sorted(SEEDS.keys() - CANNOT_WRITE))
def test_a_whole_file_of_any_format_is_not_called_cut(whole, name):
    loaded = load(whole(name))
    assert loaded.audio.duration == pytest.approx(LONGER.get(name, LENGTH), abs=0.15)
    assert not [w for w in loaded.warnings if "sound tracks" not in w]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", sorted(SEEDS.keys() - CANNOT_WRITE - END_LAST))
def test_a_cut_file_of_any_format_is_called_cut(tmp_path, whole, name, share):
    data = whole(name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * share) | 1])  # whole frames alone cannot be told
    loaded = load(path)
    assert any(w.startswith("The file ends early: ") for w in loaded.warnings)
    assert loaded.audio.duration < LONGER.get(name, LENGTH) * (share + 0.1)


@pytest.mark.parametrize("name", sorted(END_LAST))
def test_a_file_without_its_table_of_contents_is_refused(tmp_path, whole, name):
    data = whole(name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * 0.6)])
    with pytest.raises(AudioError, match="too much of it is missing"):
        load(path)


@pytest.mark.parametrize("name", ["a.wav", "a.w64", "a.caf", "a.aiff", "a.avi"])
def test_a_cut_at_any_byte_is_told(tmp_path, whole, name):
    data = whole(name).read_bytes()
    path = tmp_path / name
    for size in range(len(data) // 2, len(data) * 9 // 10, len(data) // 17 | 1):
        for place in (size, size // 4096 * 4096 + 44, size // 188 * 188):
            path.write_bytes(data[:place])
            assert "ends early" in str(load(path).warnings), place


def test_a_transport_stream_cut_between_packets_is_told_by_what_they_began(tmp_path, whole):
    data = whole("a.ts").read_bytes()
    path = tmp_path / "a.ts"
    for packets in range(400, 416):
        last = data[188 * (packets - 1) :][:4]
        begun = last[1:3] == b"\x41\x00"  # the first of two packets of a frame of sound
        path.write_bytes(data[: 188 * packets])
        assert ("ends early" in str(load(path).warnings)) == begun


LENGTHS = {  # where the length of the samples stands, and how it is written
    "a.wav": (b"data", "<I"),
    "a.w64": (bytes.fromhex("64617461f3acd3118cd100c04f8edb8a"), "<Q"),
    "a.caf": (b"data", ">q"),
    "a.aiff": (b"SSND", ">I"),
    "a.au": (b".snd\0\0\0\x20", ">I"),
}


@pytest.mark.parametrize("name", sorted(LENGTHS.keys() - {"a.au"}))
@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.5, "holds more than its header promises: about 3.0 s of sound behind the first 3.0 s"),
        (2.0, r"ends early: (its header promises 12.0 s, it holds 6.0 s|6.0 s of 12.0 s)"),
    ],
    ids=["less", "more"],
)
def test_a_header_that_lies_is_contradicted(tmp_path, whole, name, share, said):
    place, form = LENGTHS[name]
    path = tmp_path / name
    path.write_bytes(data := whole(name).read_bytes())
    (length,) = struct.unpack_from(form, data, data.index(place) + len(place))
    if name == "a.aiff":  # it says so twice
        patched(path, data.index(b"COMM") + 10, ">I", int(6 * RATE * share))
    patched(path, place, form, int(length * share) // 8 * 8)
    (warning,) = load(path).warnings
    assert re.search(said, warning)


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("a.wav", 2**32 - 1),
        ("a.wav", 0x7FFFF000),
        ("a.wav", 0),
        ("a.au", 2**32 - 1),
        ("a.caf", -1),
    ],
)
def test_a_length_not_known_when_it_was_written_promises_nothing(tmp_path, whole, name, length):
    path = tmp_path / name
    path.write_bytes(whole(name).read_bytes())
    loaded = load(patched(path, *LENGTHS[name], length))
    assert loaded.audio.duration == pytest.approx(6, abs=0.01)
    assert loaded.warnings == ()


@pytest.mark.parametrize("tail", [b"ID3\x04" + b"x" * 99_999, b"TAG" + b"x" * 125, bytes(99_999)])
def test_tags_and_padding_behind_the_sound_are_no_sound(tmp_path, whole, tail):
    path = tmp_path / "a.wav"
    path.write_bytes(whole("a.wav").read_bytes() + tail)
    assert load(path).warnings == ()


@pytest.mark.parametrize("name", ["flac.ogg", "a.opus"])
def test_two_files_in_one_are_both_heard(tmp_path, whole, name):
    loaded = load(joined(tmp_path / name, whole(name), whole(name)))
    assert loaded.audio.duration == pytest.approx(12, abs=0.1)
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("head", "length"),
    [
        ("fffb9000", 417),  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
        ("fffb9200", 418),  # ... padded
        ("fffd8400", 384),  # MPEG-1 layer II, 128 kbit/s, 48 kHz
        ("fff38000", 208),  # MPEG-2 layer III, 64 kbit/s, 22.05 kHz
        ("ffff9000", 312),  # MPEG-1 layer I, 288 kbit/s, 44.1 kHz
        ("fff15082", 2 << 11),  # ADTS
        ("fffbf000", None),  # a rate that is none
        ("00000000", None),
    ],
)
def test_the_length_of_a_frame_is_in_its_head(head, length):
    assert frame_length(bytes.fromhex(head) + b"\0\x1f") == length


# Channels


def hum(seconds, level):
    return tone(50, seconds, level=level) + np.float32(0.015)


@pytest.mark.parametrize("common", [0, hum(8, -12)], ids=["alone", "with hum and DC"])
@pytest.mark.parametrize("parts", [(-1, -1), (1, -1), (-1, 1)], ids=["all", "end", "start"])
def test_channels_that_cancel_are_found_whenever_they_do(tmp_path, common, parts):
    voice = tone(500, 8)
    sign = np.repeat(parts, voice.size // 2)
    path = write(
        tmp_path / "a.wav", np.stack([voice + common, voice * sign + common]), codec="pcm_f32le"
    )
    samples = load(path).audio.samples - common
    for second in range(8):
        assert level(samples[second * RATE + 800 :][:14_000]) == pytest.approx(-20, abs=0.5)


def test_two_talkers_on_two_of_many_channels_are_both_heard(tmp_path):
    sound = np.zeros((6, 8 * RATE), dtype=np.float32)
    sound[1, : 4 * RATE] = tone(500, 4)
    sound[4, 4 * RATE :] = tone(700, 4)
    samples = load(write(tmp_path / "a.wav", sound)).audio.samples
    assert level(samples[RATE : 3 * RATE]) == pytest.approx(-20, abs=0.1)
    assert level(samples[5 * RATE : 7 * RATE]) == pytest.approx(-20, abs=0.1)


def test_a_change_of_channel_does_not_click(tmp_path):
    voice = tone(500, 4)
    other = np.concatenate([voice[: 2 * RATE], -voice[2 * RATE :]])
    samples = load(write(tmp_path / "a.wav", np.stack([voice, other]))).audio.samples
    assert np.abs(np.diff(samples)).max() < 1.2 * np.abs(np.diff(voice)).max()


def test_an_ordinary_stereo_recording_is_averaged_throughout(tmp_path):
    voice = tone(500, 4)
    both = np.stack([voice + noise(4, level=-50), 0.5 * voice + noise(4, level=-50, seed=1)])
    samples = load(write(tmp_path / "a.wav", both, codec="pcm_f32le")).audio.samples
    np.testing.assert_allclose(samples, both.mean(axis=0), atol=1e-6)


# Tracks


def fast(sound):
    """Return a sound at 48 kHz, roughly."""
    return np.repeat(sound, 3)


VOICE = np.concatenate([pulses(120, 1), silence(0.5)] * 4)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_track_with_speech_is_taken_and_told(tmp_path, place):
    sounds = [silence(6), noise(6, level=-40)]
    sounds.insert(place - 1, VOICE)
    loaded = load(multitrack(tmp_path / "a.mkv", *map(fast, sounds)))
    assert has_speech(frames(loaded.audio))
    (warning,) = loaded.warnings
    assert "has 3 sound tracks, 1 (opus, 1 channel), 2" in warning
    assert f"; track {place} was analysed, in which there is most speech" in warning


def test_a_track_can_be_chosen(tmp_path):
    path = multitrack(tmp_path / "a.mkv", fast(VOICE), fast(silence(6)))
    assert not load(path, 2).audio.samples.any()
    assert load(path, 1).warnings[0].endswith("track 1 was analysed, as asked.")


def test_a_track_that_is_not_there_is_refused_with_a_list(tmp_path):
    path = multitrack(tmp_path / "a.mkv", fast(VOICE), fast(silence(6)))
    with pytest.raises(AudioError, match=r"no sound track 3, only 1 \(opus, 1 channel\) and 2 \("):
        load(path, 3)
    with pytest.raises(AudioError, match=r"no sound track 2, only 1 \(pcm_s16le, 1 channel\): ch"):
        load(pcm(tmp_path / "a.wav", SECOND), 2)


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
