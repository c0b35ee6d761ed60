import re
import shutil

import pytest

from tools import environment
from tools.environment import ENVIRONMENTS, ROOT, Environment, fingerprint
from tools.lock import SOURCES


def lines(name):
    return (ROOT / ENVIRONMENTS[name].lock).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
def test_a_lock_names_exact_versions_and_no_addresses(name):
    for line in lines(name):
        assert re.fullmatch(r"[a-z0-9.-]+==[^ ]+( ; .+)?", line)
        assert "://" not in line
        assert "@" not in line


def test_what_the_demo_needs_is_in_the_lock_for_development_with_the_same_versions():
    demo, dev = ({line.split(" ")[0] for line in lines(name)} for name in ("demo", "dev"))

    assert demo <= dev


def test_each_lock_says_what_it_is_resolved_from():
    assert SOURCES.keys() == ENVIRONMENTS.keys()


def copied(folder):
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "lock.txt").write_text("httpx==0.28.1\n")
    return folder, Environment(".venv", "lock.txt", project=True)


def test_another_lock_or_project_file_makes_an_environment_out_of_date(tmp_path):
    root, made = copied(tmp_path)
    seen = [fingerprint(root, made)]
    for name in ("lock.txt", "pyproject.toml"):
        with (root / name).open("a") as file:
            file.write("\n# changed\n")
        seen.append(fingerprint(root, made))

    assert len(set(seen)) == 3
    assert fingerprint(root, made) == seen[-1]


def test_an_interrupted_setup_is_done_again_and_a_finished_one_is_not(tmp_path, monkeypatch):
    root, made = copied(tmp_path)
    monkeypatch.setitem(ENVIRONMENTS, "tried", made)
    ran: list[tuple[str, ...]] = []
    broken = True

    def run(*command: str, hint: str) -> None:
        ran.append(command)
        if "venv" in command:
            python = environment.python_of(root / ".venv")
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        elif broken:
            raise SystemExit("broken off")

    monkeypatch.setattr(environment, "_run", run)
    with pytest.raises(SystemExit):
        environment.ensure("tried", root)
    broken = False
    environment.ensure("tried", root)
    done = len(ran)
    environment.ensure("tried", root)

    assert done == 5  # venv and pip broken off; then venv, pip, and the project itself
    assert len(ran) == done
