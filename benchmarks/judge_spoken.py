#!/usr/bin/env python3
"""The judge on recognised speech against the same answers as written.

    judge_spoken.py OUT [--engine NAME] [--model NAME] [--answers N]

Speaks the answers of the held-out voices with flite's voices (Debian's `flite`), has them
recognised, and judges both texts. What was recognised is kept in OUT as JSON lines, and an answer
that is there is not spoken again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import voices
from judge import Judged as One
from judge import elements, f1, own, read

from speechcoach import engines
from speechcoach.guides import built_in
from speechcoach.sound import audio

SPEAKERS = ("slt", "rms", "awb", "kal16")


def recognised(told: voices.Told, speaker: str, hear: object) -> str:
    """Return what a recogniser writes of a spoken answer."""
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "answer.wav")
        text = Path(folder, "answer.txt")
        text.write_text("\n".join(told.texts), encoding="utf-8")
        command = ["flite", "-voice", speaker, "-f", str(text), "-o", str(sound)]
        subprocess.run(command, check=True)
        assert callable(hear)  # noqa: S101 - a recogniser is a function of sound
        said = hear(audio.load(sound).audio)
        return " ".join(part.text for part in said.utterances)


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--engine", default="moonshine")
    parser.add_argument("--model")
    parser.add_argument("--answers", type=int, default=1000)
    given = parser.parse_args()
    kept = {}
    if given.out.exists():
        kept = dict(map(json.loads, given.out.read_text("utf-8").splitlines()))
    hear = engines.choose(given.engine, given.model, announce=print)
    known = {question.id: question for question in built_in().questions}
    known |= {str(plain["id"]): own(plain) for plain in voices.questions()}
    paths = voices.paths(held_out=True)
    groups = [list(voices.answers(path)) for path in paths]
    mixed = [told for row in zip(*groups, strict=True) for told in row][: given.answers]
    written, heard = [], []
    with given.out.open("a", encoding="utf-8") as out:
        for number, told in enumerate(mixed):
            if told.id not in kept:
                kept[told.id] = recognised(told, SPEAKERS[number % len(SPEAKERS)], hear)
                out.write(json.dumps([told.id, kept[told.id]]) + "\n")
                out.flush()
            question = known[told.question]
            written.append(One(told, read(told.texts, question), known=True))
            heard.append(One(told, read([kept[told.id]], question), known=True))
    for name, some in (("as written", written), (f"as {given.engine} heard it", heard)):
        stories = [one for one in some if one.told.roles]
        parts = sum(p.covered for one in stories for p in one.content.structure.parts.values())
        off = sum(one.content.off_question for one in some)
        print(f"{name}: element F1 {f1(elements(some)):.3f}, {parts} parts of stories, {off} off")


if __name__ == "__main__":
    main()
