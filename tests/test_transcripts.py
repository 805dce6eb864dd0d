import hashlib
import os

import pytest

from speechcoach import transcripts
from speechcoach.errors import AudioError


def written(tmp_path, data: bytes):
    path = tmp_path / "answer.txt"
    path.write_bytes(data)
    return transcripts.read(path)


def words(found):
    return [word.text for word in found.said.words]


def test_words_are_what_white_space_separates(tmp_path):
    found = words(written(tmp_path, b"Um, so\tI  went\nhome."))
    assert found == ["Um,", "so", "I", "went", "home."]


def test_a_line_break_ends_a_sentence(tmp_path):
    assert written(tmp_path, b"One two.\nThree.\n\n\nFour five six.\n").said.breaks == {2, 3}


def test_one_line_has_no_breaks(tmp_path):
    assert written(tmp_path, b"\n\nOne two.\r\n").said.breaks == frozenset()


def test_the_file_is_known_by_its_content(tmp_path):
    assert written(tmp_path, b"abc").recording.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_a_byte_order_mark_is_no_word(tmp_path):
    assert words(written(tmp_path, b"\xef\xbb\xbfHello")) == ["Hello"]


def test_white_space_has_no_words(tmp_path):
    assert written(tmp_path, b" \n ").said.words == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"caf\xe9 au lait", r"not UTF-8 text \(byte 3 is 0xe9\)"), (b"a\0b", "NUL bytes")],
)
def test_what_is_not_text_is_refused_by_name(tmp_path, data, message):
    with pytest.raises(AudioError, match=message):
        written(tmp_path, data)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"There is no file .*gone\.txt"):
        transcripts.read(tmp_path / "gone.txt")


def test_a_file_of_no_bytes_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"answer\.txt is empty \(0 bytes\)"):
        written(tmp_path, b"")


def test_a_folder_is_not_a_transcript(tmp_path):
    with pytest.raises(AudioError, match="is a folder"):
        transcripts.read(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "answer.txt")
    with pytest.raises(AudioError, match="is not a regular file"):
        transcripts.read(tmp_path / "answer.txt")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(transcripts, "LARGEST", 3)
    with pytest.raises(AudioError, match="too large"):
        written(tmp_path, b"four")


# Encodings.

SAYING = "He said “so” at the café."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_names_its_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(SAYING.encode(encoding))
    assert words(transcripts.read(path)) == SAYING.split()


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_either_order_of_bytes_is_read(tmp_path, mark):
    path = tmp_path / "a.txt"
    path.write_bytes(mark + SAYING.encode("utf-16-be" if len(mark) == 2 else "utf-32-be"))
    assert words(transcripts.read(path)) == SAYING.split()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            SAYING.encode("cp1252"),
            r"byte 8 is 0x93\); it seems to be Windows-1252.*: save it as UTF-8",
        ),
        (b"caf\x81\x8d", r"not UTF-8 text \(byte 3 is 0x81\): save it as UTF-8"),
        (
            "I went there.".encode("utf-16-le"),
            r"UTF-16 \(little-endian\) without a byte order mark",
        ),
        ("I went there.".encode("utf-16-be"), r"UTF-16 \(big-endian\) without a byte order mark"),
        (b"\xff\xfea", "its UTF-16 is broken"),
        (b"a\0b\xff", "NUL bytes"),
    ],
)
def test_a_foreign_encoding_is_named_with_the_next_step(tmp_path, data, says):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(AudioError, match=says):
        transcripts.read(path)
