"""From the microphone to a file that survives whatever happens.

``microphone`` finds inputs and opens them; ``recorder`` writes what they send; ``growing_wave``
is the file; ``unfinished`` finds takes that were cut off; ``keyboard``, ``status`` and ``session``
are the terminal's side.
"""
