"""The pipeline from file to report: with a scripted engine for speed, a real one for truth."""

import contextlib
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from scripted import Scripted, registered, scripted
from sound_support import SAMPLES, write

from speechcoach.coach import NO_SPEECH, NO_WORDS, Coach, Settings
from speechcoach.errors import AudioError, UnknownNameError
from speechcoach.reports import to_dict, to_json
from speechcoach.sound.audio import load

STORY = (
    "So, um, we had a patient on the ward with chest pain.\n"
    "My job was to call radiology.\n"
    "I called the resident, you know, and I asked her to look at the scan with me.\n"
    "The scan showed a clot and he went home a week later.\n"
)


@pytest.fixture
def answer(tmp_path):
    path = tmp_path / "conflict-2.txt"
    path.write_text(STORY)
    return path


def test_a_transcript_keeps_its_words_and_its_lines(answer):
    report = Coach(Settings()).analyze(answer)
    assert [word.text for word in report.transcript.words] == STORY.split()
    assert [s.text for s in report.transcript.sentences] == STORY.splitlines()


def test_a_transcript_has_no_times_and_nothing_that_needs_them(answer):
    report = Coach(Settings()).analyze(answer)
    assert report.recording.kind == "text"
    assert report.engine is None
    assert all(word.start is None for word in report.transcript.words)
    assert report.measurements["speech_rate"].value is None
    assert report.scores["pace"] is None
    assert report.scores["overall"] is not None


def test_the_question_comes_from_the_name_unless_it_is_given(answer):
    coach = Coach(Settings())
    assert coach.analyze(answer).question == "conflict"
    assert coach.analyze(answer, question="mistake").question == "mistake"


def test_an_unknown_question_is_refused_before_any_work():
    with pytest.raises(UnknownNameError, match="no question called 'conflit': did you mean conf"):
        Coach(Settings()).check("conflit")


def test_the_same_file_gives_the_same_report(answer):
    assert to_json(Coach(Settings()).analyze(answer)) == to_json(Coach(Settings()).analyze(answer))


def test_a_transcript_of_white_space_is_a_report_without_scores(tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n")
    report = Coach(Settings()).analyze(path)
    assert set(report.scores.values()) == {None}
    assert report.warnings == (NO_WORDS,)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(32000),
        0.1 * np.random.default_rng(0).standard_normal(64000),
        0.3 * np.sin(2 * np.pi * 440 * np.arange(64000) / 16000),
    ],
    ids=["silence", "noise", "tone"],
)
def test_without_speech_nothing_is_invented(tmp_path, samples):
    path = write(tmp_path / "conflict.wav", samples)
    with scripted("Thanks for watching!") as engine:
        report = Coach(Settings(engine=engine)).analyze(path)
    assert NO_SPEECH in report.warnings
    assert report.transcript.words == ()
    assert report.fillers == ()
    assert report.findings == ()
    assert set(report.scores.values()) == {None}
    assert not any(part.covered for part in report.structure.parts.values())


def test_every_word_of_the_engine_is_in_the_report_with_its_time():
    sample = SAMPLES / "conflict-strong.flac"
    with scripted("So we had a patient", "with chest pain on the ward") as engine:
        report = Coach(Settings(engine=engine)).analyze(sample)
    written = [w for w in report.transcript.words if not w.recovered]
    assert [w.text for w in written] == "So we had a patient with chest pain on the ward".split()
    times = [(w.start, w.end) for w in report.transcript.words]
    assert all(0 <= start <= end <= report.recording.duration for start, end in times)
    assert times == sorted(times)


def test_evidence_stays_inside_the_recording(demo):
    length = demo.recording.duration
    spans = [span for m in demo.measurements.values() for span in m.spans]
    spans += [span for finding in demo.findings for span in finding.spans]
    assert spans
    assert all(0 <= span.start <= span.end <= length for span in spans)


def test_positions_point_at_the_words_they_name(demo):
    words = demo.transcript.words
    for filler in demo.fillers:
        said = " ".join(word.text for word in words[slice(*filler.words)]).lower()
        assert filler.text.split()[0][:2] in said
        assert filler.start == pytest.approx(words[filler.words[0]].start, abs=0.05)
    ends = [sentence.words for sentence in demo.transcript.sentences]
    assert [first for first, _ in ends[1:]] == [end for _, end in ends[:-1]]
    assert ends[-1][1] == len(words)


def test_a_report_holds_no_value_that_json_cannot(demo):
    """Such as NaN, which `to_json` refuses."""
    assert json.loads(to_json(demo)) == to_dict(demo)


@pytest.fixture(scope="module")
def demo():
    return Coach(Settings(engine="moonshine")).analyze(SAMPLES / "conflict-strong.flac")


@pytest.mark.engine
def test_a_handed_in_transcript_is_reported_word_for_word(tmp_path):
    said = tmp_path / "said.txt"
    said.write_text(STORY)
    coach = Coach(Settings())
    report = coach.analyze(SAMPLES / "conflict-strong.flac", transcript=said)
    assert report.engine.name == "transcript"
    assert [w.text for w in report.transcript.words if not w.recovered] == STORY.split()


def test_a_transcript_takes_no_other_words(answer):
    with pytest.raises(AudioError, match="is a transcript itself: leave --transcript out"):
        Coach(Settings()).analyze(answer, transcript=answer)


def test_settings_are_plain_values_that_can_go_to_a_worker():
    settings = Settings("moonshine", "tiny-en", (Path("own.toml"),), Path("fillers.toml"))
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_a_missing_sound_file_is_named(tmp_path):
    with pytest.raises(AudioError, match=r"gone\.wav"):
        Coach(Settings()).analyze(tmp_path / "gone.wav")


def test_two_threads_are_never_heard_at_once_whichever_coach_they_use(tmp_path):
    """Recognisers and aligner hold state: two at once would mix their words up, or crash."""
    meeting = threading.Barrier(2)
    met = []

    class Curious(Scripted):
        def open(self, model):
            speak = super().open(model)

            def recognise(sound):
                with contextlib.suppress(threading.BrokenBarrierError):
                    meeting.wait(0.5)
                    met.append(True)
                return speak(sound)

            return recognise

    path = tmp_path / "pressure.wav"
    write(path, load(SAMPLES / "pressure-too-short.flac").audio.between(0, 4))
    with registered(Curious("So I called the ward.")) as engine, ThreadPoolExecutor(2) as threads:
        coaches = [Coach(Settings(engine=engine)) for _ in range(2)]
        reports = [threads.submit(coach.analyze, path) for coach in coaches]
        first, second = (to_json(report.result()) for report in reports)
        alone = to_json(coaches[0].analyze(path))
    assert not met
    assert first == second == alone


def test_threads_may_share_a_coach(answer):
    coach = Coach(Settings())
    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(lambda _: to_json(coach.analyze(answer)), range(8)))
    assert set(reports) == {to_json(Coach(Settings()).analyze(answer))}
