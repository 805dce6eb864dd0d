"""Practice: a question, a take, the report soon after, and again.

``analyst`` analyses in a process of its own that is warm before the take ends and recognises
``ahead``; ``studio`` turns questions into takes and reports; ``choice`` chooses questions,
``interview`` holds several without stopping, ``moments`` are what to hear again.
"""
