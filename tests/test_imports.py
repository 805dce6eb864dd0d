"""Imports point downwards, those inside functions too; CONTRIBUTING.md names the layers."""

import ast
import graphlib
from pathlib import Path

import pytest

import speechcoach
from speechcoach import engines
from speechcoach.cli import COMMANDS

VIEWS = "speechcoach.views"
ROOT = Path(speechcoach.__file__).parent


def name_of(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {name_of(path): ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}


def imported(tree):
    """Yield the modules of ours that are imported when the code runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from {whole if whole in MODULES else str(node.module)} & MODULES.keys()
        yield from imported(node)


GRAPH = {name: set(imported(tree)) for name, tree in MODULES.items()}


def test_no_module_imports_itself_through_others():
    graphlib.TopologicalSorter(GRAPH).prepare()  # raises CycleError, which names the cycle


LEVELS = (
    "speechcoach data errors paths harmless quantities checkup privacy spelling",
    "plausible registry files outputs alignment strict_json punctuation",
    "sound guides overlay reports recorder",
    "judging fillers engines analyzers",
    "transcripts content",
    "coach",
    "history workers",
    "health progress batch",
    "views",
    "terminal",
    "practice",
    "cli",
    "__main__",
)
"""The rooms from the ground up: each rests on rooms below its own level only."""


def room_of(name):
    return name.removeprefix("speechcoach.").partition(".")[0]


def upward(graph):
    """Return the imports between rooms that do not point down, or whose rooms have no level."""
    level = {room: i for i, rooms in enumerate(LEVELS) for room in rooms.split()}
    pairs = {(room_of(name), room_of(used)) for name in graph for used in graph[name]}
    return sorted((a, b) for a, b in pairs if a != b and not level.get(b, 99) < level.get(a, -1))


def test_rooms_rest_on_rooms_below_them():
    assert upward(GRAPH) == []


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("speechcoach.recorder.meter", "speechcoach.sound.level"),
        ("speechcoach.sound.level", "speechcoach.guides.bank"),  # a neighbour
        ("speechcoach.judging.norms", "speechcoach.coach"),  # upward
        ("speechcoach.new.thing", "speechcoach.data"),  # a room that nobody placed
    ],
)
def test_an_import_that_does_not_point_down_is_seen(name, used):
    found = upward({**GRAPH, name: GRAPH.get(name, set()) | {used}})
    assert (room_of(name), room_of(used)) in found


@pytest.mark.parametrize("module", ["errors", "data", "quantities"])
def test_the_ground_floor_rests_on_nothing_of_ours(module):
    assert GRAPH[f"speechcoach.{module}"] == set()


def test_nothing_below_the_command_line_knows_of_it():
    users = {name for name, used in GRAPH.items() if any("speechcoach.cli" in m for m in used)}
    assert {name for name in users if not name.startswith("speechcoach.cli")} == {
        "speechcoach.__main__"
    }


def test_no_command_imports_another():
    commands = {place.partition(":")[0] for place in COMMANDS.values()}
    assert len(commands) > 8
    for command in commands:
        assert not GRAPH[command] & commands


def test_only_the_command_line_knows_what_people_see():
    """But for the terminal, which tells the views what they are laid out for."""
    users = {name for name, used in GRAPH.items() if any(u.startswith(VIEWS) for u in used)}
    rooms = {name.removeprefix("speechcoach.").partition(".")[0] for name in users}
    assert rooms == {"cli", "terminal", "views"}


def test_an_analyzer_judges_nothing():
    judges = {"speechcoach.judging.norms", "speechcoach.judging.scoring", "speechcoach.views"}
    measuring = [name for name in GRAPH if name.startswith("speechcoach.analyzers.")]
    assert len(measuring) > 5
    assert not judges & set().union(*(GRAPH[name] for name in measuring))


def test_no_room_but_theirs_knows_a_recogniser_by_its_file():
    """A registered one is asked for by name; what is given is filled into what Moonshine hears."""
    files = {type(engine).__module__ for engine in engines.load().values()}
    assert files <= GRAPH.keys()
    assert {name for name, used in GRAPH.items() if used & files} == {"speechcoach.engines.given"}
