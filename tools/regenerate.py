"""Generation of `mvsep_api` from the contract.

`python -m tools.regenerate` writes generated/mvsep_api; with `--check` it generates aside and
names every file that differs. Nothing is touched unless the new package passed every check.
"""

from __future__ import annotations

import argparse
import filecmp
import functools
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.environment import ROOT, ensure
from tools.files import as_json
from tools.generator_input import generator_input
from tools.operations import operations, render
from tools.templates import OverrideError, read_overrides, write_templates

PACKAGE = "mvsep_api"
HEADER = "# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.\n"


class GenerationError(Exception):
    """The package can't be generated; the one before is untouched."""


@dataclass(frozen=True)
class Project:
    """The places of a project's pieces; tests use a copy."""

    root: Path = ROOT

    @property
    def contract(self) -> Path:
        """The OpenAPI document."""
        return self.root / "spec" / "mvsep-openapi-spec.json"

    @property
    def codegen(self) -> Path:
        """The generator's settings, overrides, templates and pins."""
        return self.root / "spec" / "codegen"

    @property
    def package(self) -> Path:
        """The generated package."""
        return self.root / "generated" / PACKAGE


def read_contract(path: Path) -> dict[str, Any]:
    """Read and validate the contract.

    Raises:
        GenerationError: When it is no JSON, or not valid.
    """
    contract = _parsed(path)
    validate(contract, path.name)
    return contract


def _parsed(path: Path) -> dict[str, Any]:
    try:
        contract: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GenerationError(f"{path.name} can't be read as JSON: {error}") from error
    return contract


def validate(contract: dict[str, Any], name: str) -> None:
    """Check that a contract can be generated from.

    Raises:
        GenerationError: When it is no valid OpenAPI 3.1, or has operations without an id of the
            form `<tag>_<name>`.
    """
    if problems := _problems(json.dumps(contract)):
        raise GenerationError(f"{name} is not a valid contract:\n  " + "\n  ".join(problems))


@functools.lru_cache(maxsize=8)
def _problems(text: str) -> list[str]:
    # To import it takes a third of the generator's time, which runs beside it.
    from openapi_spec_validator import OpenAPIV31SpecValidator
    from referencing.exceptions import Unresolvable

    contract, problems = json.loads(text), []
    try:
        for found in OpenAPIV31SpecValidator(contract).iter_errors():
            problems.append(f"{'/'.join(map(str, found.absolute_path))}: {found.message}")
        problems += [] if problems else [*_missing(contract), *_unnamed(contract)]
    except Unresolvable as lost:
        problems.append(f"a reference leads nowhere: {lost.ref}")
    except (KeyError, TypeError, AttributeError) as odd:
        # The validator itself stumbles over some of what it has just found wrong.
        problems = problems or [f"it is not built like an OpenAPI document: {odd!r}"]
    return problems


def _missing(contract: dict[str, Any]) -> Iterator[str]:
    for key in ("paths", "servers"):
        if not contract.get(key):
            yield f"{key}: there are none"


