"""One certificate authority in place of certifi's hundred.

httpx reads all of them for a client, which takes longer than most tests do, and no test asks a
server that one of them vouches for. pyproject.toml has pytest load this.
"""

from __future__ import annotations

from pathlib import Path

import certifi

AUTHORITY = Path(__file__).parent / "data" / "authority.pem"

certifi.where = lambda: str(AUTHORITY)
