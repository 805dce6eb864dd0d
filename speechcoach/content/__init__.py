"""What an answer says: its sentences, the parts they form, what they cover; by meaning.

`sentences` cuts the transcript and `wording` shows how they are worded. A reader (`reading`) tells
what they mean: today by likeness to the guide's examples (`likeness`, over the vectors of
`meaning`) and by trained chains (`roles`). What follows does not ask who read: `structure` and
`rubric` make verdicts and scores, `checks` and `story` say what would help. All opinions are in
``content.toml``; the learned numbers are in ``vectors.npz`` and ``likeness.npz``, those of a
guide's forms in the guide.
"""

from speechcoach.content.assessment import assess, explanation
from speechcoach.content.opinions import opinions
from speechcoach.content.rubric import content_score
from speechcoach.content.sentences import split
from speechcoach.content.structure import structure_score

__all__ = ["assess", "content_score", "explanation", "opinions", "split", "structure_score"]
