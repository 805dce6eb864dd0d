"""What is known of the sample answers: every word, pause and filler, exactly.

`sample_audio/README.md` describes the fields.
"""

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "sample_audio"


def truths() -> list[dict[str, Any]]:
    """Return the truth about every sample answer."""
    lines = (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
