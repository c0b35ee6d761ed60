"""The pictures of the terminal: real commands show what the pages say, and nothing of a machine."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("termios", reason="the scenes need a pseudo-terminal")

from tools.environment import ROOT
from tools.pictures import svg
from tools.screens import PICTURES, SCENES, play

PAGE = ROOT / "docs" / "terminal.md"
STORED = sorted(PICTURES.glob("*.svg"))
EACH_PICTURE = pytest.mark.parametrize("picture", STORED, ids=lambda picture: picture.stem)


def words(drawn):
    """Return the text of a picture."""
    return re.sub(r"<[^>]*>", " ", drawn).replace("&#160;", " ")


def test_ctrl_c_and_the_same_command_again_fetch_the_stems_of_one_job():
    shown = play("interrupted").plain

    assert "Nothing was cancelled" in shown
    assert "Resuming the job of an earlier run." in shown
    assert shown.endswith("song_Vocals.wav\nsong_Instrum.wav")
    assert len(set(re.findall(r"2026\d{10}-\w+-\w+", shown))) == 1


def test_a_folder_shows_its_price_and_asks():
    shown = play("folder-question").plain

    assert re.search(r"06 Silence\.wav +can't be sent: The file holds no audio\.\n", shown)
    assert shown.endswith("Separate 7 songs for 19 credits and 1 unknown price? [y/N]:")


def test_a_scene_gives_the_same_picture_twice():
    first, second = (svg(play("one-running"), title="mvsep") for _ in range(2))

    assert first == second
    assert "3 of 8 chunks" in words(first)


@EACH_PICTURE
def test_a_picture_names_nothing_of_the_machine_and_asks_nothing_of_the_internet(picture):
    drawn = picture.read_text("utf-8")

    assert not re.search(r"127\.0\.0\.1|localhost|/tmp/|/private/|/var/|demoDEMO", words(drawn))
    assert str(Path.home()) + "/" not in words(drawn)
    assert not re.search(r"@font-face|url\((?!#)|href=", drawn)


def test_each_scene_is_a_picture_that_a_page_shows():
    pages = [PAGE, ROOT / "README.md"]
    named = {
        Path(each).stem
        for page in pages
        for each in re.findall(r"screens/[\w-]+\.svg", page.read_text("utf-8"))
    }

    assert named == set(SCENES) == {picture.stem for picture in STORED}


def test_the_page_describes_each_schema():
    page = PAGE.read_text("utf-8")
    for schema in (ROOT / "overlay/mvsep/cli/schemas").glob("*.json"):
        about = json.loads(schema.read_text("utf-8"))["description"]
        assert f"| `{schema.name}` | {about} |" in page


def test_the_page_names_each_command(capsys):
    from mvsep.cli.app import run

    run(["--help"])
    commands = re.findall(r"^  ([a-z][a-z-]+) {2,}\S", capsys.readouterr().out, re.MULTILINE)
    assert len(commands) > 20
    for command in commands:
        assert f"`mvsep {command}`" in PAGE.read_text("utf-8"), command
