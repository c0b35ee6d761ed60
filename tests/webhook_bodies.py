"""What a webhook may carry, for the tests of reading and of answering one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.wire import BASE_URL

HASH = "20250131145833-a0bb276157-song.wav"
REMOTE = "n2AwBjy4KsFZfqqR"
SECRET = "cobalt-otter-37"
FILE = {"type": "Vocals", "url": f"{BASE_URL}/storage/v.wav", "download": "v.wav"}
DONE = {"success": True, "status": "done", "data": {"hash": HASH, "files": [FILE]}}
GONE = {"success": False, "status": "not_found", "data": {"message": "File or File Hash not found"}}
FORM = "application/x-www-form-urlencoded"


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["hash", "status", "data", "files", "url", "bytes", "success"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
