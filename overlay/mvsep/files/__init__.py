"""Songs to upload: sources, names, lengths; the record of a stem.

Begin at `sources` and `names`. Uses nothing but `core` and `errors`, and talks to nobody.
"""
