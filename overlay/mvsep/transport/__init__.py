"""The way to the wire: the ports of the flows, calls, responses, retries, httpx transports.

It uses `settings` and the generated client. Everything above talks through it.
"""
