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


class Counting(io.BytesIO):
    """A file that counts the bytes read from it."""

    count = 0

    def read(self, size=-1):
        body = super().read(size)
        self.count += len(body)
        return body


class Sparse(io.RawIOBase):
    """A file of a given size, of which only the first bytes are anything but zeros."""

    def __init__(self, head, size):
        self.head, self.size, self.position, self.count = head, size, 0, 0

    def seek(self, offset, whence=0):
        self.position = offset + (0, self.position, self.size)[whence]
        return self.position

    def tell(self):
        return self.position

    def read(self, size=-1):
        assert size >= 0
        size = min(size, self.size - self.position)
        body = self.head[self.position : self.position + size]
        self.position += size
        self.count += size
        return body.ljust(size, b"\0")
