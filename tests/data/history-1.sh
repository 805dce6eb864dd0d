#!/bin/bash
# history-1.sh TREE: writes history-1.sql with the program in TREE, a checkout of 0.1.0 (31d5e23):
# its history of four recorded and written answers, as reports of schema 1.
set -e
tree=$(realpath "$1") here=$(realpath "$(dirname "$0")") work=$(mktemp -d)
export PYTHONPATH=$tree SPEECHCOACH_HOME=$work/home TZ=UTC
run() { "${PYTHON:-python}" -m speechcoach "$@" > /dev/null; }
mkdir -p "$work/takes" /answers
cd "$work"
cp "$here/../mini_whisper/surgeon.flac" takes/conflict-1.flac
"${PYTHON:-python}" -c "
import sys, pathlib; sys.path.insert(0, '$here/..'); import mini_whisper
mini_whisper.checkpoint(pathlib.Path('.'))"
printf '%s\n' "So, um, we missed a fracture on a night film." "I called the surgeon and said it." \
  "The patient was fine, and we changed the checklist." > takes/mistake-1.txt
printf 'I like to read films, and I run.\n' > $'/answers/caf\xe9.txt'
printf 'I want to teach, and to read chest films all day.\n' > /answers/five-ten-years-1.txt
touch -d '2026-11-01 10:00' takes/* /answers/*
run analyze takes/conflict-1.flac --engine moonshine --keep-audio  # relative; a copy is kept
run analyze takes/conflict-1.flac --engine whisper --model mini.en.pt
run analyze takes/mistake-1.txt /answers/five-ten-years-1.txt  # relative, absolute
run analyze $'/answers/caf\xe9.txt'  # a name that is no text
run goal --date 2099-01-01
"${PYTHON:-python}" - > "$here/history-1.sql" <<'P'
import os, sqlite3
db = sqlite3.connect(os.environ["SPEECHCOACH_HOME"] + "/history.sqlite")
print("-- Made by history-1.sh.", *db.iterdump(), sep="\n")
print(f"PRAGMA user_version = {db.execute('PRAGMA user_version').fetchone()[0]};")
P
rm -r "$work" /answers
