"""YAML as OpenAPI has it: what could be written in JSON too, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import yaml  # type: ignore[import-untyped]

_LARGEST = 1_000_000


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """A reader of YAML 1.2's core schema: `no` is a text, and so are a date and a key."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  yaml's own form

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        """Read an object; its keys are texts, such as the status 200."""
        self.flatten_mapping(node)
        if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
            raise yaml.YAMLError("a key is no text")
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _object(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    return loader.construct_mapping(node)


_Loader.add_constructor("tag:yaml.org,2002:map", _object)
for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
):
    pattern = re.compile(rf"^(?:{_form})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", pattern, list(_first))


def parse(text: str) -> Any:
    """Parse a YAML document.

    Raises:
        ValueError: When it is none, with a sentence's end that says why.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _measure(node, {})
        return loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error


def _measure(node: Any, sizes: dict[int, int]) -> int:
    """Count the parts of a node and those behind its aliases, of which a few can be endless."""
    if id(node) not in sizes:
        sizes[id(node)] = _LARGEST  # of a node that holds itself
        inner = node.value if isinstance(node.value, list) else ()
        parts = (each for item in inner for each in (item if isinstance(item, tuple) else (item,)))
        sizes[id(node)] = 1 + sum(_measure(part, sizes) for part in parts)
    if sizes[id(node)] >= _LARGEST:
        raise yaml.YAMLError(f"its aliases make more than {_LARGEST:,} parts of it")
    return sizes[id(node)]
