"""Compressed audio files, whole and odd, written by hand: headers, and silence that is none."""

import struct
from fractions import Fraction
from functools import cache

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44100 Hz
MP3_OTHER = b"\xff\xfb\xb0\x00" + bytes(622)  # the same at 192 kbit/s


def mp3(frames, *, header=b"Xing", said=None, flags=3, tag=b"", bytes_said=None, silence=0):
    """An MP3 of so many frames of 1152 samples; None as `header` writes none."""
    body = MP3_FRAME * frames
    if header is None:
        return tag + body
    said = frames if said is None else said
    size = len(body) + len(MP3_FRAME) if bytes_said is None else bytes_said
    if header == b"VBRI":
        fields = b"VBRI" + struct.pack(">HHHII", 1, 0, 0, size, said)
    else:
        fields = header + struct.pack(">III", flags, said, size)
        # LAME's own tag, with the samples it put before and behind.
        fields += (
            b"LAME3.100".ljust(21, b"\0") + (576 << 12 | silence - 576).to_bytes(3, "big")
            if silence
            else b""
        )
    first = b"\xff\xfb\x90\x00" + bytes(32) + fields
    return tag + first.ljust(len(MP3_FRAME), b"\0") + body


ID3V1 = b"TAG" + bytes(125)


def ape(items, *, header=True):
    """An APEv2 tag, as it stands at the end of a file."""

    def edge(flags):
        return b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 1, flags) + bytes(8)

    whole = 1 << 31 if header else 0
    return (edge(whole | 1 << 29) if header else b"") + items + edge(whole)


def lyrics(text):
    """A Lyrics3v2 tag, whose size counts its beginning too."""
    body = b"LYRICSBEGIN" + text
    return body + b"%06d" % len(body) + b"LYRICS200"


