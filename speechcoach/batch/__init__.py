"""Many recordings: found below a folder, analysed by several processes, each stored as it comes.

`files` finds the answers, `pool` keeps the processes (`worker` is what runs in one), `run` gives
the rows in the order of the files and takes from the history what is there already; `out` and
`table` write them down.
"""

from speechcoach.batch.run import Batch, Row

__all__ = ["Batch", "Row"]
