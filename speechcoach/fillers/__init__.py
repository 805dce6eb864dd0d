"""Fillers: the sounds (um, uh) and the words that carry nothing in their place (like, you know).

``find`` reads them off a transcript; ``filled_pauses`` puts those back that a recogniser dropped.
"""

from speechcoach.fillers.discourse import find
from speechcoach.fillers.lexicon import Lexicon, load_lexicon

__all__ = ["Lexicon", "find", "load_lexicon"]
