"""Checkpoints: fetched from a server of our own on this machine, never from the network."""

import hashlib
import importlib
import os
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from filelock import FileLock

from speechcoach import engines, paths
from speechcoach.cli import main
from speechcoach.engines import checkpoints
from speechcoach.engines.checkpoints import download, fetching
from speechcoach.errors import ModelError, UnknownNameError

WEIGHTS = bytes(range(256)) * 4096  # a megabyte
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves `body`; `ranges` tells whether it can go on in the middle, `stop` where it breaks."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.ranges, self.stop, self.status = WEIGHTS, True, None, None
        self.silent = threading.Event()
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/{SHA256}/base.en.pt"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        wanted = self.headers.get("Range")
        server.asked.append(wanted)
        if server.silent.is_set():
            time.sleep(2)
            return
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        if server.status or (first and first >= len(server.body)):
            self.send_error(server.status or 416)
            return
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(server.body) - first))
        self.end_headers()
        self.wfile.write(server.body[first : server.stop])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    published(monkeypatch, server.url)
    monkeypatch.delenv("SPEECHCOACH_OFFLINE", raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that new checkpoints go to; a second one is only read."""
    folders = (tmp_path / "models", tmp_path / "cache")
    monkeypatch.setattr(paths, "model_dirs", lambda: folders)
    return folders[0]


def published(monkeypatch, url):
    known = {"base.en": checkpoints.Checkpoint("base.en", url, SHA256, len(WEIGHTS))}
    monkeypatch.setattr(checkpoints, "known", lambda: known)


def left_in(folder):
    return sorted(p.name for p in folder.iterdir())


def test_the_table_is_whispers_own():
    whisper = importlib.import_module("whisper")
    assert {c.url for c in checkpoints.known().values()} == set(whisper._MODELS.values())
    assert all(c.sha256 in c.url and len(c.sha256) == 64 for c in checkpoints.known().values())
    assert checkpoints.checkpoint("turbo") == checkpoints.known()["large-v3-turbo"]
    assert set(checkpoints.SIZES) == set(checkpoints.known())


def test_an_unknown_checkpoint_suggests_near_ones():
    with pytest.raises(UnknownNameError, match=r"no Whisper model called 'smal.en'.*small.en"):
        checkpoints.checkpoint("smal.en")


def test_fetching_brings_the_file_and_nothing_else(server, folder):
    assert checkpoints.find("base.en") is None
    assert fetching.fetch("base.en") == folder / "base.en.pt" == checkpoints.find("base.en")
    assert (folder / "base.en.pt").read_bytes() == WEIGHTS
    assert left_in(folder) == ["base.en.pt"]


def test_what_is_here_and_whole_is_not_fetched_again(server, folder):
    fetching.fetch("base.en")
    fetching.fetch("base.en")
    assert server.asked == [None]


def test_a_checkpoint_in_any_of_the_folders_is_found(folder):
    cache = paths.model_dirs()[1]
    cache.mkdir()
    (cache / "base.en.pt").write_bytes(WEIGHTS)
    assert checkpoints.find("base.en") == cache / "base.en.pt" == fetching.obtain("base.en")


def test_a_fetch_is_announced_with_its_size_and_counts_up_to_it(server, folder):
    seen = []

    @contextmanager
    def display(fetch):
        seen.append(fetch)
        yield lambda have, total: seen.append((have, total))

    fetching.fetch("base.en", display)
    fetch, *counts = seen
    assert (fetch.what, fetch.size) == ("the Whisper checkpoint base.en", len(WEIGHTS))
    assert fetch.command == "speechcoach models fetch base.en"
    assert counts == sorted(counts)
    assert counts[0] == (0, len(WEIGHTS))
    assert counts[-1] == (len(WEIGHTS), len(WEIGHTS))


def test_a_transfer_cut_in_the_middle_goes_on_there(server, folder):
    server.stop = 300_000
    with pytest.raises(ModelError, match=r"ended after 0 of 1 MB\): `speechcoach models fetch"):
        fetching.fetch("base.en")
    assert left_in(folder) == ["base.en.pt.part"]
    assert checkpoints.find("base.en") is None
    server.stop = None
    assert fetching.fetch("base.en").read_bytes() == WEIGHTS
    assert server.asked == [None, "bytes=300000-"]
    assert left_in(folder) == ["base.en.pt"]


def test_a_server_that_cannot_go_on_sends_everything_again(server, folder):
    folder.mkdir()
    (folder / "base.en.pt.part").write_bytes(WEIGHTS[:5000])
    server.ranges = False
    assert fetching.fetch("base.en").read_bytes() == WEIGHTS
    assert server.asked == ["bytes=5000-"]


@pytest.mark.parametrize("piece", [b"of another file", WEIGHTS + b"too long"])
def test_a_piece_of_another_file_is_thrown_away(server, folder, piece):
    folder.mkdir()
    (folder / "base.en.pt.part").write_bytes(piece)
    assert fetching.fetch("base.en").read_bytes() == WEIGHTS
    assert server.asked[-1] is None


def test_a_complete_piece_needs_no_network(server, folder):
    folder.mkdir()
    (folder / "base.en.pt.part").write_bytes(WEIGHTS)
    assert fetching.fetch("base.en").read_bytes() == WEIGHTS
    assert server.asked == []


def test_a_wrong_checksum_leaves_nothing(server, folder):
    server.body = b"<html>Please log in to the hospital's network</html>"
    with pytest.raises(ModelError, match=r"What came from 127\.0\.0\.1 is not base\.en\.pt"):
        fetching.fetch("base.en")
    assert left_in(folder) == []


def test_a_broken_checkpoint_is_replaced_where_it_lies(server, folder):
    cache = paths.model_dirs()[1]
    cache.mkdir()
    (cache / "base.en.pt").write_bytes(WEIGHTS[:-1])
    with pytest.raises(ModelError, match=r"not the published base\.en .* fetch base\.en`"):
        checkpoints.verify()
    assert fetching.fetch("base.en") == cache / "base.en.pt"
    assert checkpoints.verify() == {"base.en": cache / "base.en.pt"}


def test_a_server_error_is_told(server, folder):
    server.status = 503
    with pytest.raises(ModelError, match="the server answered 503 Service Unavailable"):
        fetching.fetch("base.en")


def test_no_server_is_told(folder, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        published(monkeypatch, f"http://127.0.0.1:{unused.getsockname()[1]}/{SHA256}/base.en.pt")
        monkeypatch.delenv("SPEECHCOACH_OFFLINE")
        with pytest.raises(ModelError, match=r"base\.en \(1 MB\) is not on this machine.*refused"):
            fetching.fetch("base.en")


def test_a_server_that_does_not_answer_is_given_up(server, folder, monkeypatch):
    monkeypatch.setattr(download, "CONNECT", 0.1)
    server.silent.set()
    with pytest.raises(ModelError, match=r"no answer within 0\.1 s"):
        fetching.fetch("base.en")


def test_a_look_up_that_hangs_is_given_up(folder, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(download, "CONNECT", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(30) and [])
    published(monkeypatch, f"http://example.invalid/{SHA256}/base.en.pt")
    monkeypatch.delenv("SPEECHCOACH_OFFLINE")
    with pytest.raises(ModelError, match="no answer within"):
        fetching.fetch("base.en")
    done.set()


def test_offline_means_no_connection(server, folder, monkeypatch):
    monkeypatch.setenv("SPEECHCOACH_OFFLINE", "1")
    with pytest.raises(ModelError, match="SPEECHCOACH_OFFLINE forbids fetching it"):
        fetching.fetch("base.en")
    assert server.asked == []


def test_offline_a_broken_checkpoint_is_not_said_to_be_absent(server, folder, monkeypatch):
    folder.mkdir()
    (folder / "base.en.pt").write_bytes(b"half")
    monkeypatch.setenv("SPEECHCOACH_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"base\.en\.pt is broken, and SPEECHCOACH_OFFLINE"):
        fetching.fetch("base.en")


def test_a_full_disk_is_told_before_the_fetch(server, folder, monkeypatch):
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: type("", (), {"free": 1000}))
    with pytest.raises(ModelError, match=r"needs 1 MB and .* has 0 MB left: free some space"):
        fetching.fetch("base.en")
    assert server.asked == []


def test_a_disk_that_fills_up_is_told(server, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download, "_append", full)
    with pytest.raises(ModelError, match=r"\(No space left on device\): free 1 MB there"):
        fetching.fetch("base.en")


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_folders_that_cannot_be_made_are_told(server, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(paths, "model_dirs", lambda: (tmp_path / "file" / "models",))
    with pytest.raises(ModelError, match=r"cannot be kept in .*file/models"):
        fetching.fetch("base.en")


def test_two_processes_do_not_fetch_the_same_file(server, folder):
    folder.mkdir()
    with (
        FileLock(folder / ".base.en.pt.lock"),
        pytest.raises(ModelError, match=r"Another speechcoach is fetching base\.en\.pt"),
    ):
        fetching.fetch("base.en")
    assert server.asked == []


def test_a_path_stands_for_itself(tmp_path, monkeypatch):
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    (tmp_path / "mine.pt").write_bytes(b"")
    for model in (str(tmp_path / "mine.pt"), "~/mine.pt"):
        assert fetching.obtain(model) == tmp_path / "mine.pt"
    with pytest.raises(ModelError, match=r"no checkpoint file .*yours\.pt: check the path"):
        fetching.obtain(str(tmp_path / "yours.pt"))


def run(*args):
    return CliRunner().invoke(main, ["models", *args])


def test_the_list_says_what_is_here(server, folder):
    before = run().stdout
    assert before == run("list").stdout == f"base.en  1 MB  {SHA256[:12]}  not here\n"
    assert run("fetch").exit_code == 0
    assert run().stdout == before.replace("not here", str(folder / "base.en.pt"))


def test_fetch_announces_on_stderr_and_answers_on_stdout(server, folder):
    result = run("fetch", "base.en")
    assert result.stderr == "Fetching the Whisper checkpoint base.en (1 MB), once.\n"
    assert result.stdout == f"base.en is here and whole: {folder / 'base.en.pt'}\n"


def test_verify_names_every_broken_file(server, folder):
    assert run("verify").stderr == (
        "No checkpoint is here yet: `speechcoach models fetch` brings one.\n"
    )
    run("fetch")
    assert run("verify").stdout == f"base.en is whole: {folder / 'base.en.pt'}\n"
    (folder / "base.en.pt").write_bytes(b"half")
    result = run("verify")
    assert result.exit_code == 1
    assert str(folder / "base.en.pt") in result.stderr


def test_path_prints_a_folder_or_a_file(server, folder):
    assert run("path").stdout == f"{folder}\n"
    absent = run("path", "base.en")
    assert absent.exit_code == 1
    assert "`speechcoach models fetch base.en` fetches it" in absent.stderr
    run("fetch")
    assert run("path", "base.en").stdout == f"{folder / 'base.en.pt'}\n"


def test_a_first_analysis_tells_of_the_fetch(server, folder):
    notes = []
    assert engines.settle("auto", announce=notes.append) == (
        "whisper",
        str(folder / "base.en.pt"),
    )
    assert notes == ["Fetching the Whisper checkpoint base.en (1 MB), once."]


def test_a_fetch_is_announced_before_the_first_packet(server, folder, monkeypatch):
    monkeypatch.setattr(download, "_open", lambda *_: pytest.fail("a packet before the word"))

    def display(fetch):
        raise KeyboardInterrupt  # the user reads it and wants none of it

    with pytest.raises(KeyboardInterrupt):
        fetching.fetch("base.en", display)
    assert server.asked == []
    assert left_in(folder) == []


def test_a_fetch_that_fails_was_announced_and_leaves_nothing(server, folder):
    server.status = 503
    notes = []
    assert engines.settle("auto", announce=notes.append) == ("moonshine", "tiny-en")
    announced, failed = notes
    assert announced == "Fetching the Whisper checkpoint base.en (1 MB), once."
    assert "could not be fetched (the server answered 503" in failed
    assert left_in(folder) == []


def test_a_lock_that_a_killed_process_left_is_no_obstacle_and_goes(server, folder):
    folder.mkdir()
    (folder / ".base.en.pt.lock").touch()
    fetching.fetch("base.en")
    assert left_in(folder) == ["base.en.pt"]


def test_offline_nothing_is_announced_and_no_folder_is_made(server, folder, monkeypatch):
    monkeypatch.setenv("SPEECHCOACH_OFFLINE", "1")
    notes = []
    engines.settle("auto", announce=notes.append)
    assert len(notes) == 1
    assert not folder.exists()


def test_verify_reads_the_file_again_whatever_its_time_says(server, folder):
    path = fetching.fetch("base.en")
    assert checkpoints.digest(path) == SHA256
    state = path.stat()
    path.write_bytes(b"x" + WEIGHTS[1:])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert checkpoints.digest(path) == SHA256  # size, time and file are the same
    with pytest.raises(ModelError, match=r"not the published base\.en"):
        checkpoints.verify()
