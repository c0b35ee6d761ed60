"""A journal that is open while its process forks works in both processes."""

from __future__ import annotations

import os

import pytest

from mvsep import Journal, errors
from tests.journal.test_durability import begun
from tests.scenes import HASH


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork.")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_a_forked_child_writes_is_there_though_the_parent_closes_the_journal(
    place: str,
) -> None:
    journal = Journal(place)
    closed = Journal(place)
    closed.close()
    entry = begun(journal)
    told, tell = os.pipe()
    go, let_go = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(let_go)
            with journal.holding(entry.key, "song"):
                journal.offered(entry)
            os.write(tell, b"!")
            os.read(go, 1)  # until the parent has closed the journal
            journal.submitted(entry, HASH, "https://mvsep.com")
            with pytest.raises(errors.JournalError):
                closed.entries()
            code = 0
        finally:
            os._exit(code)
    os.close(tell)
    assert os.read(told, 1) == b"!"
    assert [each.state for each in journal.unfinished()] == ["offered"]
    journal.close()
    os.close(let_go)
    assert os.waitpid(child, 0)[1] == 0
    for end in (told, go):
        os.close(end)

    with Journal(place) as after:
        assert [each.hash for each in after.entries()] == [HASH]
