"""The way to the wire: connection, calls, responses, retries.

It uses `settings` and the generated client. Everything above talks through it.
"""
