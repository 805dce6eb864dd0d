"""Practice: a question, a take, the report soon after, and again.

``analyst`` analyses in a process of its own that is warm before the take ends; ``exercise`` is
one question after another with a menu, ``interview`` several without stopping; ``playback`` lets
a take be heard.
"""
