"""The formats of a batch's rows, one a file, called as the ending of what it is written to.

A format is a function ``render(rows: Iterable[Row]) -> Iterator[str]`` from rows to the lines of a
file, each with its line break, as they come.
"""
