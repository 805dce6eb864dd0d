"""Many recordings: found below a folder, analysed by several workers, each stored as it comes.

`files` finds the answers, `run` has them analysed, gives the rows in the order of the files, and
takes from the history what is there already; `out` writes them down.
"""

from speechcoach.batch.run import Batch, Row

__all__ = ["Batch", "Row"]
