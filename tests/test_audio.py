import hashlib
import os
import socket
import subprocess
import sys
import tracemalloc
import wave

import numpy as np
import pytest
from sound_support import RATE, cut, silence, tone, write

from speechcoach.errors import AudioError
from speechcoach.sound.audio import load

BEEPS = np.concatenate([tone(440, 0.5, rate=44_100), np.zeros(22_050)] * 4)  # 4 s
BEEPS_48 = np.concatenate([tone(440, 0.5, rate=48_000), np.zeros(24_000)] * 4)


def level(sound):
    return 10 * np.log10(np.mean(np.square(sound, dtype=np.float64)))


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.wav", "pcm_s16le", 44_100),
        ("a.wav", "pcm_s24le", 44_100),
        ("a.wav", "pcm_f32le", 44_100),
        ("a.wav", "pcm_u8", 44_100),
        ("a.wav", "pcm_alaw", 44_100),
        ("a.aiff", "pcm_s16be", 44_100),
        ("a.flac", "flac", 44_100),
        ("a.mp3", "libmp3lame", 44_100),
        ("a.m4a", "aac", 44_100),
        ("a.mp4", "aac", 44_100),
        ("a.mov", "aac", 44_100),
        ("a.ogg", "libopus", 48_000),
        ("a.opus", "libopus", 48_000),
        ("a.webm", "libopus", 48_000),
        ("a.mkv", "flac", 48_000),
    ],
)
def test_every_container_and_sample_format_gives_the_same_sound_at_the_same_time(
    tmp_path, name, codec, rate
):
    sound = BEEPS if rate == 44_100 else BEEPS_48
    path = write(tmp_path / name, sound, rate=rate, codec=codec)
    loaded = load(path)
    samples = loaded.audio.samples
    assert (loaded.audio.rate, samples.dtype, samples.ndim) == (RATE, np.float32, 1)
    assert loaded.audio.duration == pytest.approx(4.0, abs=0.02)
    for second in range(4):  # encoder delay and pre-skip are gone: beeps start on the second
        assert level(samples[second * RATE + 800 :][:6400]) == pytest.approx(-20, abs=0.5)
        assert level(samples[second * RATE + 9600 :][:5000] + 1e-9) < -38
    assert loaded.warnings == ()
    assert loaded.recording.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (loaded.recording.sample_rate, loaded.recording.channels) == (rate, 1)
    assert loaded.recording.duration == loaded.audio.duration


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 48_000, 96_000])
def test_any_rate_keeps_level_and_length(tmp_path, rate):
    path = write(tmp_path / "a.wav", tone(1000, 1, rate=rate), rate=rate)
    samples = load(path).audio.samples
    assert samples.size == pytest.approx(RATE, abs=2)
    assert level(samples[800:-800]) == pytest.approx(-20, abs=0.05)


@pytest.mark.parametrize("hz", [9_000, 12_000, 15_000, 20_000])
def test_what_16_khz_cannot_hold_does_not_fold_back(tmp_path, hz):
    path = write(tmp_path / "a.wav", tone(hz, 1, rate=48_000), rate=48_000)
    assert level(load(path).audio.samples[800:-800]) < -75


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ((1, 1), -20.0),
        ((1, 0), -26.0),  # one dead channel: half the amplitude, nothing lost
        ((1, -1), -20.0),  # opposite phase: the mean would be silence
        ((0, 0, 1, 0, 0, 0), -20.0),  # the centre of 5.1
    ],
)
def test_no_channel_layout_loses_the_voice(tmp_path, channels, expected):
    sound = np.outer(channels, tone(440, 1))
    loaded = load(write(tmp_path / "a.wav", sound))
    assert level(loaded.audio.samples[800:-800]) == pytest.approx(expected, abs=0.1)
    assert loaded.recording.channels == len(channels)


