"""The songs to upload: sources, names, durations, digests.

It uses `core` and `errors`; nothing here talks to the service.
"""
