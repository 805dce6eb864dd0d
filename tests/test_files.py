import os

import pytest

from speechcoach.errors import OutputError
from speechcoach.files import replacing, write_whole


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
    with pytest.raises(OutputError, match=r"no folder .*missing to write report\.md"):
        write_whole(tmp_path / "missing" / "report.md", "")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        write_whole(tmp_path, "")


def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    write_whole(tmp_path / "report.md", "")
    (tmp_path / "other").touch()
    assert os.stat(tmp_path / "report.md").st_mode == os.stat(tmp_path / "other").st_mode
