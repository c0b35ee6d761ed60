"""Objects as Jupyter shows them: whole, escaped, and without reading more than a bounded part."""

from __future__ import annotations

import struct
import subprocess
import sys
import wave
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mvsep import Catalog, Result, StemFile
from mvsep.notebook import stems, stems_html, table_html
from mvsep.notebook.waveform import peaks

ALLOWED = {
    *("div", "p", "table", "thead", "tbody", "tr", "th", "td"),
    *("audio", "svg", "path"),
}


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def wav(path: Path, samples: list[int], width: int = 2, rate: int = 1000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, width, rate, 0, "NONE", ""))
        file.writeframes(b"".join(each.to_bytes(width, "little", signed=True) for each in samples))
    return path


def stem(path: Path, label: str = "Vocals") -> StemFile:
    return StemFile(label, path, path.stat().st_size if path.exists() else 5, "00")


def test_a_result_has_a_row_a_player_and_a_waveform_for_each_stem(tmp_path: Path) -> None:
    song = wav(tmp_path / "song.wav", [0, 32767] * 35_000)
    page = Page(Result("h-1", (stem(song), stem(tmp_path / "gone.flac", "Bass")))._repr_html_())

    assert "2 stems of the job h-1" in page.text
    assert "Vocals" in page.text
    assert "140.0 kB" in page.text
    assert "1:10" in page.text
    assert "not there any more" in page.text
    assert len(page.of("audio")) == len(page.of("svg")) == 1
    assert str(page.of("audio")[0]["src"]).startswith("data:audio/wav;base64,")
    assert "controls" in page.of("audio")[0]


def test_a_large_stem_is_linked_and_one_elsewhere_has_no_player(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stems, "MOST_EMBEDDED", 100)
    (tmp_path / "out").mkdir()
    song = wav(tmp_path / "out" / 'so"ng #1.wav', [1] * 100)
    here = Page(stems_html("h", [stem(song)]))
    monkeypatch.chdir(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert here.of("audio")[0]["src"] == "out/so%22ng%20%231.wav"
    assert Page(stems_html("h", [stem(song)])).of("audio") == []


@pytest.mark.parametrize("kind", ["aif", "mid", "txt"])
def test_what_browsers_do_not_play_has_no_player(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"12345")

    assert Page(stems_html("h", [stem(path)])).of("audio") == []


def test_a_catalogue_is_a_table_of_its_types() -> None:
    catalog = Catalog.bundled()
    page = Page(catalog._repr_html_())

    assert len(page.of("tr")) == len(catalog) + 1
    assert catalog[40].name in page.text


HOSTILE = st.one_of(
    st.text(max_size=50),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"><img src=x onerror='alert(1)'>",
            "'/onclick=alert(1)//",
            "</td></table><iframe>",
            "&lt;b&gt;",
            "\x00\x1b[31m\u202e",
            "\ud800",
        ]
    ),
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_becomes_markup(label: str, name: str, warning: str) -> None:
    files = [StemFile(label, Path("/nowhere") / name.replace("\0", ""), 5, "00")]
    entry = evolve(Catalog.bundled()[40], name=name, outputs=(label,))
    pages = [
        Result(label, tuple(files), warnings=(warning,))._repr_html_(),
        Catalog((entry,), captured=warning)._repr_html_(),
        table_html(label, [name], [[warning]], [label]),
    ]

    for page in pages:
        found = Page(page)
        assert {tag for tag, _ in found.tags} <= ALLOWED
        assert not [each for _, attributes in found.tags for each in attributes if each[:2] == "on"]
        assert page.isprintable()


# Waveforms


@pytest.mark.parametrize("width", [2, 3, 4])
def test_a_waveform_shows_where_it_is_loud(tmp_path: Path, width: int) -> None:
    largest = 2 ** (8 * width - 1) - 1
    song = wav(tmp_path / "a.wav", [0] * 500 + [largest, -largest - 1] * 250, width)

    assert peaks(song, 10) == pytest.approx([0] * 5 + [1] * 5)


def test_samples_of_one_byte_and_of_floating_point_are_read(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "8.wav"), "wb") as file:
        file.setparams((1, 1, 1000, 0, "NONE", ""))
        file.writeframes(b"\x80" * 50 + b"\xff\x01" * 25)
    body = struct.pack("<6f", 0, 0, 0.5, -0.25, float("nan"), float("inf"))
    form = struct.pack("<HHIIHH", 3, 1, 1000, 4000, 4, 32)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 24) + body
    (tmp_path / "f.wav").write_bytes(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)

    assert peaks(tmp_path / "8.wav", 2) == pytest.approx([0, 127 / 128])
    assert peaks(tmp_path / "f.wav", 3) == [0, 0.5, 0]


def test_a_huge_file_is_read_at_some_places_only(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", [1000])
    size = 3 << 30
    with path.open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", size))
        file.truncate(44 + size)  # a hole, which takes no place on the disk

    assert len(peaks(path, 240)) == 240


@given(st.binary(max_size=200), st.integers(1, 50))
def test_what_is_no_wav_file_has_no_waveform_and_breaks_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, columns: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.wav"
    for head in (b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"):
        path.write_bytes(head + content)
        assert all(0 <= each <= 1 for each in peaks(path, columns))


def test_nobody_imports_it_before_a_notebook_asks() -> None:
    code = (
        "import sys, mvsep; mvsep.Result, mvsep.Catalog.bundled(), mvsep.MVSep()\n"
        "assert not [name for name in sys.modules if name.startswith('mvsep.notebook')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
