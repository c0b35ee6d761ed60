"""The way to the wire: ports of the flows, calls, responses, retries, httpx transports.

Begin at `port`, which every flow talks to; `request` has the way of one request. Uses `settings`
and the generated client.
"""
