"""What was kept: `store` holds the reports, `migrations` its schema, `recordings` the copies.

`rescoring` judges a kept report again by today's rules.
"""
