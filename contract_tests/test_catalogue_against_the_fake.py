"""The live catalogue, options by name and predicted stems, with both clients, against the fake."""

import asyncio

import pytest

from mvsep import AsyncMVSep, InvalidInput, MVSep, SepType
from mvsep.catalog import Catalog
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, render_song

BUNDLED = Catalog.bundled()


@pytest.fixture
def fake():
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        yield server


@pytest.fixture
def do(fake, shell):
    """Call a method of either client."""

    async def with_async(method, *arguments, **more):
        async with AsyncMVSep(DEMO_TOKEN, base_url=fake.url) as mvsep:
            return await getattr(mvsep, method)(*arguments, **more)

    def with_sync(method, *arguments, **more):
        with MVSep(DEMO_TOKEN, base_url=fake.url) as mvsep:
            return getattr(mvsep, method)(*arguments, **more)

    if shell == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(render_song())
    return path


def test_the_live_list_has_every_type_and_option_of_every_kind_of_input(do):
    live = do("catalog")
    assert live.source == "live"
    assert live.warnings == ()
    assert {entry.sep_type for entry in live} == {entry.sep_type for entry in BUNDLED}
    for entry in live:
        assert entry.fields == BUNDLED[entry.sep_type].fields or entry.audio_widget != (
            "single_upload"
        )
        assert [option.key for option in entry.fields] == [
            option.key for option in BUNDLED[entry.sep_type].fields
        ]
        assert entry.predict().labels == BUNDLED[entry.sep_type].predict().labels


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({"Overlap": "87.5%"}, ["Vocals", "Other"]),
        ({"Vocal model type": "124 bands"}, ["Vocals", "Instrumental"]),
        (
            {"Vocal model type": "124 bands", "Set of stems": "Include fullness stems"},
            [
                "Vocals",
                "Instrumental",
                "Vocals (fullness 1)",
                "Instrumental (fullness 1)",
                "Vocals (fullness 2)",
                "Vocals (fullness 3)",
            ],
        ),
    ],
)
def test_a_song_is_separated_by_names_into_the_stems_predicted(do, song, tmp_path, options, labels):
    result = do("separate", song, "bs roformer", options=options, out=tmp_path / "stems")
    assert [stem.label for stem in result.files] == labels
    assert result.warnings == ()


def test_a_wrong_option_costs_nothing_and_leaves_no_job(do, fake, song):
    owner = fake.state.by_token(DEMO_TOKEN)
    before = owner.credits
    with pytest.raises(InvalidInput, match="50%"):
        do("submit", song, SepType.BS_ROFORMER, options={"Overlap": "90%"})
    assert owner.credits == before
