"""Many songs at once: the queue and its workers.

It uses `journal` and `jobs`.
"""
