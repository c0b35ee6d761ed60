"""Objects as a notebook shows them: tables, players, waveforms.

Imported only when a notebook asks. Every text is escaped, for names of files and texts of the
service may hold anything. Begin at `stems`. Uses `files`.
"""

from mvsep.notebook.stems import stems_html
from mvsep.notebook.table import table_html

__all__ = ["stems_html", "table_html"]
