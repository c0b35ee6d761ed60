"""What the tests of a refresh share."""

import copy
import json

import pytest

from tests.tools.refresh.scenes import ANSWER, LATER, laid_out
from tools.refresh import run


@pytest.fixture
def project(tmp_path):
    """A copy of what a refresh reads and writes."""
    return laid_out(tmp_path / "project")


@pytest.fixture
def answer():
    return copy.deepcopy(ANSWER)


@pytest.fixture
def bs_roformer(answer):
    return next(row for row in answer if row["render_id"] == 40)


@pytest.fixture
def do(project, tmp_path, capsys):
    """Run the command with an answer: its code, and what it printed."""

    def running(answer, captured=LATER):
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), "utf-8")
        code = run(["--from", str(path), "--captured", captured], project=project)
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return running
