"""A copy of what a refresh reads and writes, and how it is looked at."""

import json

from mvsep.catalog.parse import from_file
from mvsep.catalog.sep_type import SepType
from mvsep.testing.algorithms import rows
from tests.fixed_catalogue import FIXED_FILE, FIXED_ROWS
from tools.files import as_json
from tools.member_names import members, with_members
from tools.regenerate import Project
from tools.snapshot import documentation

FILES = (
    "overlay/mvsep/data/catalog.json",
    "overlay/mvsep/catalog/sep_type.py",
    "spec/mvsep-openapi-spec.json",
)


ANSWER = rows("single_upload")
LATER = "2026-11-01"
NAMES = {row["sep_type"]: row["name"] for row in FIXED_ROWS}
MEMBERS = {number: SepType(number).name for number in NAMES}


def of_that_day():
    """What a refresh reads and writes, as it was when the list of the tests was the shipped one."""
    source, contract = ((Project().root / name).read_text("utf-8") for name in FILES[1:])
    docs = {row["sep_type"]: documentation(row) for row in FIXED_ROWS}
    contract = json.loads(contract)
    body = contract["components"]["schemas"]["SeparationCreateBody"]
    body["properties"]["sep_type"]["x-known-values"] = [
        {"value": number, "name": name} for number, name in NAMES.items()
    ]
    texts = FIXED_FILE.read_text("utf-8"), with_members(source, MEMBERS, docs), as_json(contract)
    return dict(zip(FILES, texts, strict=True))


PROJECT = of_that_day()
SOURCE = PROJECT[FILES[1]]


def laid_out(root):
    for name, text in PROJECT.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Project(root)


def contents(project):
    return [(project.root / name).read_bytes() for name in FILES]


def catalog(project):
    return json.loads(contents(project)[0])


def row_of(project, number):
    return next(row for row in catalog(project)["types"] if row["sep_type"] == number)


def known_values(project):
    contract = json.loads(contents(project)[2])
    body = contract["components"]["schemas"]["SeparationCreateBody"]
    return body["properties"]["sep_type"]["x-known-values"]


def agree(project):
    """Catalogue, SepType and contract have the same types."""
    names = {row["sep_type"]: row["name"] for row in catalog(project)["types"]}
    assert {each["value"]: each["name"] for each in known_values(project)} == names
    assert members(contents(project)[1].decode()).keys() == names.keys()
    assert list(names) == sorted(names)
    for row in catalog(project)["types"]:
        from_file(row)
