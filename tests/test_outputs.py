"""Results are written whole or not at all, and never over what is not ours to replace."""

import os
from pathlib import Path

import pytest

from speechcoach.errors import OutputError
from speechcoach.outputs import Output, check_place, whole, write_whole


def test_a_file_is_written_whole(tmp_path):
    write_whole(tmp_path / "report.md", "naïve ✓\n")
    assert (tmp_path / "report.md").read_text("utf-8") == "naïve ✓\n"
    assert [p.name for p in tmp_path.iterdir()] == ["report.md"]


def fill_the_disk(path):
    with whole(path) as file:
        file.write(b"half of the n")
        raise OSError(28, "No space left on device")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("old")
    with pytest.raises(OutputError, match="cannot be written"):
        fill_the_disk(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.md"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OutputError, match=r"there is no folder .*missing"):
        write_whole(tmp_path / "missing" / "report.md", "")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        write_whole(tmp_path, "")


def test_a_place_can_be_refused_beforehand(tmp_path):
    check_place(tmp_path / "report.md")
    with pytest.raises(OutputError, match="is a folder"):
        check_place(tmp_path)
    with pytest.raises(OutputError, match="there is no folder"):
        check_place(tmp_path / "missing" / "report.md")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other devices")
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    (tmp_path / "null").symlink_to(os.devnull)
    write_whole(tmp_path / "null", "nobody reads this")
    assert not (tmp_path / "null").is_file()
    assert (tmp_path / "null").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to("report.md")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "report.md").read_text() == "new"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_private_file_stays_private(tmp_path):
    (tmp_path / "report.md").touch(0o600)
    write_whole(tmp_path / "report.md", "new")
    assert (tmp_path / "report.md").stat().st_mode & 0o777 == 0o600


def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    write_whole(tmp_path / "report.md", "")
    (tmp_path / "other").touch()
    assert os.stat(tmp_path / "report.md").st_mode == os.stat(tmp_path / "other").st_mode


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_what_is_the_users_alone_is_never_open_to_others_not_even_for_a_moment(tmp_path):
    path = tmp_path / "take.wav"
    with whole(path, mode=0o600) as file:
        (part,) = tmp_path.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
        file.write(b"words")
    assert path.stat().st_mode & 0o777 == 0o600


# A file that the user names


def as_itself(source, name):
    return source


def by_another_way(source, name):
    return source.parent / "." / "x" / ".." / source.name


def link(make):
    def linked(source, name):
        make(source, source.parent / name)
        return source.parent / name

    return linked


WAYS = {
    "itself": as_itself,
    "by another way": by_another_way,
    "a link": link(lambda source, path: path.symlink_to(source)),
    "a hard link": link(lambda source, path: path.hardlink_to(source)),
}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_input_is_never_written_over(tmp_path, way, force):
    source = tmp_path / "take.wav"
    source.write_bytes(b"sound")
    (tmp_path / "x").mkdir()
    output = Output(way(source, "out.txt"), (tmp_path / "other", source), lambda _: True, force)
    for attempt in (output.check, lambda: output.write("report")):
        with pytest.raises(OutputError, match="is what the result is made of"):
            attempt()
    assert source.read_bytes() == b"sound"


def test_what_lies_in_an_input_folder_is_an_input_and_a_new_file_there_is_none(tmp_path):
    (tmp_path / "guide.toml").touch()
    with pytest.raises(OutputError, match="is what the result is made of"):
        Output(tmp_path / "guide.toml", (tmp_path,)).check()
    Output(tmp_path / "new.txt", (tmp_path,)).write("report")
    assert (tmp_path / "new.txt").read_text() == "report"


def test_another_file_is_only_replaced_by_force(tmp_path):
    path = tmp_path / "thesis.txt"
    path.write_text("years of work")
    with pytest.raises(OutputError, match=r"no earlier output .*--force"):
        Output(path).write("report")
    assert path.read_text() == "years of work"
    Output(path, force=True).write("report")
    assert path.read_text() == "report"


def test_an_earlier_output_and_an_empty_file_are_replaced_unasked(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("report of \xe9 yesterday", "latin-1")
    Output(path, ours=lambda head: head.startswith("report")).write("report of today")
    assert path.read_text() == "report of today"
    path.write_text("")
    Output(path).write("report")
    assert path.read_text() == "report"


@pytest.mark.parametrize("name", ["a\0b", "a" * 300])
def test_what_is_no_name_is_said_in_a_sentence(tmp_path, name):
    with pytest.raises(OutputError, match="cannot be written"):
        Output(tmp_path / name).write("report")


# A file that grows


def test_each_line_is_on_disk_at_once(tmp_path):
    with Output(tmp_path / "out.jsonl").growing() as write:
        write("é1\n")
        assert (tmp_path / "out.jsonl").read_text("utf-8") == "é1\n"
        write("é2\n")
    assert (tmp_path / "out.jsonl").read_text("utf-8") == "é1\né2\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for files")
def test_a_line_that_does_not_fit_leaves_no_half(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Output(tmp_path / "out.jsonl").growing() as write:
        write("whole\n")
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        try:
            with pytest.raises(OutputError, match="cannot be written"):
                write("x" * 20_000 + "\n")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "out.jsonl").read_text() == "whole\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full disk at hand")
def test_a_full_disk_is_named():
    with (
        pytest.raises(OutputError, match=r"/dev/full cannot be written \(No space left"),
        Output(Path("/dev/full")).growing() as write,
    ):
        write("line\n")