def _unnamed(contract: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for method, path, operation in operations(contract):
        name, tags = operation.get("operationId", ""), operation.get("tags", [])
        if len(tags) != 1 or not name.startswith(f"{tags[0]}_"):
            yield f"{method} {path}: wants one tag and the operationId `<tag>_<name>`"
        if name in seen:
            yield f"{method} {path}: the operationId {name} is taken"
        seen.add(name)


def generate(project: Project, folder: Path) -> Path:
    """Generate, format and check the package in `folder`.

    Returns:
        The folder of the package.

    Raises:
        GenerationError: When a step fails, saying which and why.
    """
    contract = _parsed(project.contract)
    python = ensure("codegen")
    with ThreadPoolExecutor(1) as beside:
        # To validate takes half as long as to generate; an invalid contract is what counts then.
        generated = beside.submit(_generate, project, contract, python, folder)
        validate(contract, project.contract.name)
        package = generated.result()
    (package / "operations.py").write_text(render(contract), encoding="utf-8")
    (package / "py.typed").touch()
    for module in package.rglob("*.py"):
        module.write_text(HEADER + module.read_text(encoding="utf-8"), encoding="utf-8")
    _format(python, package)
    _run(
        "verification",
        *(sys.executable, "-m", "tools.verify", project.contract, package.parent),
    )
    for leftover in (*package.parent.rglob("__pycache__"), *package.parent.rglob(".mypy_cache")):
        shutil.rmtree(leftover)
    provenance = json.dumps(provenance_of(project), indent=2) + "\n"
    (package / "PROVENANCE.json").write_text(provenance, encoding="utf-8")
    return package


def _generate(project: Project, contract: dict[str, Any], python: Path, folder: Path) -> Path:
    templates = _templates(project, python, folder / "templates")
    package = folder / "package" / PACKAGE
    package.parent.mkdir()
    source = folder / project.contract.name
    source.write_text(as_json(generator_input(contract)), encoding="utf-8")
    _run(
        "the generator",
        *(python, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--fail-on-warning", "--path", source, "--output-path", package),
        *("--config", project.codegen / "config.yaml", "--custom-template-path", templates),
    )
    return package


def _templates(project: Project, python: Path, folder: Path) -> Path:
    """Write the generator's templates with the project's changes into a new folder."""
    where = (
        "from importlib.util import find_spec; "
        "print(*find_spec('openapi_python_client').submodule_search_locations)"
    )
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    try:
        write_templates(
            read_overrides(project.codegen / "overrides.toml"),
            originals=Path(found.stdout.strip(), "templates"),
            own=project.codegen / "templates",
            target=folder,
        )
    except OverrideError as error:
        raise GenerationError(str(error)) from error
    return folder


def _format(python: Path, package: Path) -> None:
    ruff = (python, "-m", "ruff")
    settings = ("--isolated", "--no-cache", "--line-length", "100", "--target-version", "py311")
    _run("ruff", *ruff, "check", *settings, "--fix-only", "--select", "I,F401", package)
    _run("ruff", *ruff, "format", *settings, package)
    _run("ruff (undefined names)", *ruff, "check", *settings, "--select", "F821", package)


def provenance_of(project: Project) -> dict[str, Any]:
    """Return the origin of a package: hashes of its inputs and versions of its tools."""
    pins = (project.codegen / "requirements.txt").read_text(encoding="utf-8").split()
    versions = dict(pin.split("==") for pin in pins if "==" in pin)
    return {
        "contract": _sha256(project.contract),
        "config": _sha256(project.codegen / "config.yaml"),
        "overrides": _sha256(project.codegen / "overrides.toml"),
        "templates": {
            path.name: _sha256(path)
            for path in sorted((project.codegen / "templates").glob("*.jinja"))
        },
        "tools": {
            "openapi-python-client": versions["openapi-python-client"],
            "ruff": versions["ruff"],
        },
    }


def differences(new: Path, old: Path) -> list[str]:
    """Return a line for each file that differs between two folders."""

    def files(folder: Path) -> set[str]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return {
            path.relative_to(folder).as_posix() for path in found if "__pycache__" not in path.parts
        }

    ours, theirs = files(new), files(old)
    lines = [f"missing: {name}" for name in ours - theirs]
    lines += [f"should not be there: {name}" for name in theirs - ours]
    lines += [
        f"differs: {name}"
        for name in ours & theirs
        if not filecmp.cmp(new / name, old / name, shallow=False)
    ]
    return sorted(lines)


def regenerate(project: Project) -> list[str]:
    """Generate the package and put it in place.

    Returns:
        The files that changed; none when the package was up to date.
    """
    with _generated(project) as package:
        changed = differences(package, project.package)
        if changed:
            shutil.rmtree(project.package, ignore_errors=True)
            package.rename(project.package)
    return changed


def check(project: Project) -> list[str]:
    """Generate aside and return a line for each file that differs."""
    with _generated(project) as package:
        strangers = (
            f"should not be there: ../{path.name}"
            for path in project.package.parent.iterdir()
            if path.name != PACKAGE and not path.name.startswith(".new-")
        )
        return [*differences(package, project.package), *strangers]


@contextmanager
def _generated(project: Project) -> Iterator[Path]:
    # Beside its place, so that putting it there is a rename on one file system.
    parent = project.package.parent
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as folder:
        yield generate(project, Path(folder))


def _sha256(path: Path) -> str:
    # Line endings do not count: a checkout on Windows has the same provenance.
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _run(step: str, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise GenerationError(f"{step} failed:\n{done.stdout}{done.stderr}".rstrip())


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    arguments = parser.parse_args()
    project = Project()
    try:
        lines = check(project) if arguments.check else regenerate(project)
    except GenerationError as error:
        raise SystemExit(f"{error}\nNothing was changed.") from error
    if not lines:
        print("generated/mvsep_api is what the contract generates.")
        return
    if not arguments.check:
        print(f"Wrote generated/{PACKAGE}; what changed:")
    print("\n".join(lines))
    if arguments.check:
        raise SystemExit(
            "generated/mvsep_api is not what the contract generates: run `make regenerate`."
        )


if __name__ == "__main__":
    main()
