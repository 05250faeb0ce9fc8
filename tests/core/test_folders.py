"""Looking into folders: what cannot be read is not there."""

from pathlib import Path

from translator.core.folders import head_of, is_dir, is_file, names_in, text_of, upwards


def test_what_is_there_is_seen_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_bytes(b"")
    assert names_in(tmp_path) == ["a", "b"]
    assert (is_dir(tmp_path / "b"), is_file(tmp_path / "b")) == (True, False)
    assert (is_dir(tmp_path / "a"), is_file(tmp_path / "a")) == (False, True)


def test_what_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    # A name that no file system takes: asking for it raises OSError.
    impossible = tmp_path / ("x" * 5000)
    assert names_in(impossible) == []
    assert not is_dir(impossible)
    assert not is_file(impossible)
    assert (head_of(impossible, 9), text_of(impossible)) == (b"", "")


def test_the_beginning_of_a_file_and_its_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("あ\n".encode() + b"\xff")
    assert head_of(tmp_path / "a", 2) == b"\xe3\x81"
    assert text_of(tmp_path / "a") == "あ\n\ufffd"


def test_the_folders_above_a_path(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a").write_bytes(b"")
    assert upwards(tmp_path / "b" / "a", 2) == upwards(tmp_path / "b", 2) == (tmp_path / "b", tmp_path)
    assert upwards(tmp_path / "b", 1) == (tmp_path / "b",)
