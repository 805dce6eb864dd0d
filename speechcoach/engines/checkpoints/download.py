"""Fetching a large file over HTTP so that a broken connection costs only what was missing."""

from __future__ import annotations

import http.client
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from speechcoach import __version__
from speechcoach.engines.display import Gauge

CONNECT = 5.0
"""Seconds until a server must have answered, the look-up of its name included."""

STALL = 30.0
"""Seconds that a transfer may stand still."""

CHUNK = 1 << 18


class DownloadError(Exception):
    """The network failed; what has come so far is kept. Not for users: the caller words it."""


def download(url: str, part: Path, gauge: Gauge) -> None:
    """Bring `part` up to the whole of `url`, going on where an earlier attempt stopped.

    A server that cannot go on from there sends everything again, and `part` starts afresh.

    Raises
    ------
    DownloadError
        With the reason: no connection, an HTTP error, or a transfer that ended early.
    OSError
        If `part` cannot be written.
    """
    have = part.stat().st_size if part.exists() else 0
    try:
        with _open(url, have) as response:
            if response.status != http.client.PARTIAL_CONTENT:
                have = 0
            length = response.headers.get("Content-Length")
            total = have + int(length) if length else None
            _append(response, part, have, total, gauge)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE or not have:
            raise DownloadError(f"the server answered {error.code} {error.reason}") from error
        part.unlink()  # longer than the file itself: not a piece of it
        download(url, part, gauge)


def _append(
    response: http.client.HTTPResponse,
    part: Path,
    have: int,
    total: int | None,
    gauge: Gauge,
) -> None:
    with part.open("ab" if have else "wb") as out:
        gauge(have, total)
        for chunk in _chunks(response):
            out.write(chunk)
            have += len(chunk)
            gauge(have, total)
    if total is not None and have < total:
        raise DownloadError(f"the connection ended after {have / 1e6:.0f} of {total / 1e6:.0f} MB")


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while chunk := response.read(CHUNK):
            yield chunk
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(f"the connection broke ({error})") from error


def _open(url: str, have: int) -> http.client.HTTPResponse:
    """Ask for `url` from byte `have` on; give up after `CONNECT` seconds whatever is slow.

    A socket's own time limit does not cover the look-up of the name and starts again for each of
    a host's addresses, so the asking is left to a thread that may be abandoned.
    """
    answers: queue.SimpleQueue[http.client.HTTPResponse | Exception] = queue.SimpleQueue()
    headers = {"User-Agent": f"speechcoach/{__version__}"} | (
        {"Range": f"bytes={have}-"} if have else {}
    )
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - from whisper's own table

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(request, timeout=STALL))  # noqa: S310 - as above
        except (OSError, http.client.HTTPException) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=CONNECT)
    except queue.Empty:
        raise DownloadError(f"no answer within {CONNECT:g} s") from None
    if isinstance(answer, urllib.error.HTTPError):
        raise answer
    if isinstance(answer, Exception):
        reason = getattr(answer, "reason", answer)
        raise DownloadError(getattr(reason, "strerror", None) or str(reason)) from answer
    return answer
