"""Paths as text: for files, where nothing may be lost, and for people."""

import ast
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import speechcoach
from speechcoach.paths import file_name, from_text, place, shown, to_text

ROOT = Path(speechcoach.__file__).parent

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
NAMES = st.lists(
    st.one_of(
        st.sampled_from([b"\\", b"x", b"\\x", b"\\x5c", b"e9", b"\xe9", b"\xff", "é".encode()]),
        st.binary(max_size=3).map(lambda name: name.translate(None, b"\0/")),
    ),
    min_size=1,
).map(b"".join)


@linux
@given(NAMES)
def test_every_path_comes_back_from_its_text(name):
    path = Path(os.fsdecode(b"/a/" + name))
    text = to_text(path)
    assert from_text(text) == path
    text.encode()  # no surrogates: any file can hold it


@linux
@given(NAMES, NAMES)
def test_two_paths_are_two_texts(first, second):
    texts = {to_text(Path(os.fsdecode(b"/" + name))) for name in (first, second)}
    assert len(texts) == len({Path(os.fsdecode(b"/" + name)) for name in (first, second)})


@pytest.mark.parametrize("plain", ["/a/b.wav", "/a/100% me.wav", "/é 你/\U0001f600.wav", r"/a\b/x"])
def test_a_path_that_is_text_stays_as_it_is(plain):
    assert to_text(Path(plain)) == plain


@linux
def test_bytes_that_are_no_text_are_written_out_and_so_is_what_reads_like_it():
    assert to_text(Path(os.fsdecode(b"/caf\xe9.wav"))) == r"/caf\xe9.wav"
    assert to_text(Path(r"/caf\xe9.wav")) == r"/caf\x5cxe9.wav"


def test_text_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_text(to_text(Path("a.wav"))) == tmp_path / "a.wav"


def test_a_recording_is_shown_from_the_current_folder_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place(to_text(tmp_path / "a" / "b.wav"), "b.wav") == str(Path("a", "b.wav"))
    assert place(to_text(tmp_path.parent / "b.wav"), "b.wav") == str(tmp_path.parent / "b.wav")


def test_a_recording_is_shown_from_a_folder_on_that_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = to_text(tmp_path / "a" / "b" / "c.wav")
    assert place(path, "c.wav", Path("a")) == str(Path("b", "c.wav"))
    assert place(path, "c.wav", tmp_path / "a" / "b") == "c.wav"
    assert place(path, "c.wav", tmp_path / "d") == str(tmp_path / "a" / "b" / "c.wav")


def test_a_recording_that_nobody_can_find_is_shown_by_its_name():
    assert place(None, "takes/b\n.wav") == "takes/b?.wav"


@linux
def test_where_the_current_folder_is_gone_the_whole_path_is_shown(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert place("/a/b.wav", "b.wav") == "/a/b.wav"


def bare_paths(tree):
    """Yield what is put into text as it is and, by its name, is a path."""
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        for part in (part.value for part in text.values if isinstance(part, ast.FormattedValue)):
            name = getattr(part, "attr", None) or getattr(part, "id", None)
            if name in ("path", "folder", "parent", "output"):
                yield ast.unparse(part)


@pytest.mark.parametrize("file", sorted(ROOT.rglob("*.py")), ids=lambda file: file.name)
def test_a_path_is_shown_through_the_one_function(file):
    assert not list(bare_paths(ast.parse(file.read_text("utf-8"))))


def test_a_bare_path_in_a_sentence_is_noticed():
    tree = ast.parse('f"There is no {path} in {take.folder}: {shown(path)} {name}"')
    assert list(bare_paths(tree)) == ["path", "take.folder"]


@linux
def test_what_people_see_of_a_path_is_one_line_of_text():
    path = Path(os.fsdecode(b"/a/caf\xe9\n\x1b[31m.wav"))
    assert shown(path) == "/a/caf\ufffd??[31m.wav"
    assert file_name(path) == "caf\ufffd??[31m.wav"
