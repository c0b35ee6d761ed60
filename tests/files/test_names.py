"""What the stems are called on disk."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep.errors import InvalidInput
from mvsep.files.names import (
    MAX_NAME_BYTES,
    extension_of,
    input_stem,
    stem_filename,
    with_number,
)

HOSTILE = [
    *("", " ", ".", "..", "../../x", "..\\..\\x", "/etc/passwd", "C:\\x", "C:x", "~/x", "CON"),
    *("con", "NUL.tar", "COM1", "COM¹", "Lpt9 ", "CONIN$", "x\0y", "x\ny", "x\ud800y"),
    *("\u202egnp.exe", "e\u0301", "é", "x" * 300, "é" * 300, "🥁" * 300, "x. ", '<>:"|?*', "___"),
    *("ẞ", "ß", "SS", "{stem}", "%2e%2e%2f"),
]
hostile = st.sampled_from(HOSTILE) | st.text(
    st.characters(codec=None) | st.sampled_from(["/", "\\", "\0", ".", " ", "\u0301", "\u202e"])
)
extensions = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
templates = st.sampled_from(
    [
        *("{input}_{stem}.{ext}", "{stem}.{ext}", "{stem}", "{input}", "{ext}"),
        *("{input}{input}-{stem}", "x", "{input}/{stem}.{ext}", "{type}/{stem}/{n} {input}"),
    ]
)
RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    port + digit for port in ("COM", "LPT") for digit in "0123456789¹²³"
}


def name(label="Vocals", input_name="song", extension="wav", taken=(), **more):
    return stem_filename(label, input_name=input_name, extension=extension, taken=taken, **more)


def assert_safe(text, template=""):
    parts = text.split("/")
    assert len(parts) == template.count("/") + 1
    for part in parts:
        assert_part_is_safe(part)


def assert_part_is_safe(text):
    assert text
    assert not set(text) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Cf") for c in text)
    assert text == text.strip(". ")
    assert text.partition(".")[0].rstrip().upper() not in RESERVED
    assert len(text.encode("utf-8")) <= MAX_NAME_BYTES < 255
    assert text == unicodedata.normalize("NFC", text)


def alike(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Vocals", "song_Vocals.wav"),
        ("Lead vocals (v1)", "song_Lead vocals (v1).wav"),
        ("Instrumental + back vocals", "song_Instrumental + back vocals.wav"),
        ("Lead/Back", "song_Lead_Back.wav"),
        ("", "song_stem.wav"),
        ("../../x", "song__.._x.wav"),
        ("Bari\u0301tono", "song_Barítono.wav"),
        ("ボーカル", "song_ボーカル.wav"),
        ("a\0b\tc\nd", "song_a_b c d.wav"),
        ("x\u202ey", "song_xy.wav"),
        ("x\ud800y", "song_x_y.wav"),
    ],
)
def test_a_stem_is_named_after_its_input_and_label(label, expected):
    assert name(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("CON", "_CON.wav"),
        ("NUL.tar", "_NUL.tar.wav"),
        ("COM¹", "_COM¹.wav"),
        ("aux ", "_aux.wav"),
        ("Console", "Console.wav"),
    ],
)
def test_the_name_of_a_device_is_not_used(label, expected):
    assert name(label, template="{stem}.{ext}") == expected


@given(st.lists(hostile, max_size=12), hostile, extensions, templates)
@example(["ẞ", "ß", "SS", "ss"], "x", "wav", "{stem}.{ext}")
@example(["é", "e\u0301", "É", "E\u0301"], "x", "wav", "{stem}.{ext}")
@example(["x" * 300] * 12, "y" * 300, "wav", "{input}_{stem}.{ext}")
@example(["a", "a_2", "a", "a"], "x", "wav", "{stem}.{ext}")
def test_as_many_labels_give_as_many_names(labels, input_name, extension, template):
    taken = set()
    for label in labels:
        made = name(label, input_name, extension, taken, template=template)
        assert_safe(made, template)
        taken.add(made)
    assert len({alike(made) for made in taken}) == len(labels)
    assert len({made.upper() for made in taken}) == len(labels)


@given(hostile, hostile, st.sets(hostile))
def test_a_name_depends_on_nothing_but_what_is_handed_over(label, input_name, taken):
    before = set(taken)
    assert name(label, input_name, taken=taken) == name(label, input_name, taken=list(taken))
    assert taken == before


@pytest.mark.parametrize(
    ("label", "taken", "expected"),
    [
        # Names that a file system may take for one.
        ("é", {"SONG_É.WAV"}, "song_é_2.wav"),
        ("é", {"song_e\u0301.wav"}, "song_é_2.wav"),
        ("é", {"song_E\u0301.wav"}, "song_é_2.wav"),
        ("a", {"song_a.wav", "song_A_2.wav"}, "song_a_3.wav"),
        ("a", {"song_a.mp3"}, "song_a.wav"),
    ],
)
def test_a_name_that_is_taken_is_passed_over_in_any_form(label, taken, expected):
    assert name(label, taken=taken) == expected


@given(st.integers(1, 2000), st.sampled_from(["x", "é", "あ", "🥁"]))
def test_of_a_long_name_the_input_is_cut_and_the_label_kept(length, letter):
    made = name("Lead vocals", letter * length, "flac")
    assert made.endswith(letter + "_Lead vocals.flac")
    if length * len(letter.encode()) > MAX_NAME_BYTES:
        assert MAX_NAME_BYTES - 4 < len(made.encode()) <= MAX_NAME_BYTES


def test_a_name_is_cut_no_more_than_needed_and_not_to_end_in_a_space_or_dot():
    assert name(input_name="x" * 150, template="{input}{input}") == "x" * MAX_NAME_BYTES
    kept = "x" * (MAX_NAME_BYTES - 2)
    assert name(f"{kept} . y", template="{stem}") == kept


def test_a_long_label_is_cut_and_the_extension_kept():
    first = name("x" * 999, "y" * 999, "flac")
    second = name("x" * 999, "y" * 999, "flac", {first})
    assert first.startswith("y_xxx")
    assert first.endswith("xxx.flac")
    assert second.endswith("xxx_2.flac")
    assert len(first) == len(second) == MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{stem}.{ext}", "Vocals.wav"),
        ("{input} - {stem}", "song - Vocals"),
        ("{{{stem}}}.{ext}", "{Vocals}.wav"),
        ("{ext}", "wav"),
        ("..{stem}.{ext}. ", "Vocals.wav"),
        ("fixed", "fixed"),
    ],
)
def test_a_template_is_filled(template, expected):
    assert name(template=template) == expected


def test_a_field_in_a_label_is_not_filled_and_an_extension_may_have_a_dot_and_capitals():
    assert name("{input}", template="{stem}") == "{input}"
    assert name(extension=".WAV") == "song_Vocals.wav"


@pytest.mark.parametrize(
    "template",
    [
        *("", ".", " .. ", "___", "{label}", "{}", "{0}", "{stem", "stem}", "{stem.__class__}"),
        *("{stem[0]}", "{stem!r}", "{stem:>9999999999}", "{stem:{input}}", "{input}/../{stem}"),
        *(
            "/{stem}",
            "../{stem}",
            "a//{stem}",
            "{stem}/",
            " /{stem}",
            "C:{stem}",
            "{stem}\0",
            "{stem}\ud800",
        ),
        *("{stem}\n", "what?{stem}", "{input}\\{stem}.{ext}"),
    ],
)
def test_a_template_that_gives_no_plain_file_name_is_refused(template):
    with pytest.raises(InvalidInput):
        name(template=template)


@given(st.text(alphabet="{}ab/.stem: !", max_size=12))
def test_any_template_gives_a_safe_name_or_is_refused(template):
    try:
        made = name(template=template)
    except InvalidInput:
        return
    assert_safe(made, template)


@pytest.mark.parametrize(
    ("input_name", "made"),
    [
        ("song", "song/Vocals.wav"),
        ("..", "input/Vocals.wav"),
        ("a/../b", "a_.._b/Vocals.wav"),
        ("CON", "_CON/Vocals.wav"),
        ("x" * 400, "x" * MAX_NAME_BYTES + "/Vocals.wav"),
    ],
)
def test_a_folder_of_a_template_is_one_safe_name(input_name, made):
    assert name(input_name=input_name, template="{input}/{stem}.{ext}") == made


@pytest.mark.parametrize(
    ("template", "made"), [("{n}_{stem}", "007_{stem}"), ("{{n}} {n}/{stem}", "{{n}} 007/{stem}")]
)
def test_the_number_of_a_song_is_padded_to_the_length_of_the_list(template, made):
    assert with_number(template, 7, 180) == made


@pytest.mark.parametrize(
    "extension", ["", ".", "w/v", "../x", "wav\n", "é", "a b", "toolongext", "tar.gz"]
)
def test_what_is_no_extension_is_refused(extension):
    with pytest.raises(InvalidInput):
        name(extension=extension)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("song.wav", "song"),
        ("/music/My Song.flac", "My Song"),
        ("C:\\music\\song.wav", "song"),
        ("song.v1.wav", "song.v1"),
        ("song", "song"),
        ("Mr. Smith", "Mr. Smith"),
        (".hidden", ".hidden"),
        ("folder/", "folder"),
        ("https://example.com/a%20song.mp3?token=1#x", "a song"),
        ("https://example.com/a%2Fb.mp3", "b"),
        ("HTTPS://EXAMPLE.COM/song.mp3?x=/y", "song"),
        ("https://example.com/", ""),
        ("https://[/song.mp3", "song"),
        ("..", ".."),
        ("", ""),
        ("песня.mp3", "песня"),
    ],
)
def test_an_input_is_named_without_folder_and_extension(source, expected):
    assert input_stem(source) == expected


@given(hostile)
def test_any_input_has_a_safe_name(source):
    assert "/" not in input_stem(source)
    assert "\\" not in input_stem(source)
    assert_safe(name(input_name=input_stem(source)))


@pytest.mark.parametrize(
    ("download_name", "url", "expected"),
    [
        ("track_vocals.mp3", "https://example.com/x.wav", "mp3"),
        ("track_vocals.MID", None, "mid"),
        ("track_[mvsep.com]", "https://example.com/x.wav?y=.z", "wav"),
        ("track", "https://example.com/x.FLAC", "flac"),
        (None, "https://example.com/a.b/x", "bin"),
        (None, "https://example.com", "bin"),
        ("track.", "", "bin"),
        ("track.w/v", None, "bin"),
        ("a.mp3/track", None, "bin"),
        ("track.mp3\n", None, "bin"),
        ("track.veryverylong", None, "bin"),
        ("../../x.mp3", None, "mp3"),
        ("", None, "bin"),
        (None, None, "bin"),
    ],
)
def test_an_extension_is_that_of_the_name_or_the_url_or_the_default(download_name, url, expected):
    assert extension_of(download_name, url, "bin") == expected
    assert extension_of(download_name, url, ".BIN") == expected


@given(hostile, hostile)
def test_any_result_has_a_plain_extension(download_name, url):
    for address in (url, "https://" + url):
        assert re.fullmatch(r"[a-z0-9]{1,8}", extension_of(download_name, address, "bin"))