@pytest.mark.parametrize("channels", [3, 4, 7])
def test_a_wav_with_unnamed_channels_is_read(tmp_path, channels):
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        pcm = (tone(440, 1) * 32767).astype("<i2")
        file.writeframes(np.repeat(pcm[:, None], channels, axis=1).tobytes())
    assert level(load(tmp_path / "a.wav").audio.samples) == pytest.approx(-20, abs=0.1)


def test_a_hole_in_the_timestamps_becomes_silence(tmp_path):
    def late(position):
        return position if position < RATE else position + 3 * RATE

    path = write(tmp_path / "a.mkv", tone(440, 2), codec="pcm_s16le", pts=late)
    samples = load(path).audio.samples
    assert samples.size / RATE == pytest.approx(5, abs=0.1)
    assert level(samples[int(1.2 * RATE) : int(3.8 * RATE)] + 1e-9) < -100
    assert level(samples[int(4.2 * RATE) : int(4.8 * RATE)]) == pytest.approx(-20, abs=0.2)


def test_a_broken_clock_does_not_fill_the_memory(tmp_path):
    def mad(position):
        return position if position < RATE else position + 100_000 * RATE

    path = write(tmp_path / "a.mkv", tone(440, 2), codec="pcm_s16le", pts=mad)
    assert load(path).audio.duration == pytest.approx(2, abs=0.1)


def test_samples_that_are_not_numbers_become_silence_with_a_warning(tmp_path):
    sound = tone(440, 1)
    sound[8000:8010] = [np.nan, np.inf, -np.inf, np.nan, np.nan] * 2
    loaded = load(write(tmp_path / "a.wav", sound, codec="pcm_f32le"))
    assert np.isfinite(loaded.audio.samples).all()
    assert loaded.warnings == ("10 samples were not numbers; they were taken as silence.",)


def test_samples_in_another_scale_are_brought_down_with_a_warning(tmp_path):
    loaded = load(write(tmp_path / "a.wav", tone(440, 1) * 32768, codec="pcm_f32le"))
    assert np.abs(loaded.audio.samples).max() == pytest.approx(1)
    assert "times full scale" in loaded.warnings[0]


def test_an_overshoot_is_clipped_in_silence(tmp_path):
    loaded = load(write(tmp_path / "a.wav", tone(440, 1, level=0), codec="pcm_f32le"))
    assert np.abs(loaded.audio.samples).max() == 1
    assert loaded.warnings == ()


def test_digital_silence_is_a_recording(tmp_path):
    loaded = load(write(tmp_path / "a.mp3", silence(2), codec="libmp3lame"))
    assert loaded.audio.duration == pytest.approx(2, abs=0.1)
    assert not loaded.audio.samples.any()


def test_two_loads_are_equal_and_leave_the_file_alone(tmp_path):
    path = write(tmp_path / "a.m4a", BEEPS, rate=44_100, codec="aac")
    before = path.read_bytes()
    np.testing.assert_array_equal(load(path).audio.samples, load(path).audio.samples)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [("a.mp3", "libmp3lame", {}), ("a.m4a", "aac", {"movflags": "faststart"})],
)
def test_a_truncated_file_is_analysed_as_far_as_it_goes(tmp_path, name, codec, options):
    path = write(tmp_path / name, BEEPS, rate=44_100, codec=codec, options=options)
    loaded = load(cut(path, 0.5))
    assert 1.0 < loaded.audio.duration < 3.0
    assert loaded.warnings[0].startswith("The file ends early: ")
    assert "of 4.0 s" in loaded.warnings[0]


def test_damage_in_the_middle_is_stepped_over_with_a_warning(tmp_path):
    path = write(tmp_path / "a.flac", BEEPS, rate=44_100, codec="flac")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    path.write_bytes(data)
    loaded = load(path)
    assert loaded.audio.duration > 2.5
    assert loaded.warnings


