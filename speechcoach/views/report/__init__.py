"""A report's forms, one a file: ``render(view: View) -> str``, called as the file is."""
