"""Practise spoken interview answers on your own machine.

The pipeline is `speechcoach.coach.Coach.analyze`; everything else feeds it or shows what came out
of it. Importing this package imports nothing heavy.
"""

import os

# onnxruntime (1.32) reports its use to its maker from the moment it is imported, unless told not to
# before; its own `disable_telemetry_events` comes too late. Nothing leaves this machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
