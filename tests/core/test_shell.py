"""The line that sets a variable in the user's shell."""

from __future__ import annotations

import os
import subprocess

import pytest

from mvsep.core.shell import set_line

WINDOWS = {"OS": "Windows_NT"}
MACHINE = r"C:\Program Files\WindowsPowerShell\Modules;C:\Windows\system32\Modules"
POSIX = "export NAME=..."
POWERSHELL = '$env:NAME = "..."'


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, POSIX),
        ({"SHELL": "/bin/bash"}, POSIX),
        ({"SHELL": "/usr/bin/zsh"}, POSIX),
        ({"SHELL": "/usr/bin/fish"}, "set -gx NAME ..."),
        ({"SHELL": "/bin/bash", "PSModulePath": "/home/me/Modules:/opt/Modules"}, POWERSHELL),
        ({"SHELL": "/usr/bin/pwsh"}, POWERSHELL),
        (WINDOWS | {"PSModulePath": MACHINE}, 'set "NAME=..."'),
        (WINDOWS | {"PSModulePath": r"C:\Users\me\Modules;" + MACHINE}, POWERSHELL),
        (WINDOWS | {"PSModulePath": MACHINE, "SHELL": r"C:\Git\usr\bin\bash.exe"}, POSIX),
    ],
)
def test_the_line_is_that_of_the_shell_the_environment_tells_of(
    environment: dict[str, str], line: str
) -> None:
    assert set_line("NAME", "...", environment) == line


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of Unix")
def test_a_shell_takes_any_value_as_it_is() -> None:
    value = "a b'c\"d$HOME`id`\\!#&;"
    program = f'{set_line("NAME", value, {})}; printf %s "$NAME"'

    assert subprocess.run(["/bin/sh", "-c", program], capture_output=True).stdout.decode() == value


def test_powershell_takes_nothing_in_a_value_for_its_own() -> None:
    line = set_line("NAME", 'a$b`c"d', {"PSModulePath": "x"})

    assert line == '$env:NAME = "a`$b``c`"d"'
