"""The installer of the npm packages, with npm itself replaced except where it says otherwise."""

import json
import shutil
import subprocess
import threading

import pytest

from tools.node import MANIFESTS, PRISM, InstallFailed, environment, install, node, npm, npm_ci


class Npm:
    """Installs one file, and can be told to fail half-way."""

    def __init__(self, failures=0):
        self.failures = failures
        self.folders = []

    def __call__(self, folder):
        assert {each.name for each in folder.iterdir()} == set(MANIFESTS)
        self.folders.append(folder)
        modules = folder / "node_modules"
        modules.mkdir()
        if len(self.folders) <= self.failures:
            raise InstallFailed("half-way")
        (modules / "lock").write_bytes((folder / "package-lock.json").read_bytes())


@pytest.fixture
def folder(tmp_path):
    for name in MANIFESTS:
        (tmp_path / name).write_text(name)
    return tmp_path


def remains(folder):
    return [each.name for each in (folder / "node_modules").iterdir()]


def test_installs_once(folder):
    npm = Npm()
    first = install(folder, run=npm)
    assert install(folder, run=npm) == first
    assert (first / "lock").read_text() == "package-lock.json"
    assert len(npm.folders) == 1


@pytest.mark.parametrize("name", MANIFESTS)
def test_installs_again_when_the_lock_or_the_package_changed(folder, name):
    npm = Npm()
    before = install(folder, run=npm)
    (folder / name).write_text("changed")
    after = install(folder, run=npm)
    assert after != before
    assert (before / "lock").read_text() == "package-lock.json"  # a running server keeps its files
    assert (after / "lock").read_text() == (folder / "package-lock.json").read_text()


def test_an_interrupted_installation_leaves_nothing_and_is_redone(folder):
    npm = Npm(failures=1)
    with pytest.raises(InstallFailed):
        install(folder, run=npm)
    assert remains(folder) == []
    assert (install(folder, run=npm) / "lock").is_file()


def test_what_a_killed_installation_left_behind_is_not_taken_for_one(folder):
    npm = Npm()
    half = folder / "node_modules" / "installing-killed" / "draft" / "node_modules"
    half.mkdir(parents=True)
    assert (install(folder, run=npm) / "lock").is_file()
    assert len(npm.folders) == 1


def test_two_at_once_both_end_with_a_whole_installation(folder):
    both_inside = threading.Barrier(2, timeout=30)
    npm = Npm()
    results = []

    def run(draft):
        npm(draft)
        both_inside.wait()

    threads = [
        threading.Thread(target=lambda: results.append(install(folder, run=run))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(npm.folders) == 2
    assert len(results) == 2
    assert results[0] == results[1]
    assert (results[0] / "lock").is_file()
    assert remains(folder) == [results[0].parent.name]


def test_a_failure_that_is_not_a_lost_race_is_not_hidden(folder):
    with pytest.raises(FileNotFoundError):
        install(folder, run=shutil.rmtree)


def test_npms_own_words_are_in_the_error(folder):
    (folder / "package.json").write_text("no JSON")
    with pytest.raises(InstallFailed, match=r"package\.json"):
        install(folder, run=npm_ci)


def test_the_program_is_node_itself_and_not_a_wrapper():
    with node().open("rb") as program:
        assert program.read(2) != b"#!"
    version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v")
    assert npm().name == "npm-cli.js"


def test_settings_that_change_node_are_not_passed_on(monkeypatch):
    monkeypatch.setenv("NODE_ENV", "production")
    monkeypatch.setenv("NODE_OPTIONS", "--inspect")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "ca.pem")
    assert environment()["NODE_EXTRA_CA_CERTS"] == "ca.pem"
    assert not {"NODE_ENV", "NODE_OPTIONS"} & set(environment())


def test_prism_is_pinned_and_its_lock_names_contents_and_no_addresses():
    package = json.loads((PRISM / "package.json").read_text())
    lock = json.loads((PRISM / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    prism = packages["node_modules/@stoplight/prism-cli"]
    assert package["dependencies"] == {"@stoplight/prism-cli": prism["version"]}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())
