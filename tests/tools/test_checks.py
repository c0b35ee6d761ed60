import sys

from tools.checks import run


def command(code):
    return (sys.executable, "-c", code)


GOOD, BAD = command("print('all is well')"), command("print('it broke'); raise SystemExit(1)")


def test_all_is_well_where_every_command_ends_well(capfd):
    assert run({"style": GOOD, "types": GOOD}, GOOD) == []
    assert capfd.readouterr().out == "all is well\n"


def test_a_check_that_fails_is_shown_whole_and_the_others_run_all_the_same(capfd):
    failed = run({"style": BAD, "types": command("raise SystemExit(3)"), "layers": GOOD}, GOOD)

    out = capfd.readouterr().out
    assert failed == ["style", "types"]
    assert "all is well\n" in out
    assert "style failed:\nit broke\n" in out


def test_tests_that_fail_are_a_failure(capfd):
    assert run({"style": GOOD}, BAD) == ["tests"]
