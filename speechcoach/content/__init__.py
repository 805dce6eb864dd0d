"""What an answer says: its sentences, the parts they form, what they cover; by meaning.

`sentences` cuts the transcript and `wording` shows how they are worded. A reader (`reading`) tells
what they mean: today a trained network (`judge`), to which an answer is laid out in `windows` of
`wordpieces`, that an `encoder` reads, and off which `heads` read what is asked; `asked` tells
answers to other questions, `calibration` how sure it must be. What follows does not ask who read:
`structure` and `rubric` make verdicts and scores, `off_question`, `checks` and `story` say what
would help. All opinions are in ``content.toml``; what was learned is in ``judge.onnx`` and
``judge.npz``, with ``judge.toml``.
"""

from speechcoach.content.assessment import assess, explanation
from speechcoach.content.opinions import opinions
from speechcoach.content.rubric import content_score
from speechcoach.content.sentences import split
from speechcoach.content.structure import structure_score

__all__ = ["assess", "content_score", "explanation", "opinions", "split", "structure_score"]
