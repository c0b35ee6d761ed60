"""YAML as OpenAPI has it: what could be written in JSON too, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import yaml  # type: ignore[import-untyped]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """A reader of YAML 1.2's core schema: `no` is a text, and so are a date and a key."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  yaml's own form

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Read a node; refuse an alias, of which a few make a document without end."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases, which are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        """Read an object; its keys are texts, such as the status 200."""
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
):
    pattern = re.compile(rf"^(?:{_form})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", pattern, list(_first))


def parse(text: str) -> Any:
    """Parse a YAML document.

    Raises:
        ValueError: When it is none, with a sentence's end that says why.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  the loader makes plain values only
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error
