"""Full stops: which end a sentence, and which belong to an abbreviation."""

from __future__ import annotations

import re

from speechcoach.spelling import plain

_CLOSING = "\"'“”»›)]}*_"
_OPENING = "\"'“”«‹([{*_"
_END_MARKS = (".", "?", "!")
# Something always follows these: a name, an example, what is compared.
_JOINING = re.compile(
    r"(?:dr|mr|mrs|ms|mx|prof|st|mt|ft|sgt|gen|col|capt|cpt|cpl|lt|maj|cmdr|adm|pvt|rev|hon|fr|gov"
    r"|sen|rep|pres|supt|msgr|sr|asst|assoc|vs|cf|viz|approx|esp|incl|e\.g|i\.e|ca)\."
)
# A figure follows these, or they are words: "No. 5", but "I said no."
_NUMBERING = re.compile(r"(?:no|nos|fig|figs|vol|ch|sec|art|pp|rm|ext)\.")
# These may stand at the end of a sentence; the next word tells.
_SHORTENED = re.compile(
    r"(?:[a-z]{1,2}\.){2,}|[a-z]\.|(?:etc|al|jr|esq|dept|univ|inc|ltd|co|corp|ave|blvd|rd|apt|bldg"
    r"|mins?|hrs?|wks?|mos?|yrs?|lbs?|oz|mg|ml|cm|mm|kg|km|max|avg|temp|appt|pts?|misc|est|hosp|surg"
    r"|jan|feb|apr|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri)\."
)
_OPENERS = frozenset(
    "a actually after all also although an and another anyway as at basically because before "
    "but by can could did do don't during each eventually everybody everyone finally first "
    "for from he her here his honestly how however if in instead it it's its just later let "
    "like maybe meanwhile my next no nobody now obviously of ok okay on one or our please "
    "really right she since so some sometimes thank thanks that that's the their then there "
    "there's these they they're this those though to today until we we're well what when "
    "where which while who why with would yeah yes you your".split()
)


def ends_sentence(word: str, following: str) -> bool:
    """Tell whether a sentence ends after `word`, as written, where `following` comes next.

    A full stop of an abbreviation that may stand at an end ("5 p.m.", "the U.S.") ends one where a
    word follows in capitals that hardly is a name ("So", "The"; "I" tells nothing). Dots that
    trail off end none where the thought goes on in lower case.
    """
    bare = plain(word).rstrip(_CLOSING)
    if not bare.endswith(_END_MARKS):
        return False
    following = plain(following).lstrip(_OPENING)
    if bare.endswith("..."):
        return not following[:1].islower()
    short = bare.lower().lstrip(_OPENING)
    if _JOINING.fullmatch(short):
        return False
    if _NUMBERING.fullmatch(short):
        return not following[:1].isdigit()
    if _SHORTENED.fullmatch(short):
        first = re.split(r"[^\w']", following, maxsplit=1)[0]
        return not following or (first[:1].isupper() and first.lower() in _OPENERS)
    return True
