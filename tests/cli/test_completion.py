"""`mvsep completion`, and what a shell is offered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mvsep import Journal
from mvsep.catalog import Catalog
from tests.cli.scenes import HASH, Run
from tests.journal.test_journal import begin

Offer = Callable[..., list[str]]
BASH = """
source /dev/stdin <<< "$(mvsep completion bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_mvsep_completion mvsep
for word in "${COMPREPLY[@]}"; do echo "$word"; done
"""


@pytest.fixture
def offered(tmp_path: Path) -> Offer:
    """The words that bash is offered in the place of the last one, which is begun."""
    bash, program = shutil.which("bash"), tmp_path / "bin" / "mvsep"
    assert bash
    program.parent.mkdir()
    program.write_text(f'#!{bash}\nexec "{sys.executable}" -m mvsep "$@"\n')
    program.chmod(0o755)

    def offer(*words: str, then: str = "") -> list[str]:
        own = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
        command = [bash, "--norc", "-c", BASH + then, "bash", *words]
        ended = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
        assert ended.stderr == ""
        return ended.stdout.split()

    return offer


pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["mvsep", "sepa"], {"separate"}),
        (["mvsep", "separate", "--pay"], {"--pay-again"}),
        (["mvsep", "separate", "--type", "bs_roformer"], {"bs_roformer", "bs_roformer_sw"}),
        (["mvsep", "show", "48"], {"48"}),
        (["mvsep", "separate", "-f", "fl"], {"flac", "flac24"}),
        (["mvsep", "estimate", "--stem", "kar"], {"karaoke"}),
        (["mvsep", "account", "premium", "o"], {"on", "off"}),
        (["mvsep", "api", "app.n"], {"app.news"}),
    ],
)
def test_bash_completes_commands_options_types_formats_and_goals(
    offered: Offer, words: list[str], found: set[str]
) -> None:
    assert set(offered(*words)) == found


@pytest.mark.parametrize("given", [["--type", "48"], ["--stem", "vocals"]])
def test_bash_completes_the_options_of_a_type_and_their_choices(
    offered: Offer, given: list[str]
) -> None:
    words = offered("mvsep", "separate", *given, "--option", "")
    catalog = Catalog.bundled()
    entry = catalog[48] if "48" in given else catalog[catalog.goal("vocals").sep_type]

    assert words
    for word in words:
        name, _, value = word.partition("=")
        (field,) = entry.named(name)
        assert value in field.choices


def test_the_script_completes_the_other_name_too(offered: Offer) -> None:
    ended = offered("mvsep", "sepa", then="complete -p mvsep mvsep-sdk")
    assert ended.count("_mvsep_completion") == 2


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_the_line_for_zsh_works_in_one_without_a_configuration(mvsep: Run) -> None:
    _, script, _ = mvsep(None, "completion", "zsh")
    zsh = str(shutil.which("zsh"))
    asked = "\nprint $_comps[mvsep] $_comps[mvsep-sdk]\n"
    ended = subprocess.run([zsh, "-f"], input=script + asked, capture_output=True, text=True)

    assert (ended.stdout, ended.stderr) == ("_mvsep_completion _mvsep_completion\n", "")


def test_bash_completes_the_jobs_of_the_journal(offered: Offer) -> None:
    assert offered("mvsep", "download", "") == []
    with Journal(os.environ["MVSEP_JOURNAL"]) as journal:
        journal.submitted(begin(journal), HASH, "https://mvsep.com")

    assert offered("mvsep", "download", "") == ["last", HASH]
    assert offered("mvsep", "cancel", HASH[:9]) == [HASH]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_each_shell_asks_by_the_same_variable(mvsep: Run, shell: str) -> None:
    code, out, err = mvsep(None, "completion", shell)

    assert (code, err) == (0, "")
    assert f"{shell}_complete" in out
    assert "_MVSEP_COMPLETE" in out
    assert len(out.splitlines()) > 10


def test_an_error_while_words_are_looked_for_does_not_tear_the_line(
    offered: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "no-journal"
    broken.write_bytes(b"no database" * 100)
    monkeypatch.setenv("MVSEP_JOURNAL", str(broken))

    assert offered("mvsep", "download", "") == []
