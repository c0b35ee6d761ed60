"""Tiers of checks, on every Python found. The make targets run the same commands."""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

# The contract tests in which the library's dependencies have a part.
_AT_LOWEST = "fake or cli or many or paid or multipart or requests"
PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))


def _install(session: nox.Session) -> None:
    session.install("-r", "tools/locks/dev.txt")
    session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and import layers."""
    _install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with strict mypy: library, tools, harness and a sample of a caller's code."""
    _install(session)
    session.run("mypy")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the unit tests, without sockets."""
    _install(session)
    session.run("python", "-m", "pytest", "tests", *session.posargs)
    session.run("python", "-m", "contract_tests.harness.secrets")


@nox.session(python=PYTHONS)
def contract(session: nox.Session) -> None:
    """Run the contract tests: the client against Prism and the fake server."""
    _install(session)
    session.run("python", "-m", "pytest", "contract_tests", *session.posargs)
    session.run("python", "-m", "contract_tests.harness.secrets")


@nox.session(python=PYTHONS[0], default=False)
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions that pyproject.toml allows."""
    _install(session)
    pins = str(Path(session.create_tmp()) / "lowest.txt")
    session.run(
        *("python", "-m", "uv", "pip", "compile", "--quiet", "--resolution", "lowest-direct"),
        *("--no-header", "--no-annotate", "--all-extras", "pyproject.toml"),
        *("--output-file", pins),
    )
    # The tools of the workshop may ask for newer ones, as nox does of attrs; they are left out.
    session.install("--no-deps", "-r", pins)
    library = ("tests", "--ignore=tests/tools")
    session.run("python", "-m", "pytest", *library, *session.posargs)
    session.run("python", "-m", "pytest", "contract_tests", "-k", _AT_LOWEST, *session.posargs)
    session.run("python", "-m", "contract_tests.harness.secrets")


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Break the code in one place after the other; a contract test should fail each time."""
    _install(session)
    session.run("python", "-m", "contract_tests.mutants", *session.posargs)
    session.run("python", "-m", "contract_tests.harness.secrets")


@nox.session(default=False)
def check_generated(session: nox.Session) -> None:
    """Check that generated/ is what the contract generates."""
    _install(session)
    session.run("python", "-m", "tools.regenerate", "--check")


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the wheel and a frozen program, and use both as a stranger does."""
    _install(session)
    session.install("pyinstaller")
    built = ("contract_tests/test_wheel.py", "contract_tests/test_frozen.py")
    session.run("python", "-m", "pytest", *built, *session.posargs)


@nox.session(default=False)
def live(session: nox.Session) -> None:
    """Check the contract against the service; does nothing without MVSEP_LIVE=1."""
    _install(session)
    ledger = "reports/live.json"
    session.run("python", "-m", "contract_tests.live", "--ledger", ledger, *session.posargs)
    session.run("python", "-m", "contract_tests.harness.secrets")


@nox.session(default=False)
def drift(session: nox.Session) -> None:
    """Compare our contract with the official document; exit code 1 means a difference."""
    _install(session)
    session.run("python", "-m", "tools.drift", *session.posargs)
