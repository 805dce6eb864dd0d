"""The run: files in, rows out in the order of the files, whatever ends first."""

from __future__ import annotations

import hashlib
import json
import os
import queue
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from speechcoach.batch.files import Stamp, stamp_of
from speechcoach.coach import Coach, Settings
from speechcoach.data import EngineInfo
from speechcoach.engines.display import Display, nothing
from speechcoach.errors import SpeechCoachError
from speechcoach.history.columns import Key
from speechcoach.history.recordings import keep
from speechcoach.history.store import History
from speechcoach.paths import file_name, shown, to_text
from speechcoach.transcripts import is_transcript
from speechcoach.workers import Analyze, Workers

AHEAD = 256  # files that may be done before their turn: bounds what is held in memory
TRIES = 3  # analyses of a file that changes meanwhile
SPARE = 2  # files that are submitted for each worker: one to do, one that waits for it


@dataclass(frozen=True)
class Row:
    """What came out of one file: a report in plain values, or the reason why there is none.

    `kept` tells a report that was in the history already.
    """

    path: str
    report: Mapping[str, Any] | None = None
    error: str = ""
    kept: bool = False


@dataclass(frozen=True)
class _Task:
    place: int
    job: Analyze
    stamp: Stamp | None
    key: Key | None
    tries: int = 1

    @property
    def changed(self) -> bool:
        """Whether the file is another one than when it was looked up."""
        return stamp_of(self.job.path) != self.stamp


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Batch:
    """Analyses files under the same settings; what the history has is not analysed again.

    Parameters
    ----------
    settings : Settings
    history : History, optional
        Where reports are looked up and kept; without one nothing is saved.
    question : str, optional
        The question of every file; else the manifest (see `check`), file and folder tell.
    force : bool
        Analyse again what is kept already.
    keep_audio : bool
        Copy the recordings into the data folder.
    display : callable
        Shows the fetch of a model.
    note : callable
        Receives one-line notes for the user.
    """

    def __init__(
        self,
        settings: Settings,
        history: History | None,
        *,
        question: str | None = None,
        force: bool = False,
        keep_audio: bool = False,
        display: Display = nothing,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.settings, self.history, self.note = settings, history, note
        self.question, self.force = question, force
        self.keep_audio, self.display = keep_audio, display
        self.manifest: Mapping[str, str] = {}
        self.coach = Coach(settings, note)

    @cached_property
    def recogniser(self) -> tuple[str, str]:
        """The recogniser and model that "auto" comes down to; settled once for all workers."""
        from speechcoach.engines import settle

        return settle(
            self.settings.engine, self.settings.model, announce=self.note, display=self.display
        )

    @cached_property
    def identity(self) -> EngineInfo:
        """Whose words the reports will be made of."""
        from speechcoach.engines import identity

        return identity(*self.recogniser)

    def check(self, manifest: Path | None = None) -> None:
        """Raise now what would otherwise surface later: a bad name or file; read the manifest."""
        from speechcoach.engines import check
        from speechcoach.guides import read_manifest

        self.coach.check(self.question)
        check(self.settings.engine, self.settings.model)
        if manifest is not None:
            self.manifest = read_manifest(manifest, self.coach.bank)

    def settled(self, paths: Iterable[Path] | None) -> Settings:
        """Return the settings of workers for `paths`, None for any that may come.

        A recogniser is only settled, and its model fetched, where there is sound.
        """
        if paths is not None and not any(map(_is_sound, paths)):
            return self.settings
        engine, model = self.recogniser
        return replace(self.settings, engine=engine, model=model)

    def rows(self, paths: Iterable[Path], workers: Workers) -> Iterator[Row]:
        """Yield a row a file, in order; each report is kept before it is yielded."""
        run = _Run(self, workers)
        tasks = enumerate(paths)
        more = True
        while more or run.pending:
            while more and run.room:
                place, path = next(tasks, (None, None))
                if path is None or place is None:
                    more = False
                else:
                    run.take(place, path)
            yield from run.in_turn()
            if run.under_way:
                run.collect()

    def question_of(self, path: Path) -> str | None:
        """Return the question that a file answers."""
        from speechcoach.guides import question_of

        return self.question or question_of(path, self.coach.bank, self.manifest)

    def key(self, path: Path, question: str | None) -> Key:
        """Return what makes the analysis of a file the same as another one.

        Raises
        ------
        OSError
            If it is no regular file (a pipe would be waited for), or cannot be read.
        """
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        rules = self.coach.rules(question)
        if not _is_sound(path):
            return Key(sha256, question, None, None, rules, "text")
        heard_by = self.identity
        return Key(sha256, question, heard_by.name, heard_by.model, rules, digest=heard_by.digest)


class _Run:
    """The state of one run: what is under way, and what waits for its turn."""

    def __init__(self, batch: Batch, workers: Workers) -> None:
        self.batch, self.workers = batch, workers
        self.ready: dict[int, Row] = {}
        self.under_way: dict[Future[str], list[_Task]] = {}
        self.over: queue.SimpleQueue[Future[str]] = queue.SimpleQueue()
        self.taken = self.given = 0

    @property
    def pending(self) -> bool:
        """Whether any file that was taken is not given yet."""
        return self.given < self.taken

    @property
    def room(self) -> bool:
        """Whether another file may be taken: no worker should wait for its next one."""
        return len(self.under_way) < SPARE * self.workers.size and self.taken - self.given < AHEAD

    def take(self, place: int, path: Path) -> None:
        """Look a file up in the history, or start its analysis."""
        self.taken += 1
        self._begin(self._task(place, Analyze(path, self.batch.question_of(path))))

    def _task(self, place: int, job: Analyze, tries: int = 1) -> _Task:
        before = stamp_of(job.path)
        try:
            key = self.batch.key(job.path, job.question)
        except OSError:
            key = None  # the analysis says what is wrong with the file
        return _Task(place, job, before, key, tries)

    def _begin(self, task: _Task) -> None:
        if kept := self._kept(task):
            self.ready[task.place] = kept
        elif same := self._same(task):
            self.under_way[same].append(task)
        else:
            report = self.workers.submit(task.job, note=self.batch.note)
            self.under_way[report] = [task]
            report.add_done_callback(self.over.put)

    def _kept(self, task: _Task) -> Row | None:
        history = self.batch.history
        if history is None or task.key is None or self.batch.force:
            return None
        found = history.find(task.key)
        return self._row(task.job.path, found, kept=True) if found else None

    def _same(self, task: _Task) -> Future[str] | None:
        """Return the report under way, if any, that will be that of `task`, too."""
        if task.key is None:
            return None
        return next((r for r, tasks in self.under_way.items() if tasks[0].key == task.key), None)

    def collect(self) -> None:
        """Wait for the workers; keep what they give.

        What they give of a file that has changed meanwhile, as one does that is still recorded, is
        left: it is analysed again, or it would be kept once for each state that it was in.
        """
        report = self.over.get()
        done = self.under_way.pop(report)
        if any(task.changed for task in done):
            for task in done:
                self._again(task)
            return
        try:
            made = report.result()
        except SpeechCoachError as error:
            rows = [Row(to_text(task.job.path), error=str(error)) for task in done]
        else:
            if self.batch.history:
                self.batch.history.add_json(made)
            rows = [self._row(task.job.path, json.loads(made)) for task in done]
        self.ready.update(zip((task.place for task in done), rows, strict=True))

    def _again(self, task: _Task) -> None:
        """Have a file analysed once more, unless it goes on changing."""
        if task.changed and task.tries == TRIES:
            path = task.job.path
            error = f"{shown(path)} goes on changing: analyse it when it is finished."
            self.ready[task.place] = Row(to_text(path), error=error)
        else:
            self._begin(self._task(task.place, task.job, task.tries + 1))

    def _row(self, path: Path, report: dict[str, Any], *, kept: bool = False) -> Row:
        """Return the row of a report, perhaps made of another file of the same content."""
        recording = {**report["recording"], "path": to_text(path), "name": file_name(path)}
        if self.batch.keep_audio and recording["kind"] == "audio":
            keep(path, recording["sha256"])
        return Row(recording["path"], {**report, "recording": recording}, kept=kept)

    def in_turn(self) -> Iterator[Row]:
        """Yield the rows whose turn it is."""
        while (row := self.ready.pop(self.given, None)) is not None:
            self.given += 1
            yield row


def _is_sound(path: Path) -> bool:
    return not is_transcript(path)
