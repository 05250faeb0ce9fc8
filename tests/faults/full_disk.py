"""A job whose disk fills up in the middle: `unshare -Urm python full_disk.py DISK BOOK DB OUT HOST LOG`.

Mounts a small disk of its own at DISK, which nobody else sees and which is gone with this process; the database DB or
the output OUT is on it. Fills the disk once something is stored, lets the run end, makes room, and runs the program
again. Prints what it saw as JSON.
"""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from translator.core.work import State
from translator.store.rows import STATE_NUMBERS

QUESTIONS = {
    "stored": f"SELECT source FROM units WHERE state = {STATE_NUMBERS[State.TRANSLATED]}",  # noqa: S608 - a number
    "pending": f"SELECT id FROM units WHERE state = {STATE_NUMBERS[State.PENDING]}",  # noqa: S608 - a number
}


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """What the database answers; nothing where it is not made yet."""
    if not db.exists():
        return []
    with closing(sqlite3.connect(db, timeout=30)) as connection:
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return []


def fill(path: Path) -> None:
    """Write until the disk is full."""
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        return


def files(folder: Path) -> dict[str, str]:
    """The files of a folder by their names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("**/*")) if path.is_file()}


def main() -> None:
    """Do it."""
    disk, book, db, out = (Path(word) for word in sys.argv[1:5])
    host, log = sys.argv[5:7]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(disk)], check=True)
    filler = disk / "filler"
    words = ["--host", host, "--model", "sakura", "--db", str(db), "--out", str(out), "--json", "--quiet"]
    command = [sys.executable, "-m", "translator.cli", "novel", str(book), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not rows(db, "SELECT 1 FROM memory") and process.poll() is None:
        time.sleep(0.02)
    fill(filler)
    said, err = process.communicate(timeout=30)
    full: dict[str, object] = {"status": process.returncode, "out": said, "err": err, "files": files(out)}
    filler.unlink()
    full["integrity"] = rows(db, "PRAGMA integrity_check")[0][0]
    full["pending"] = len(rows(db, QUESTIONS["pending"]))
    stored = [source for (source,) in rows(db, QUESTIONS["stored"])]
    served = len(Path(log).read_text(encoding="utf-8").splitlines())
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    last = {
        "status": done.returncode,
        "out": done.stdout,
        "err": done.stderr,
        "files": files(out),
        "integrity": rows(db, "PRAGMA integrity_check")[0][0],
        "pending": len(rows(db, QUESTIONS["pending"])),
    }
    print(json.dumps({"full": full, "last": last, "stored": stored, "served": served}))  # noqa: T201 - for the test


if __name__ == "__main__":
    main()