def id3(size):
    return (
        b"ID3\x03\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    ) + b"\x07" * size


@cache
def remainders(polynomial, bits):
    table = []
    for byte in range(256):
        rest = byte << bits - 8
        for _ in range(8):
            rest = rest << 1 ^ (polynomial if rest >> bits - 1 else 0)
        table.append(rest)
    return table


def crc(body, polynomial, bits):
    rest, table, mask = 0, remainders(polynomial, bits), (1 << bits) - 1
    for byte in body:
        rest = rest << 8 & mask ^ table[rest >> bits - 8 ^ byte]
    return rest


def flac_frame(start, samples, size=400):
    """A FLAC frame of 16 bits and two channels that begins at this sample, of 4096 at most."""
    number = bytes([0xFE] + [0x80 | start >> shift & 63 for shift in (30, 24, 18, 12, 6, 0)])
    head = b"\xff\xf9\x70\x18" + number + struct.pack(">H", samples - 1)
    frame = (head + bytes([crc(head, 0x107, 8)])).ljust(size - 2, b"\0")
    return frame + crc(frame, 0x18005, 16).to_bytes(2, "big")


def flac(samples, rate=44100, *, picture=0, said=None, frames=20, size=400):
    """A FLAC file with some of its frames."""
    said = samples if said is None else said
    info = struct.pack(">HH", 16, 4096) + bytes(6)
    info += struct.pack(">Q", rate << 44 | 1 << 41 | 15 << 36 | said) + bytes(16)
    blocks = b"\x00" + len(info).to_bytes(3, "big") + info
    head = b"fLaC" + blocks + b"\x81" + picture.to_bytes(3, "big") + bytes(picture)
    last = min(max(samples, 1), 4096)
    starts = sorted({max(samples - last, 0) * n // frames for n in range(frames + 1)})
    return head + b"".join(flac_frame(at, last, size) for at in starts if samples)


def ogg_page(content, *, position, serial=7, flags=0, number=0, packets=1):
    size = len(content) // packets
    sizes = [size] * (packets - 1) + [len(content) - size * (packets - 1)]
    table = b"".join(bytes([255] * (size // 255) + [size % 255]) for size in sizes)
    head = b"OggS\0" + struct.pack("<BqIII", flags, position, serial, number, 0)
    return head + bytes([len(table)]) + table + content


VORBIS = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 44100, 0, 128000, 0, 0xDB, 1)
OPUS = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 48000, 0, 0)


def ogg(samples, head=VORBIS, *, pages=40, closed=True, serial=7, page=4000, start=0, packets=0):
    """An Ogg stream of equal pages; 0x9a begins an Opus packet of 40 ms."""
    longest = 1920 if head == OPUS else 4096
    content = bytearray(ogg_page(head, position=0, serial=serial, flags=2))
    for n in range(1, pages + 1):
        last = 4 if closed and n == pages else 0
        position = samples * n // pages
        content += ogg_page(
            b"\x9a" * page,
            position=start + position,
            serial=serial,
            flags=last,
            number=n,
            packets=packets or -(-samples // pages // longest) or 1,
        )
    return bytes(content)


def atom(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def times(units, scale, long=False):
    if long:
        return struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, units)
    return struct.pack(">IIIII", 0, 0, 0, scale, units)


def trak(
    units,
    scale,
    *,
    kind=b"soun",
    long=False,
    edit=None,
    table=None,
    described=b"",
    samples=1,
    gap=0,
):
    """A track; `edit` is what it plays in thousandths of a second, `table` units by the samples."""
    table = units if table is None else table
    edits = b""
    if edit is not None:
        edits = atom(b"edts", atom(b"elst", struct.pack(">IIIiI", 0, 1, edit, 0, 65536)))
    # The last sample before a gap lasts until its end.
    steps = [((table - gap) // 100, 100), (1, gap)] if gap else [(1, min(table, 2**32 - 1))]
    tables = atom(
        b"stbl",
        atom(b"stsd", bytes(4), described),
        atom(b"stts", struct.pack(">II", 0, len(steps)), *(struct.pack(">II", *n) for n in steps)),
        atom(b"stsz", struct.pack(">III", 0, 4, samples)),
        atom(b"stco", struct.pack(">III", 0, 1, 40)),
    )
    handler = atom(b"hdlr", bytes(8), kind, bytes(13))
    media = atom(b"mdia", atom(b"mdhd", times(units, scale, long)), handler, atom(b"minf", tables))
    return atom(b"trak", atom(b"tkhd", bytes(12), struct.pack(">I", 1), bytes(64)), edits, media)


def m4a(units, scale=44100, *, long=False, first=True, audio=5000, movie=None, more=b"", **track):
    seconds = units * 1000 // scale if scale and movie is None else movie or 0
    header = atom(b"mvhd", times(seconds, 1000, long), bytes(80))
    moov = atom(b"moov", header, trak(units, scale, long=long, **track), more)
    mdat = atom(b"mdat", bytes(audio))
    kind = atom(b"ftyp", b"M4A \0\0\0\0")
    return kind + moov + mdat if first else kind + mdat + moov


def aiff_head(frames, rate=44100, *, said=None, kind=b"AIFF", coding=b"", size=None):
    """The header of an AIFF file with two channels of 16 bits."""
    exponent = rate.bit_length() - 1
    extended = struct.pack(">HQ", 16383 + exponent, rate << 63 - exponent)
    comm = struct.pack(">hLh", 2, frames if said is None else said, 16) + extended + coding
    size = frames * 4 if size is None else size
    body = kind + b"COMM" + struct.pack(">I", len(comm)) + comm
    body += b"SSND" + struct.pack(">I", size + 8) + bytes(8)
    return b"FORM" + struct.pack(">I", len(body) + size) + body


def aiff(frames, rate=44100, **more):
    return aiff_head(frames, rate, **more) + bytes(more.get("size", frames * 4))


def wma(tenths_of_micros, preroll=3000, *, packets=None):
    """A WMA file; `packets` is when its last packet ends, in thousandths of a second."""
    size = 3200
    ends = tenths_of_micros // 10_000 - preroll if packets is None else packets
    packet = b"\x82\0\0\0\x5d" + struct.pack("<IH", max(0, ends - 100), 100) + bytes(size - 11)
    data = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
    data += struct.pack("<Q", 50 + size) + bytes(16) + struct.pack("<QH", 1, 0x101) + packet
    properties = bytes(16) + struct.pack("<Q", 30 + 104 + len(data)) + bytes(16)
    properties += struct.pack("<QQQ", tenths_of_micros, 0, preroll)
    properties += struct.pack("<IIII", 2, size, size, 128_000)
    guid = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
    inner = guid + struct.pack("<Q", 24 + len(properties)) + properties
    assert len(inner) == 104
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    return head + struct.pack("<QI", 30 + len(inner), 1) + b"\x01\x02" + inner + data


def element(kind, body, *, sized=True):
    """An EBML element; `kind` in hex digits."""
    size = len(body).to_bytes(7, "big") if sized else b"\xff" * 7
    return bytes.fromhex(kind) + b"\x01" + size + body


def matroska_cluster(time, tracks, *, sized=True, lost=()):
    """A second of blocks of 20 ms, but for those of the times that are lost."""
    blocks = b"".join(
        element("a3", bytes([0x80 | track]) + struct.pack(">hB", at, 0) + b"\x9a" * 60)
        for at in range(0, 1000, 20)
        if time + at not in lost
        for track in tracks
    )
    return element("1f43b675", element("e7", time.to_bytes(4, "big")) + blocks, sized=sized)


def matroska(seconds, *, said=None, live=False, kinds=(2,), start=0, delay=0, tail=b"", lost=()):
    """A WebM of a block of 20 ms after the other, in clusters of a second; `kinds` are tracks."""
    said = seconds if said is None else said
    info = element("2ad7b1", (10**6).to_bytes(3, "big"))
    info += b"" if live else element("4489", struct.pack(">d", said * 1000))
    tracks = b"".join(
        element("ae", element("d7", bytes([n])) + element("83", bytes([kind])) + delayed)
        for n, kind in enumerate(kinds, 1)
        for delayed in [element("56aa", delay.to_bytes(4, "big"))]
    )
    body = element("1549a966", info) + element("1654ae6b", tracks)
    for second in range(seconds):
        time, each = start + 1000 * second, range(1, len(kinds) + 1)
        body += matroska_cluster(time, each, sized=not live, lost=lost)
    return element("1a45dfa3", b"webm") + element("18538067", body + tail, sized=not live)


def caf(frames, *, stream=False, table=None):
    """A Core Audio file of 16 bits and two channels, or of packets of 4096 with a table of them."""
    kind = (b"alac", 0, 0, 4096) if table else (b"lpcm", 0, 4, 1)
    described = struct.pack(">d4sIIIII", 44100, *kind, 2, 16)
    content = b"caff\0\1\0\0desc" + struct.pack(">q", 32) + described
    if table:
        content += b"pakt" + struct.pack(">qqqii", 24, *table)
    size = 4 + frames * 4
    return content + b"data" + struct.pack(">q", -1 if stream else size) + bytes(size)


def wavpack(samples, *, said=None, block=22050):
    """A WavPack file of blocks with nothing in them."""
    said = samples if said is None else said
    content = b""
    for at in range(0, samples, block):
        counts = (0, said, at, min(block, samples - at), 9 << 23 | 0x1800, 0)
        content += b"wvpk" + struct.pack("<IIIIIII", 424, *counts).ljust(428, b"\0")
    return content


MP3_LENGTH = Fraction(1152, 44100)
MP3_EVEN = b"\xff\xfb\x94\x00" + bytes(380)  # at 48000 Hz all frames of a rate are of one size
AC3 = b"\x0b\x77\0\0\x14\x40" + bytes(762)  # 192 kbit/s at 48000 Hz
ADTS = b"\xff\xf1\x50\x80\x2e\x7f\xfc" + bytes(364)
# The description of AAC of 44100 Hz with 1024 samples a piece.
AAC = (
    bytes(36)
    + b"esds"
    + bytes.fromhex(
        "00000000 0380808025000100 04808080174015000000 0001f4000001f400 05808080051210"
    )
)
# A fragment of 100 pieces of 1024 samples.
M4A_PART = atom(
    b"moof",
    atom(
        b"traf",
        atom(b"tfhd", b"\0\0\0\x08", b"\0\0\0\1", (1024).to_bytes(4, "big")),
        atom(b"trun", bytes(4), (100).to_bytes(4, "big")),
    ),
)
