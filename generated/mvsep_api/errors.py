# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""Contains shared errors types that can be raised from API functions"""

from collections.abc import Mapping


class UnexpectedStatus(Exception):
    """Raised by api functions when the response status an undocumented status and Client.raise_on_unexpected_status is True"""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content

        super().__init__(
            f"Unexpected status code: {status_code}\n\nResponse content:\n{content.decode(errors='ignore')}"
        )


#: What parsing an answer raises when the answer is not what the contract promises.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class UnreadableAnswer(Exception):
    """Raised by api functions when an answer can't be read as the contract describes it"""

    def __init__(self, status_code: int, content: bytes, headers: Mapping[str, str]):
        self.status_code = status_code
        self.content = content
        self.headers = headers

        super().__init__(f"Unreadable answer with status {status_code} and {len(content)} bytes")


__all__ = ["UNREADABLE", "UnexpectedStatus", "UnreadableAnswer"]
