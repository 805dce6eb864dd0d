"""Practise spoken interview answers on your own machine.

The pipeline is `speechcoach.coach.Coach.analyze`; everything else feeds it or shows what came out
of it. Importing this package imports nothing heavy.
"""

__version__ = "0.1.0"
