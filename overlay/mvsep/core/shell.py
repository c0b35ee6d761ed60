"""The line that sets an environment variable in the user's shell."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import Literal

_Shell = Literal["posix", "fish", "powershell", "cmd"]


def set_line(name: str, value: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the line that sets a variable in the user's shell, to be pasted.

    Args:
        name: The variable.
        value: Its value, or dots in place of one.
        environment: The variables that tell which shell it is; by default those of the process.
    """
    shell = _shell(os.environ if environment is None else environment)
    if shell == "powershell":
        escaped = re.sub(r"([`$\"])", r"`\1", value)
        return f'$env:{name} = "{escaped}"'
    if shell == "cmd":
        return f'set "{name}={value}"'
    if shell == "fish":
        return f"set -gx {name} {shlex.quote(value)}"
    return f"export {name}={shlex.quote(value)}"


def _shell(environment: Mapping[str, str]) -> _Shell:
    path = environment.get("SHELL", "").replace("\\", "/").lower()
    name = path.rpartition("/")[2].removesuffix(".exe")
    modules = environment.get("PSModulePath", "")
    if environment.get("OS") != "Windows_NT":
        # PowerShell leaves the login shell's name in SHELL.
        if modules or name == "pwsh":
            return "powershell"
        return "fish" if name == "fish" else "posix"
    if name:  # Git Bash, MSYS or Cygwin
        return "fish" if name == "fish" else "posix"
    # All processes see two folders of modules; PowerShell adds the user's own.
    return "powershell" if modules.count(";") >= 2 else "cmd"