def test_the_sound_of_a_video_is_found_beside_its_picture(tmp_path):
    loaded = load(_video(tmp_path / "a.mp4", sound=True))
    assert loaded.audio.duration == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: p / "missing.wav", "There is no file .*missing.wav: check"),
        (lambda p: p, "is a folder: name a file"),
        (lambda p: _bytes(p / "e.wav", b""), r"e.wav is empty \(0 bytes\): record"),
        (lambda p: _bytes(p / "t.wav", b"Tell me about yourself.\n" * 99), "t.wav is not a rec"),
        (lambda p: _bytes(p / "r.mp3", np.random.default_rng(0).bytes(5000)), "r.mp3 "),
        (lambda p: _video(p / "v.mp4", sound=False), "v.mp4 has no sound in it: record"),
        (lambda p: write(p / "s.wav", tone(440, 0.1)), "holds 0.10 s of sound, too little"),
        (lambda p: p / "a\0b.wav", "cannot be opened"),
        (lambda p: p / ("x" * 300 + ".wav"), "cannot be opened"),
        (lambda p: _bytes(p / "f", b"x") / "a.wav", "There is no file"),
        (lambda p: cut(write(p / "c.m4a", BEEPS, codec="aac"), 0.5), "c.m4a is not a recording"),
    ],
)
def test_a_file_without_sound_is_refused_in_one_sentence(tmp_path, make, message):
    with pytest.raises(AudioError, match=message) as caught:
        load(make(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes and devices")
def test_pipes_devices_and_sockets_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.close()
    for path in (tmp_path / "pipe", tmp_path / "s", type(tmp_path)("/dev/zero")):
        with pytest.raises(AudioError, match="is not a regular file: save the answer"):
            load(path)


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path / "a.wav", tone(440, 1))

    def denied(*args, **kwargs):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", denied)  # root may read anything: chmod won't do
    with pytest.raises(AudioError, match="may not be read: give yourself permission"):
        load(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n"),
        ("list.ffconcat", "ffconcat version 1.0\nfile {}\n"),
        ("list.wav", "ffconcat version 1.0\nfile {}\n"),
        ("list.sdp", "v=0\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"),
    ],
)
def test_a_playlist_opens_nothing(tmp_path, name, text):
    write(tmp_path / "secret.wav", tone(440, 1))
    (tmp_path / name).write_text(text.format("secret.wav"))
    with pytest.raises(AudioError, match="is not a recording"):
        load(tmp_path / name)


def test_a_name_is_only_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("concat:a.wav|b.wav", "http%3A.wav", "-i.wav", "%03d.wav", "pipe:0", "é 你.wav"):
        write(tmp_path / "plain.wav", tone(440, 0.5))
        (tmp_path / "plain.wav").rename(tmp_path / name)
        assert load(type(tmp_path)(name)).audio.duration == pytest.approx(0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf_8_is_read_and_can_be_written_down(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.wav")
    write(tmp_path / "plain.wav", tone(440, 0.5)).rename(path)
    assert load(path).recording.path.encode().endswith(rb"caf\xe9.wav")


def test_the_decoder_keeps_quiet(tmp_path):
    path = cut(write(tmp_path / "a.mp3", BEEPS, codec="libmp3lame"), 0.4)
    code = "import sys, pathlib, speechcoach.sound.audio as a; a.load(pathlib.Path(sys.argv[1]))"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


def test_a_long_file_takes_little_more_memory_than_its_samples(tmp_path):
    path = write(tmp_path / "a.flac", silence(300), codec="flac")
    load(path)  # the libraries themselves
    tracemalloc.start()
    samples = load(path).audio.samples
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert samples.nbytes == 300 * RATE * 4
    assert peak < 1.7 * samples.nbytes


def _bytes(path, data):
    path.write_bytes(data)
    return path


def _video(path, *, sound):
    import av

    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width = picture.height = 32
        voice = container.add_stream("aac", rate=RATE, layout="mono") if sound else None
        for _ in range(10):
            image = np.zeros((32, 32, 3), dtype=np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(picture.encode(None))
        for first in range(0, RATE if voice else 0, 1024):
            block = tone(440, 1)[None, first : first + 1024]
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, first
            container.mux(voice.encode(frame))
        if voice:
            container.mux(voice.encode(None))
    return path
