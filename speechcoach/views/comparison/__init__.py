"""The formats of two takes side by side, one a file: ``render(found, first, second) -> str``."""
