"""`mvsep show`."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from mvsep.catalog import Catalog
from tests.cli.scenes import Run
from tests.wire import Wire, answer


def test_a_type_is_shown_with_its_choices_defaults_and_conditions(mvsep: Run) -> None:
    code, out, _ = mvsep(None, "show", "bs roformer")
    _, json_out, _ = mvsep(None, "show", "40", "--json")

    assert code == 0
    assert out.startswith("40  BS Roformer (vocals, instrumental)\n")
    for line in (
        "Stems:      Vocals, Other",
        "For:        everyone",
        '--option "Overlap=..."  or add_opt2=...',
        "      2  50%  [default]",
        "      8  87.5%  [price x 2]",
        "         only with Vocal model type 171",
    ):
        assert line in out.splitlines()
    assert json.loads(json_out)["type"]["orientation"] == 0
    assert json.loads(json_out)["source"] == "bundled"


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: str(int(entry.sep_type)))
def test_every_type_is_shown(mvsep: Run, entry: Any) -> None:
    _, out, _ = mvsep(None, "show", entry.name)

    arguments = ("estimate", "--type", entry.name, "--seconds=1", "--no-validate", "--json")
    _, priced, _ = mvsep(None, *arguments)

    assert out.startswith(f"{int(entry.sep_type)}  ")
    assert json.loads(priced)["songs"][0]["estimate"]["sep_type"] == entry.sep_type
    for option in entry.fields:
        assert option.key in out
        for key in option.choices:
            assert f" {key}  " in out


def test_a_type_there_is_not_is_refused_with_what_may_have_been_meant(mvsep: Run) -> None:
    code, _, err = mvsep(None, "show", "karaoke")

    assert code == 2
    assert "49 MVSep Karaoke" in err


def test_refresh_asks_the_service_and_uses_its_list(mvsep: Run) -> None:
    listed = answer([{"render_id": 4321, "name": "Kazoo \x1b[31m", "audio_widget": "x"}])
    _, out, err = mvsep(Wire(listed), "show", "4321", "--refresh", token=None)
    offline = httpx.ConnectError("no way")
    _, older, told = mvsep(Wire(offline), "types", "40", "--refresh", "--json")

    assert out.startswith("4321  Kazoo ")
    assert "\x1b" not in out
    assert "Warning: The service's list says nothing of single_upload" in err
    assert json.loads(older)["types"][0]["sep_type"] == 40
    assert "could not be read" in json.loads(older)["warnings"][0]
    assert "Warning: The service's list could not be read" in told
