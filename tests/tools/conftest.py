"""The official document as it was, to be changed, compared and adopted."""

import json

import pytest

from tests.openapi_documents import rebuilt
from tests.tools.scenes import KNOWN, RECORD, SPEC
from tools.drift import run
from tools.regenerate import Project


@pytest.fixture
def official():
    """The official document as it was when last compared, to be changed by a test."""
    return rebuilt(KNOWN.outline)


@pytest.fixture
def drift(tmp_path, capsys):
    """A function: run the command on a document (or on raw bytes); exit code, stdout, stderr."""

    def call(document, *options):
        path = tmp_path / "official.json"
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        path.write_bytes(content)
        code = run(["--upstream", str(path), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def project(tmp_path):
    """A copy of what adopting reads and writes."""
    (tmp_path / "spec").mkdir()
    for path in (SPEC, RECORD):
        (tmp_path / "spec" / path.name).write_bytes(path.read_bytes())
    return Project(tmp_path)


@pytest.fixture
def source(project, official):
    """A function: write the official document, or other bytes, to a file; name it as upstream."""

    def write(content=None):
        path = project.root / "official.json"
        path.write_bytes(json.dumps(official).encode() if content is None else content)
        return ["--upstream", str(path)]

    return write
