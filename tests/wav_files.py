"""WAV files, whole and odd, for the tests of how long they play."""

import io
import struct
import wave

STREAMING = 0xFFFFFFFF
PCM, ADPCM, FLOAT, EXTENSIBLE = 1, 2, 3, 0xFFFE


def chunk(name, body, size=None):
    size = len(body) if size is None else size
    return name + struct.pack("<I", size) + body + b"\0" * (len(body) % 2)


def fmt(rate=8000, channels=1, bits=16, tag=PCM, frame=None, byte_rate=None):
    frame = channels * ((bits + 7) // 8) if frame is None else frame
    byte_rate = rate * frame if byte_rate is None else byte_rate
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, byte_rate, frame, bits))


def extensible(sub_tag, rate=8000, channels=2, bits=24):
    frame = channels * bits // 8
    guid = struct.pack("<H", sub_tag) + bytes.fromhex("000000001000800000aa00389b71")
    body = struct.pack("<HHIIHH", EXTENSIBLE, channels, rate, rate * frame, frame, bits)
    return chunk(b"fmt ", body + struct.pack("<HHI", 22, bits, 3) + guid)


def riff(*chunks, size=None):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def rf64(*chunks, data_size, table=()):
    entries = b"".join(name + struct.pack("<Q", size) for name, size in table)
    ds64 = struct.pack("<QQQI", 0, data_size, 0, len(table)) + entries
    return (
        b"RF64" + struct.pack("<I", STREAMING) + b"WAVE" + chunk(b"ds64", ds64) + b"".join(chunks)
    )


def written_by_the_standard_library(frames, rate=44100, channels=2, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setframerate(rate)
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.writeframes(bytes(frames * channels * width))
    return file.getvalue()


def song(seconds, rate=100):
    """A song of one channel that plays so long."""
    return written_by_the_standard_library(round(seconds * rate), rate, channels=1)


MEGABYTE = 1 << 20


class Huge(io.RawIOBase):
    """A file of many gigabytes, of which a beginning and an end are written; counts its reading.

    Between the two, `body` is repeated.
    """

    def __init__(self, begin, end=b"", size=20 * 2**30, body=b"\0"):
        self.parts, self.size, self.place, self.count = (begin, end), size, 0, 0
        self.body = body

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError(22, "negative")
        self.place = base + offset
        return self.place

    def tell(self):
        return self.place

    def read(self, size=-1):
        begin, end = self.parts
        size = max(0, min(size, self.size - self.place))
        self.count += size
        assert self.count <= 2 * MEGABYTE
        phase = (self.place - len(begin)) % len(self.body)
        content = bytearray(self.body * (size // len(self.body) + 2))[phase : phase + size]
        for part, start in ((begin, 0), (end, self.size - len(end))):
            for n in range(max(self.place, start), min(self.place + size, start + len(part))):
                content[n - self.place] = part[n - start]
        self.place += size
        return bytes(content)
