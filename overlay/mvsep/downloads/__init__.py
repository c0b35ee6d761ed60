"""The way of result files to the disk: plan, fetch, response, part file, result.

It uses `transport`, `files` and `manifest`.
"""
