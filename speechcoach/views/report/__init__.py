"""A report's formats, one a file: ``render(view: View) -> str``, called as the file is."""
