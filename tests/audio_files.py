"""Compressed audio files, whole and odd, written by hand: headers, and silence that is none."""

import struct

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44100 Hz
MP3_OTHER = b"\xff\xfb\xb0\x00" + bytes(622)  # the same at 192 kbit/s


def mp3(frames, *, header=b"Xing", said=None, flags=3, tag=b"", bytes_said=None):
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


def flac(samples, rate=44100, *, picture=0):
    info = struct.pack(">HH", 4096, 4096) + bytes(6)
    info += struct.pack(">Q", rate << 44 | 1 << 41 | 15 << 36 | samples) + bytes(16)
    blocks = b"\x00" + len(info).to_bytes(3, "big") + info
    return b"fLaC" + blocks + b"\x81" + picture.to_bytes(3, "big") + bytes(picture + 4000)


def ogg_page(packet, *, position, serial=7, flags=0):
    table = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = b"OggS\0" + struct.pack("<BqIII", flags, position, serial, 0, 0)
    return head + bytes([len(table)]) + table + packet


VORBIS = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 44100, 0, 128000, 0, 0xB8, 1)
OPUS = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 48000, 0, 0)


def ogg(samples, head=VORBIS, *, pages=40, closed=True, serial=7, page=4000):
    """An Ogg stream of equal pages."""
    content = ogg_page(head, position=0, serial=serial, flags=2)
    for n in range(1, pages + 1):
        last = 4 if closed and n == pages else 0
        position = samples * n // pages
        content += ogg_page(b"\x9a" * page, position=position, serial=serial, flags=last)
    return content


def atom(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(units, scale=44100, *, long=False, first=True, audio=5000):
    if long:
        times = struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, units)
    else:
        times = struct.pack(">IIIII", 0, 0, 0, scale, units)
    moov = atom(b"moov", atom(b"mvhd", times, bytes(80)))
    mdat = atom(b"mdat", bytes(audio))
    kind = atom(b"ftyp", b"M4A \0\0\0\0")
    return kind + moov + mdat if first else kind + mdat + moov


def aiff(frames, rate=44100):
    exponent = rate.bit_length() - 1
    extended = struct.pack(">HQ", 16383 + exponent, rate << 63 - exponent)
    comm = struct.pack(">hLh", 2, frames, 16) + extended
    body = b"AIFF" + b"COMM" + struct.pack(">I", 18) + comm
    body += b"SSND" + struct.pack(">I", 4000) + bytes(4000)
    return b"FORM" + struct.pack(">I", len(body)) + body


def wma(tenths_of_micros, preroll=3000):
    length = 30 + 24 + 80 + 4000
    properties = bytes(16) + struct.pack("<Q", length) + bytes(16)
    properties += struct.pack("<QQQ", tenths_of_micros, 0, preroll) + bytes(16)
    guid = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
    inner = guid + struct.pack("<Q", 24 + len(properties)) + properties
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    return head + struct.pack("<QI", 30 + len(inner), 1) + b"\x01\x02" + inner + bytes(4000)
