"""What names a model file's content."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from translator.core.jsonvalue import as_object, get_str

_BLOCK = 4 * 1024 * 1024

Told = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""


def sha256_of(path: Path, *, told: Told | None = None) -> str:
    """The SHA-256 of a file's content, in hexadecimal. Raises OSError."""
    total = path.stat().st_size
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            if told is not None:
                told(done, total)
    return digest.hexdigest()


def known_sha256(path: Path, notes: Path) -> str:
    """The SHA-256 of a large file, hashed once: `notes` remembers it for as long as size and time stay the same.

    Notes that cannot be read or written only cost the hashing. Raises OSError where the file cannot be read.
    """
    whole = path.resolve()
    facts = whole.stat()
    key = f"{whole}|{facts.st_size}|{facts.st_mtime_ns}"
    known = _read(notes)
    found = get_str(known, key)
    if found:
        return found
    digest = sha256_of(whole)
    _write(notes, {**{k: v for k, v in known.items() if k.partition("|")[0] != str(whole)}, key: digest})
    return digest


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in its place in one step. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _read(notes: Path) -> dict[str, object]:
    try:
        return as_object(json.loads(notes.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(notes: Path, known: dict[str, object]) -> None:
    try:
        write_whole(notes, lambda file: file.write_text(json.dumps(known), encoding="utf-8"))
    except OSError:
        return  # a read-only cache folder: the next start hashes again
