"""``python -m speechcoach`` is the ``speechcoach`` command."""

from speechcoach.cli import main

main()
