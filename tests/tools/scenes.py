"""Scenes that the tests of tools share: our contract, damage, and changes of a service's row."""

import copy
import json

from hypothesis import strategies as st

from tests.openapi_documents import JSON
from tools.adopt import adopt
from tools.drift import record_of
from tools.outline import read
from tools.record import read_record
from tools.regenerate import Project

SPEC = Project().contract
RECORD = SPEC.with_name("upstream.json")
OURS = json.loads(SPEC.read_text(encoding="utf-8"))
KNOWN = read_record(RECORD)
UNCHANGED = [SPEC.read_bytes(), RECORD.read_bytes()]
FORM = "multipart/form-data"

JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


def damage(data, node):
    """Put any JSON value in the place of one that is anywhere in a list or object."""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(JSONS)


def option(row, place=0):
    return row["algorithm_fields"][place]


def has(**facts):
    """A change: the row has these facts."""
    return lambda row: row.update(facts)


def option_has(place, **facts):
    """A change: the option at a place has these facts."""
    return lambda row: option(row, place).update(facts)


def rule_has(**facts):
    """A change: the first price rule of Overlap has these facts."""
    return lambda row: option(row, 1)["price_rules"][0].update(facts)


def has_option(**facts):
    """A change: the row has one more option."""
    return lambda row: row["algorithm_fields"].append(facts)


def choice(key, label):
    """A change: the first option has a choice."""

    def change(row):
        choices = json.loads(option(row)["options"])
        option(row)["options"] = json.dumps({**choices, key: label})

    return change


def rewritten(row):
    """The same row in other ways that clients saw or guard against."""
    row = copy.deepcopy(row)
    row["render_id"] = str(row["render_id"])
    row["price_coefficient"] = f"{row['price_coefficient']}.0000"
    row["is_active"] = bool(row["is_active"])
    row["orientation"] = float(row["orientation"])
    for each in row["algorithm_fields"]:
        each["options"] = json.loads(each["options"])
        if list(each["options"]) == [str(n) for n in range(len(each["options"]))]:
            each["options"] = list(each["options"].values())
    return row


def of_2024(row):
    """The same row in the form of 2024."""
    later = ("description", "usage", "rating", "audio_widget", "algorithm_group", "outputs")
    row = {key: value for key, value in row.items() if key not in (*later, "output_stems")}
    later = ("input_type", "required", "price_rules", "conditions")
    row["algorithm_fields"] = [
        {key: value for key, value in each.items() if key not in later}
        for each in row["algorithm_fields"]
    ]
    return row


# The official document, and what is done with it


def files(project):
    """Return the contents of the contract and of the record."""
    return [path.read_bytes() for path in (project.contract, record_of(project))]


def adopted(official):
    """Adopt a document into our contract."""
    return adopt(OURS, KNOWN, read(official))


def answer(schema):
    """Return the responses of an operation that answers with JSON."""
    return {"200": {"description": "", "content": {JSON: {"schema": schema}}}}


def operation(document, key):
    method, path = key.split()
    return document["paths"][path][method]


def fields(document, key, *steps, status="200"):
    """The properties of an answer, or those of a part of it; None leads to the items of a list."""
    schema = operation(document, key)["responses"][status]["content"][JSON]["schema"]
    for step in steps:
        schema = schema["items"] if step is None else schema["properties"][step]
    return schema["properties"]


def form(**fields):
    return {"content": {"multipart/form-data": {"schema": {"properties": fields}}}}


NEWS, STATE, CREATE = "get /api/app/news", "get /api/separation/get", "post /api/separation/create"
