"""The formats of trends, one a file: ``render(found, screen) -> str``."""
