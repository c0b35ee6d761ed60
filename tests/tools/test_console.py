"""A command shows texts that do no harm, and leaves with its exit code."""

import pytest

from tools.console import leave, one_line, shown


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_command_leaves_with_its_exit_code(code):
    with pytest.raises(SystemExit) as left:
        leave(lambda: code)
    assert left.value.code == code


def test_an_unexpected_error_is_no_finding(capsys):
    with pytest.raises(SystemExit) as left:
        leave(lambda: [][0])
    assert left.value.code == 2
    assert "IndexError" in capsys.readouterr().err


def test_what_a_terminal_would_act_upon_is_shown_or_left_out():
    assert shown("a\x1b[2J\nß") == "a\\x1b[2J\\nß"
    assert one_line(" a\x1b[2J\nb\u202e ß ") == "a [2J b ß"
