"""Pictures of what a terminal shows, as SVG files that ask nothing of the internet."""

from __future__ import annotations

import io
import re
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, RenderableType

_FONTS: Final = 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'


def _template() -> str:
    """Return rich's template with fonts of the reader's machine: its own come from a CDN."""
    without = re.sub(r" *@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return without.replace("Fira Code, monospace", _FONTS)


def svg(shown: RenderableType, *, title: str, columns: int = 80) -> str:
    """Draw a terminal of so many columns that shows something."""
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True)
    console.print(shown)
    drawn = console.export_svg(title=title, code_format=_template())
    return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines())
