"""`mvsep estimate`."""

from __future__ import annotations

import json
from pathlib import Path

from mvsep.catalog import Catalog
from tests.cli.scenes import Run


def test_what_can_not_be_checked_of_the_options_is_told(mvsep: Run) -> None:
    code, out, _ = mvsep(None, "estimate", "--type=Bark", "--seconds=30")
    _, told, _ = mvsep(None, "estimate", "--type=Bark", "--seconds=30", "--json")

    assert code == 0
    assert "  Warning: Whether 'Text prompt' may be left out is not known." in out
    assert len(json.loads(told)["songs"][0]["estimate"]["warnings"]) == 2


def test_estimate_needs_no_service_and_no_token(mvsep: Run, song: Path) -> None:
    code, out, _ = mvsep(None, "estimate", song, "--type=40", "--set", "add_opt2=8")
    _, given, _ = mvsep(None, "estimate", "--type", "demucs4_ht", "--seconds", "380", "--json")
    _, unknown, _ = mvsep(None, "estimate", song, "--type=99999")

    assert code == 0
    assert "4 credits, 2 stems: Vocals, Other" in out
    assert json.loads(given)["total"] == {"songs": 1, "failed": 0, "credits": 6, "sure": True}
    assert out.splitlines()[1:] == [
        "  120 s (WAV header)",
        "  Overlap 87.5%: x2",
        "  The price is sure.",
        f"  By the service's list of {Catalog.bundled().captured}.",
    ]
    assert unknown.startswith("Type 99999: price unknown\n")
    assert "The price is not sure. The type is not in the catalogue." in unknown
    assert "The stems are not sure" in unknown
