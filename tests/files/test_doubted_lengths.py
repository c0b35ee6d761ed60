"""How long audio plays where its header and what is there differ: in doubt, with a bound."""

from fractions import Fraction

import pytest

from mvsep import SepType
from mvsep.files.sources import measure
from mvsep.pricing.estimate import estimate
from tests.audio_files import (
    AAC,
    ADTS,
    ID3V1,
    M4A_PART,
    MP3_FRAME,
    MP3_LENGTH,
    MP3_OTHER,
    OPUS,
    aiff,
    caf,
    flac,
    flac_frame,
    id3,
    m4a,
    matroska,
    matroska_cluster,
    mp3,
    ogg,
    trak,
    wavpack,
    wma,
)

SECOND = 44100
VIDEO_ALONE = b"".join(matroska_cluster(1000 * second, [2]) for second in range(9, 60))
VIDEO = trak(600 * 185, 600, kind=b"vide")
FLAC_LATER = flac(SECOND * 10, frames=9).replace(flac_frame(0, 4096), b"", 1)
OGG_PAGES = ogg(SECOND * 9).split(b"OggS")
OGG_GAP = b"OggS".join(OGG_PAGES[:21] + OGG_PAGES[22:])
# Content, its length if it has to be told, and the longest that it may be.
UNSURE = {
    "mp3 cut short": (mp3(500)[:-5000], 488 * MP3_LENGTH, 500 * MP3_LENGTH),
    "mp3 of another rate later": (
        MP3_FRAME * 20 + MP3_OTHER * 500,
        520 * MP3_LENGTH,
        521 * MP3_LENGTH,
    ),
    "mp3 of another rate for a while": (
        MP3_FRAME * 3000 + MP3_OTHER * 9 + MP3_FRAME * 3000,
        6009 * MP3_LENGTH,
        6010 * MP3_LENGTH,
    ),
    "mp3 followed by another": (mp3(500) + mp3(500), 1001 * MP3_LENGTH, 1003 * MP3_LENGTH),
    "mp3 with tags followed by another": (
        mp3(500) + ID3V1 + mp3(500, tag=id3(99)) + ID3V1,
        1001 * MP3_LENGTH,
        1003 * MP3_LENGTH,
    ),
    "mp3 followed by frames": (mp3(500) + MP3_FRAME * 100, 600 * MP3_LENGTH, 602 * MP3_LENGTH),
    "mp3 of too few frames": (mp3(500, said=1), 500 * MP3_LENGTH, 502 * MP3_LENGTH),
    "mp3 of too many frames": (mp3(500, said=5000), 500 * MP3_LENGTH, 5000 * MP3_LENGTH),
    "mp3 followed by noise": (mp3(500) + bytes(9000) + mp3(500), None, None),
    "aac followed by noise": (ADTS * 50 + bytes(90_000) + ADTS * 50, None, None),
    "ogg cut short": (ogg(SECOND * 240)[:-10], None, 300),
    "ogg that was not closed": (ogg(SECOND * 240, closed=False), 240, 300),
    "ogg followed by something": (ogg(SECOND * 9) + b"junk", 9, 60),
    "ogg of one page followed by something": (ogg(441, pages=1) + b"junk", Fraction(1, 100), 60),
    "ogg followed by another": (ogg(SECOND * 9) + ogg(SECOND * 9, serial=8, pages=2), 9, None),
    "ogg whose end is of another": (
        ogg(SECOND, pages=2) + ogg(SECOND, serial=8, pages=99),
        *(1, None),
    ),
    "ogg without a page": (OGG_GAP, 9, 9),
    "ogg without some packets": (ogg(SECOND * 9, packets=2), 9, 9),
    "opus without some packets": (ogg(480_312, OPUS, pages=10, packets=20), 10, 10),
    "ogg out of a longer one": (ogg(SECOND * 9, start=SECOND * 50), 59, 59),
    "opus cut within its first page": (ogg(480_312, OPUS, pages=10, start=-14_000), 9.7, 10),
    "flac out of a longer one": (FLAC_LATER, 8.9, 10),
    "m4a whose writer did not know": (m4a(2**32 - 1), None, 2**32),
    "m4a shorter than its video": (m4a(SECOND * 125, movie=185_000), 125, 185),
    "m4a beside a video": (m4a(SECOND * 125, more=VIDEO), 125, 185),
    "m4a whose samples are fewer": (m4a(SECOND * 125, table=SECOND * 31), 31, 125),
    "m4a whose samples are more": (m4a(SECOND * 31, table=SECOND * 125), 125, 126),
    "m4a with a part left out": (m4a(SECOND * 125, edit=31_000), 31, 125),
    "m4a with another track": (m4a(SECOND * 31, more=trak(SECOND * 125, SECOND)), 31, 125),
    "m4a of another sample rate": (m4a(SECOND * 60, described=AAC, samples=60 * 11), 60, 61),
    "m4a without its audio": (m4a(SECOND * 60)[:-5008], 60, 61),
    "m4a without its middle": (m4a(SECOND * 60, gap=SECOND * 20), 60, 60),
    "m4a cut short": (m4a(SECOND * 60)[:-100], 60, 61),
    "m4a behind a tag": (id3(90) + m4a(SECOND * 10), 10, 11),
    "m4a filled up with zeros": (m4a(SECOND * 10) + bytes(9000), 10, None),
    "m4a followed by parts": (m4a(SECOND * 10) + M4A_PART, 12.32, 12.37),
    "flac of a day": (flac(SECOND * 86400), 86400, 86400),
    "flac cut short": (flac(SECOND * 100)[:-4000], None, 100),
    "flac cut in its last frame": (flac(SECOND * 100)[:-50], None, 100),
    "flac stream cut in its last frame": (flac(40_960, said=0, frames=9)[:-50], 0.836, 0.93),
    "flac of too many samples": (flac(SECOND * 100, said=SECOND * 250), 100, 250),
    "flac of too few samples": (flac(SECOND * 100, said=SECOND * 25), 100, 100),
    "flac of one sample and megabytes": (flac(1) + bytes(5_000_000), None, None),
    "flac followed by noise": (flac(SECOND) + bytes(300_000), 1, None),
    "aiff of a quarter": (aiff(SECOND * 125, said=SECOND * 31), 125, 125),
    "aiff of too many frames": (aiff(SECOND * 31, said=SECOND * 125), 31, 125),
    "aiff cut short": (aiff(SECOND * 100)[: -SECOND * 200], 50, 100),
    "aiff followed by something": (aiff(SECOND) + bytes(SECOND * 4), 1, 2),
    "aifc of a strange kind": (aiff(SECOND, kind=b"AIFC", coding=b"what"), 1, None),
    "webm of another length": (matroska(9, said=300), 9, 301),
    "webm that says less": (matroska(9, said=3), 9, 10),
    "webm with audio at its beginning": (matroska(9, said=60, tail=VIDEO_ALONE), 9, 61),
    "webm that begins later": (matroska(9, said=69, start=60_000), 9, 70),
    "webm without its middle": (matroska(60, lost=range(9000, 30_000, 20)), 60, 61),
    "webm without most of it": (matroska(60, lost=range(9000, 59_000, 20)), 60, 61),
    "webm without a block here and there": (matroska(60, lost=range(100, 60_000, 100)), 60, 61),
    "live webm without its middle": (matroska(9, live=True, lost=range(100, 980, 20)), 9, 10),
    "webm of many clusters without some": (
        matroska(1100, lost=range(700_000, 702_000, 20)),
        *(1100, 1101),
    ),
    "webm cut short": (matroska(9)[:-80], 9, 10),
    "webm followed by another": (matroska(9) + matroska(90), None, None),
    "live webm followed by another": (matroska(9, live=True) * 2, None, None),
    "webm followed by something": (matroska(9) + b"junk", 9, None),
    "caf cut short": (caf(SECOND * 9)[: -SECOND * 8], 7, 9),
    "caf followed by something": (caf(SECOND * 9) + bytes(SECOND * 4), 9, 10),
    "caf followed by noise": (caf(SECOND * 9) + b"\xff" * SECOND * 4, 9, 10),
    "caf of too few packets": (caf(0, table=(100, 44_100, 500, 100)), 1, 9.3),
    "wavpack cut short": (wavpack(SECOND * 9)[:-50], 8.5, 9),
    "wavpack of too few samples": (wavpack(SECOND * 9, said=SECOND), 9, 9.5),
    "wma cut short": (wma(630_000_000)[:-900], 60, 60),
    "wma of another length": (wma(630_000_000, packets=240_000), 60, 240),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_length_that_the_header_does_not_settle_is_not_sure_and_bounded(name):
    content, seconds, most = UNSURE[name]
    found = measure(content)
    assert not found.sure
    assert seconds is None or abs(found.seconds - seconds) < Fraction(1, 20)
    assert (found.most is None) == (most is None)
    assert most is None or found.seconds <= found.most <= most + Fraction(1, 20)
    assert not estimate(content, SepType.BS_ROFORMER).sure
    assert estimate(content, SepType.BS_ROFORMER, seconds=60).sure


@pytest.mark.parametrize("content", [flac(9000, said=9999), aiff(9000)[:-9000], mp3(500)[:-9000]])
def test_a_file_that_is_cut_is_told_from_one_that_goes_on(content):
    assert "shorter than its" in measure(content).doubts.text


@pytest.mark.parametrize("content", [flac(9000, said=99), aiff(9000) + b"more", mp3(500, said=99)])
def test_a_file_that_goes_on_is_told_from_one_that_is_cut(content):
    assert "longer than its" in measure(content).doubts.text


@pytest.mark.parametrize("times", [2, 10])
def test_songs_one_after_the_other_in_an_mp3_cost_as_much_as_all(times):
    whole = mp3(2297) * times
    assert estimate(whole, SepType.BS_ROFORMER).credits in (times - 1, times)
    assert not estimate(whole, SepType.BS_ROFORMER).sure
    assert estimate(whole, SepType.BS_ROFORMER).most == times


@pytest.mark.parametrize("shorter", [90, 50])
def test_an_ogg_of_two_streams_with_one_number_is_not_sure(shorter):
    one, other = (ogg(44100 * seconds, pages=seconds) for seconds in (140 - shorter, shorter))
    assert measure(one).sure
    assert not measure(one + other).sure
    small = ogg(44100, pages=4)
    assert not measure(small + small).sure


def test_an_ogg_of_small_pages_with_a_second_stream_after_many_is_not_sure():
    many = ogg(SECOND * 125, pages=6250, page=4) + ogg(SECOND * 1600, pages=80_000, page=4)
    assert measure(many).doubts.text == "The Ogg file holds more than one stream."
    assert measure(many).most is None
