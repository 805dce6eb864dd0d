"""Practice: a question, a take, the report soon after, and again.

``analyst`` has takes analysed by a worker that is warm before they end and recognises ahead;
``studio`` turns questions into takes and reports; ``choice`` chooses questions,
``interview`` holds several without stopping, ``moments`` are what to hear again.
"""
