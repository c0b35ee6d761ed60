import pytest

from tools.environment import ROOT
from tools.templates import Override, OverrideError, read_overrides, write_templates


def override(old, new, count=1):
    return Override("a/t.jinja", old, new, count, "why", "where", "when")


@pytest.fixture(name="folders")
def _folders(tmp_path):
    folders = {name: tmp_path / name for name in ("originals", "own", "target")}
    (folders["originals"] / "a").mkdir(parents=True)
    (folders["originals"] / "a/t.jinja").write_text("one two two\n")
    folders["own"].mkdir()
    (folders["own"] / "mine.jinja").write_text("mine")
    return folders


def test_replacements_are_applied_one_after_the_other(folders):
    write_templates([override("one", "two"), override("two", "2", count=3)], **folders)

    assert (folders["target"] / "a/t.jinja").read_text() == "2 2 2\n"
    assert (folders["target"] / "mine.jinja").read_text() == "mine"
    assert (folders["originals"] / "a/t.jinja").read_text() == "one two two\n"


@pytest.mark.parametrize(("old", "count"), [("three", 1), ("two", 1), ("one", 2)])
def test_a_text_that_is_not_there_as_often_as_said_stops_generation(folders, old, count):
    with pytest.raises(OverrideError, match="remove when when"):
        write_templates([override(old, "x", count)], **folders)


def test_every_override_says_why_it_is_there_and_when_it_can_go():
    rows = read_overrides(ROOT / "spec/codegen/overrides.toml")

    assert rows
    for row in rows:
        assert all(len(text) > 10 for text in (row.reason, row.upstream, row.remove_when))
        assert row.upstream.startswith("https://github.com/") or "not reported" in row.upstream
        assert row.old != row.new
