"""What an answer says: its sentences, their roles, and what they cover, offline and by meaning.

`sentences` cuts the transcript; `vectors` gives each sentence a place in a space of meaning;
`roles` tells Situation, Task, Action and Result (and Present, Past, Future) apart; `rubric`
compares with the question's own example sentences; `checks` looks for what hurts any answer.
All opinions are in ``content.toml``; all learned numbers are in ``model.npz`` and ``vectors.npz``,
made by ``benchmarks/train_content.py`` and ``benchmarks/make_vectors.py``.
"""

from speechcoach.content.assessment import assess
from speechcoach.content.score import content_score, explanation, structure_score
from speechcoach.content.sentences import split

__all__ = ["assess", "content_score", "explanation", "split", "structure_score"]
