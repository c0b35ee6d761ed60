"""The way to the wire: ports of the flows, calls, responses, retries, httpx transports.

Begin at `port`, which every flow talks to. Uses `settings` and the generated client.
"""
