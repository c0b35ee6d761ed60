"""The live catalogue, predicted stems and preflight, with both clients, against the fake."""

import pytest

from mvsep import InvalidInput, MVSepError, OutputFormat
from mvsep.catalog import Catalog
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, render_song

BUNDLED = Catalog.bundled()


def test_the_live_list_has_every_type_and_option_of_every_kind_of_input(call):
    live = call("catalog")
    assert live.source == "live"
    assert live.warnings == ()
    assert {entry.sep_type for entry in live} == {entry.sep_type for entry in BUNDLED}
    for entry in live:
        known = BUNDLED[entry.sep_type]
        assert entry.fields == known.fields or entry.audio_widget != "single_upload"
        assert [option.key for option in entry.fields] == [option.key for option in known.fields]
        assert entry.predict().labels == known.predict().labels


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({"Overlap": "87.5%"}, ["Vocals", "Other"]),
        ({"Vocal model type": "124 bands"}, ["Vocals", "Instrum"]),
        (
            {"Vocal model type": "124 bands", "Set of stems": "Include fullness stems"},
            [
                *("Vocals", "Instrum", "Vocals-fullness-level-1", "Instrum-fullness-level-1"),
                *("Vocals-fullness-level-2", "Vocals-fullness-level-3"),
            ],
        ),
    ],
)
def test_a_song_is_separated_by_names_into_the_stems_predicted(
    call, song, tmp_path, options, labels
):
    result = call("separate", song, "bs roformer", options=options, out=tmp_path / "stems")
    assert [stem.label for stem in result.files] == labels
    assert result.warnings == ()


@pytest.mark.parametrize("there", ["Sfx", "SFX", "Speech"])
def test_a_name_that_a_stem_may_get_is_found_before_the_upload(call, fake, song, tmp_path, there):
    out = tmp_path / "stems"
    out.mkdir()
    (out / f"song_{there}.wav").touch()

    with pytest.raises(InvalidInput, match="already exists"):
        call("separate", song, 56, out=out, output_format="wav")
    assert fake.state.jobs_created == 0


def test_the_file_names_that_are_promised_are_written(call, song, tmp_path):
    for sep_type in (20, 28, 40, 49, 56, 63):
        out = tmp_path / str(sep_type)
        result = call("separate", song, sep_type, out=out, output_format="wav")
        written = {stem.path.name for stem in result.files}
        prediction = BUNDLED[sep_type].predict()

        assert set(prediction.file_names(song.name, OutputFormat.WAV_16)) <= written
        assert written <= {f"song_{label}.wav" for one in prediction.spellings for label in one}
        assert result.warnings == ()


@pytest.mark.parametrize("token", [DEMO_TOKEN, FREE_TOKEN])
@pytest.mark.parametrize(
    ("sep_type", "more"),
    [(40, {}), (28, {}), (40, {"output_format": 5}), (40, {"output_format": 2})],
)
def test_what_a_preflight_says_is_what_a_submit_meets(call, token, sep_type, more):
    found = call("preflight", render_song(), sep_type, token=token, **more)
    if found.ok:
        call("submit", render_song(), sep_type, token=token, **more)
        return
    with pytest.raises(MVSepError) as raised:
        call("submit", render_song(), sep_type, token=token, **more)
    assert type(raised.value) in {check.error for check in found.failed}
