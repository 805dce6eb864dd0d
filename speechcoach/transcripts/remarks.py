"""What a transcriber adds to the words: [music], (laughs), [inaudible 00:03:12], lines of song."""

from __future__ import annotations

import re

from speechcoach.fillers.lexicon import built_in

_BRACKETS = re.compile(r"[\[({*♪]([^\[\](){}*♪]{1,60})[\])}*♪]+[.,;:]?")
_SONG = re.compile(r"\s*[♪♫#]?\s*[♪♫].*", re.DOTALL)
_TIME = re.compile(r"[0-9:.,]+")
_SOUNDS = frozenset(
    "music laugh laughs laughing laughter chuckle chuckles chuckling giggle giggles giggling "
    "applause clapping cheering sigh sighs sighing cough coughs coughing sneeze sneezes sniff "
    "sniffs sniffles breath breathes breathing inhales exhales gasp gasps groan groans "
    "groaning yawn yawns clears throat pause pauses silence inaudible unintelligible "
    "indistinct indiscernible unclear crosstalk chatter noise static beep beeping ringing "
    "rings blank_audio sic redacted ph phonetic".split()
)
_BESIDE = frozenset(
    "a an the of in and or no from with his her their light lightly long short brief briefly "
    "soft softly loud loudly quietly nervous nervously background upbeat gentle dramatic "
    "playing plays fades stops continues starts audience both all speaker speakers speech "
    "voice voices cross talk overlapping deep deeply heavy heavily audio phone telephone".split()
)


def without(text: str, *, captions: bool) -> str:
    """Return a line without a transcriber's remarks on sounds and on what was not heard.

    Brackets with other words in them are what was said, but for square ones in `captions` (any
    text with stamps), which hold nothing else; an "[um]" stays there too.
    """
    if _SONG.fullmatch(text):
        return ""
    return _BRACKETS.sub(lambda found: "" if _is_remark(found, captions) else found[0], text)


def _is_remark(found: re.Match[str], captions: bool) -> bool:
    words = [w for w in re.split(r"[\s,/&-]+", found[1].strip().lower()) if w]
    words = [word.strip(".!?…") for word in words if not _TIME.fullmatch(word)]
    if captions and found[0].startswith("["):
        return not any(built_in().filled_pause(word) for word in words)
    known = _SOUNDS | _BESIDE
    return bool(_SOUNDS & set(words)) and all(word in known for word in words)
