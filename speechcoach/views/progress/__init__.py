"""The forms of trends, one a file: ``render(found: Sequence[Progress], screen: Screen) -> str``."""
