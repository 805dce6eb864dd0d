"""A cut file of any kind is told from a whole one, and a header that lies is contradicted."""

import re
import struct

import pytest
from media_support import benchmark, joined, patched
from sound_support import RATE

from speechcoach.errors import AudioError
from speechcoach.sound.audio import load
from speechcoach.sound.wholeness import frame_length

FORMATS = benchmark("media_formats")
SEEDS = {seed.name: seed for seed in FORMATS.SEEDS}
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
            FORMATS.write(
                path, SEEDS[name], FORMATS.sound(SEEDS[name].rate, LONGER.get(name, LENGTH))
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
