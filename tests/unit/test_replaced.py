"""An upgrade under a running program is noticed once it is whole (issue 16)."""

from pathlib import Path

from repaircenter.assembly.replaced import Replaced


def test_another_program_in_its_place_is_noticed_once_it_lies_still(tmp_path: Path) -> None:
    program = tmp_path / "repaircenter"
    program.write_bytes(b"one")
    is_replaced = Replaced(program)
    assert not is_replaced() and not is_replaced()
    program.unlink()
    assert not is_replaced(), "in the middle of an upgrade"
    other = tmp_path / "other"
    other.write_bytes(b"another")
    other.rename(program)
    assert not is_replaced(), "maybe it is still being written"
    assert is_replaced() and is_replaced()


def test_a_program_that_grows_is_not_whole(tmp_path: Path) -> None:
    program = tmp_path / "repaircenter"
    program.write_bytes(b"one")
    is_replaced = Replaced(program)
    for size in range(5, 9):
        program.write_bytes(b"x" * size)
        assert not is_replaced()
    assert is_replaced()
