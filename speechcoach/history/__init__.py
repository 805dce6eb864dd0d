"""What was kept: `store` holds the reports, `recordings` copies of the sound.

`database` opens the file, `migrations` brings its tables up to date, `columns` says what they hold
of a report. `rescoring` judges a kept report again by today's rules.
"""
