"""Songs to upload: sources, names, lengths, digests.

Begin at `sources` and `names`. Uses nothing but `core` and `errors`, and talks to nobody.
"""
