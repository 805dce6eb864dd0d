"""Whoever analyses in the background: jobs in, reports out, in any order.

``contract`` says what any set of workers does; batch, practice and whatever comes write against
it. ``processes`` does it on this machine; ``process`` is its hold on one process, ``serving`` what
runs inside, ``messages`` what passes between. ``jobs`` can be done; ``desk`` is what they are done
with, ``ahead`` an engine that listens while a take grows.

Why not a library: `concurrent.futures` and loky give up as a whole when one process is killed.
Pebble (LGPL) survives that and has time limits, but chooses the process by itself, so that a take
could not be recognised ahead by the process that will report on it; it knows no priority and no
notes, and its processes import numpy before anybody can tell numpy how many threads to use.
"""

from speechcoach.workers.contract import LIMIT, WAITED_FOR, Job, Note, Workers, unheard
from speechcoach.workers.jobs import Analyze, Follow, Warm
from speechcoach.workers.processes import Processes, alone

__all__ = [
    "LIMIT",
    "WAITED_FOR",
    "Analyze",
    "Follow",
    "Job",
    "Note",
    "Processes",
    "Warm",
    "Workers",
    "alone",
    "unheard",
]
