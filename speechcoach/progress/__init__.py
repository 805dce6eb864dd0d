"""Change over time: trends with honest verdicts, two takes side by side, what to practise next.

`takes` chooses the takes that may be compared, `measures` what is followed, `change` decides
whether a difference is more than chance, `trends` puts them together; `text` and `page` show them.
`comparison` sets two takes side by side, `schedule` spaces the practice toward the interview.
"""
