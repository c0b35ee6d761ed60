"""Readers of audio files' lengths, one module a kind of file.

Each compares what the header says with what is there, and doubts what disagrees. May use
`mvsep.files.duration` and below; `mvsep.files.audio` chooses the reader.
"""
