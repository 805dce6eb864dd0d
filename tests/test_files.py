import os

import pytest

from speechcoach.errors import OutputError
from speechcoach.files import check_place, replacing, write_whole


def test_a_file_is_written_whole(tmp_path):
    write_whole(tmp_path / "report.md", "naïve ✓\n")
    assert (tmp_path / "report.md").read_text("utf-8") == "naïve ✓\n"
    assert [p.name for p in tmp_path.iterdir()] == ["report.md"]


def fill_the_disk(path):
    with replacing(path) as part:
        part.write_text("half of the n")
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
