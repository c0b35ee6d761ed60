"""Lock files, resolved anew: versions only, no addresses."""

from __future__ import annotations

import subprocess
import sys

from tools.environment import ENVIRONMENTS, ROOT

_EXTRAS = ("--extra", "cli", "--extra", "testing")
_PROJECT = ("pyproject.toml", *_EXTRAS, "--group")

#: What is resolved into each environment's lock.
SOURCES = {
    "demo": (*_PROJECT, "build"),
    "dev": ("pyproject.toml", "--extra", "postgres", *_EXTRAS, "--group", "dev"),
    "codegen": ("spec/codegen/requirements.in",),
}


def main() -> None:
    """Write every lock file, for all supported Pythons and systems at once."""
    for name, source in SOURCES.items():
        print(f"Resolving {ENVIRONMENTS[name].lock} ...")
        subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
                *("--python-version", "3.11", "--no-header", "--no-annotate", "--upgrade"),
                *(*source, "--output-file", ENVIRONMENTS[name].lock),
            ],
            cwd=ROOT,
            check=True,
        )


if __name__ == "__main__":
    main()
