"""What runs in a worker's process: orders in, results out, and takes followed in between."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import queue
import threading
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, NoReturn

from speechcoach.coach import Settings
from speechcoach.errors import JobError, SpeechCoachError
from speechcoach.workers.desk import Desk
from speechcoach.workers.jobs import Follow
from speechcoach.workers.messages import (
    OUT_OF_MEMORY,
    At,
    Do,
    Done,
    Failed,
    Forget,
    Message,
    Order,
    Said,
)

GRACE = 5.0
"""Seconds over a job's limit after which its process ends itself. The supervisor is quicker: this
is for a process that hangs so hard that it does not even notice that the supervisor is gone."""


def serve(inbox: BinaryIO) -> NoReturn:
    """Obey what comes through `inbox`, answer on stdout, until the other end is gone.

    Nobody else may use these two: what a library prints on stdout goes to stderr.
    """
    outbox = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # there is no stderr
        os.dup2(nowhere, 1)
    _Server(pickle.load(inbox), inbox, outbox).run()  # noqa: S301 - it comes from our parent


class _Server:
    def __init__(self, settings: Settings, inbox: BinaryIO, outbox: BinaryIO) -> None:
        self._desk = Desk(settings)
        self._inbox, self._outbox, self._sending = inbox, outbox, threading.Lock()
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._following: dict[int, tuple[Follow, float]] = {}  # with the limit of each

    def run(self) -> NoReturn:
        """Obey; where no order comes for a while, look at the takes that grow."""
        threading.Thread(target=self._receive, daemon=True).start()
        while True:
            step = min((follow.step for follow, _ in self._following.values()), default=None)
            try:
                order = self._orders.get(timeout=step)
            except queue.Empty:
                self._listen()
            else:
                self._obey(order)
            self._release()

    def _receive(self) -> NoReturn:
        """Take orders also while a job is done, to notice at once when nobody waits for it."""
        try:
            while True:
                self._orders.put(pickle.load(self._inbox))  # noqa: S301 - it comes from our parent
        finally:
            os._exit(0)

    def _obey(self, order: Order) -> None:
        if isinstance(order, Forget):
            self._forget(order.number)
            return
        with self._at(order.number, order.limit):
            answer = self._answer(order)
        self._send(answer or At(None))

    def _answer(self, order: Do) -> Message | None:
        """Do a job and return what came of it; None where it goes on."""
        try:
            job = pickle.loads(order.job)  # noqa: S301 - it comes from our parent
        except Exception as error:  # noqa: BLE001 - whatever its module raises where it is imported
            return Failed(order.number, JobError(f"A worker cannot read the job ({error})."))
        try:
            result = self._desk.perform(job, partial(self._say, order.number))
        except SpeechCoachError as error:
            return Failed(order.number, error)
        if isinstance(job, Follow) and job.path in self._desk.followed:
            self._following[order.number] = job, order.limit
            return None
        return Done(order.number, result)

    def _listen(self) -> None:
        """Recognise what is finished of each take that is followed, unless an order comes."""
        for number, (follow, limit) in self._following.items():
            if not self._orders.empty():
                return
            with self._at(number, limit):
                try:
                    self._desk.followed[follow.path].listen()
                except Exception:  # noqa: BLE001 - the analysis meets it again, and says it
                    self._desk.followed.pop(follow.path, None)
            self._send(At(None))

    def _forget(self, number: int) -> None:
        follow, _ = self._following.pop(number, (None, None))
        if follow and all(other.path != follow.path for other, _ in self._following.values()):
            self._desk.followed.pop(follow.path, None)
        self._send(Done(number, ""))

    def _release(self) -> None:
        """Say which takes are not followed any more."""
        for number, (follow, _) in list(self._following.items()):
            if follow.path not in self._desk.followed:
                del self._following[number]
                self._send(Done(number, ""))

    @contextlib.contextmanager
    def _at(self, number: int, limit: float) -> Iterator[None]:
        """Say what is done from now on, and end with it if it hangs or takes all memory."""
        self._send(At(number))
        seconds = min(limit + GRACE, threading.TIMEOUT_MAX)
        with open(os.devnull, "w") as nowhere:
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            try:
                yield
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            finally:
                faulthandler.cancel_dump_traceback_later()

    def _say(self, number: int, text: str) -> None:
        self._send(Said(number, text))

    def _send(self, message: Message) -> None:
        packed = pickle.dumps(message)
        try:
            with self._sending:
                self._outbox.write(packed)
                self._outbox.flush()
        except OSError:  # the supervisor is gone
            os._exit(0)
