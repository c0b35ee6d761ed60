"""The members of SepType: their names, and the source that defines them.

A member is the service's name before the parenthesis in upper snake case; where another one has
that name, the words in the parenthesis follow. A member that exists is never renamed.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from tools.console import one_line

_BLOCK = re.compile(r"(?:    [A-Z0-9_]+ = [0-9]+, \".*\"\n)+")
_LONGEST = 80


class NotOurs(Exception):
    """The source does not define SepType in the expected form."""


def member_names(types: Mapping[int, str], existing: Mapping[int, str]) -> dict[int, str]:
    """Name the member of each separation type.

    Args:
        types: Number to the service's name.
        existing: Number to the member that exists; it stays.
    """
    named = dict(existing)
    new = {number: name for number, name in sorted(types.items()) if number not in existing}
    heads = Counter(_snake(name.partition("(")[0]) for name in new.values())
    for number, name in new.items():
        short, whole = _snake(name.partition("(")[0]), _snake(name)
        wishes = [short] if heads[short] == 1 else []
        for wish in (*wishes, whole, f"{whole}_{number}"):
            if wish.strip("_0123456789") and wish not in named.values():
                break
        else:
            wish = f"TYPE_{number}"
        # An unknown number is called UNKNOWN_134, and no name starts with a digit.
        if wish[0].isdigit() or wish.startswith("UNKNOWN"):
            wish = f"TYPE_{wish}"
        named[number] = wish if wish not in named.values() else f"TYPE_{number}"
    return dict(sorted(named.items()))


def _snake(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("_", " ")).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[A-Z0-9]+", plain.upper()))[:_LONGEST].strip("_")


def members(source: str) -> dict[int, str]:
    """Return the members that a source defines, by number.

    Raises:
        NotOurs: When it defines SepType in another way.
    """
    return {number: name for number, name, _ in _defined(source)}


def documented(source: str) -> dict[int, str]:
    """Return the text of each member in a source, by number.

    Raises:
        NotOurs: When it defines SepType in another way.
    """
    return {number: text for number, _, text in _defined(source)}


def _defined(source: str) -> list[tuple[int, str, str]]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise NotOurs(f"it is no Python: {error}") from error
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if [each.name for each in classes] != ["SepType"]:
        raise NotOurs("it does not define SepType alone")
    found = []
    for node in classes[0].body[1:]:
        match node:
            case ast.FunctionDef():
                continue
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Tuple(
                    elts=[ast.Constant(value=int(number)), ast.Constant(value=str(words))]
                ),
            ):
                found.append((number, name, words))
            case _:
                raise NotOurs(f"line {node.lineno} is no member with its text")
    return found


def with_members(source: str, named: Mapping[int, str], docs: Mapping[int, str]) -> str:
    """Return the source with these members.

    Args:
        source: The source of SepType.
        named: Number to member.
        docs: Number to its text.

    Raises:
        NotOurs: When the source defines SepType in another way, or a name or text would make it
            define anything else.
    """
    blocks = _BLOCK.findall(source)
    if len(blocks) != 1:
        raise NotOurs("its members do not stand in one block")
    texts = {number: one_line(docs[number]) or "-" for number in named}
    lines = [
        f"    {name} = {number}, {json.dumps(texts[number], ensure_ascii=False)}\n"
        for number, name in sorted(named.items())
    ]
    written = source.replace(blocks[0], "".join(lines))
    wanted = [(number, name, texts[number]) for number, name in sorted(named.items())]
    if _defined(written) != wanted:
        raise NotOurs("a name or text can't be written into it")
    return written
