import hashlib
import os
from pathlib import Path

import pytest

from translator.backends.filehash import known_sha256, sha256_of, write_whole


def test_a_digest_is_that_of_the_content_and_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, notes = tmp_path / "a.gguf", tmp_path / "cache" / "notes.json"
    file.write_bytes(b"one")
    assert known_sha256(file, notes) == hashlib.sha256(b"one").hexdigest() == sha256_of(file)
    before = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert known_sha256(file, notes) == hashlib.sha256(b"one").hexdigest()  # read from the notes: nothing tells
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert known_sha256(file, notes) == hashlib.sha256(b"two").hexdigest()
    assert notes.read_text(encoding="utf-8").count(str(file)) == 1


@pytest.mark.parametrize("content", ["", "{", "[1]", "{}"])
def test_notes_that_are_damaged_only_cost_the_hashing(tmp_path: Path, content: str) -> None:
    file, notes = tmp_path / "a.gguf", tmp_path / "notes.json"
    file.write_bytes(b"one")
    notes.write_text(content, encoding="utf-8")
    assert known_sha256(file, notes) == hashlib.sha256(b"one").hexdigest()


def test_progress_ends_at_the_files_size(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(bytes(9_000_000))
    seen: list[tuple[int, int]] = []
    sha256_of(file, told=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (9_000_000, 9_000_000)
    assert len(seen) > 1


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x" / "whole"

    def fail(file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(path, fail)
    assert list(path.parent.iterdir()) == []
    write_whole(path, lambda file: file.write_bytes(b"all"))
    assert path.read_bytes() == b"all"
    assert [entry.name for entry in path.parent.iterdir()] == ["whole"]
