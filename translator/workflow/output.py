"""Where a job's result goes, and how it gets there without ever harming what is there."""

import contextlib
import glob
import hashlib
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from translator.workflow.errors import InputError, UsageError
from translator.workflow.inputs import Source
from translator.workflow.options import Kind, OutputOptions
from translator.workflow.paths import reason

_UNFINISHED = re.compile(r"\.translate-(?:[0-9a-f]{16}|[0-9a-z_]{8})")
"""The names of files that are being written, now and in earlier versions."""

_BEING_WRITTEN = 10.0
"""Seconds since its last change after which nobody is about to finish such a file."""

_RACES = 20
"""How often the folder of a new file is made again when it goes away in the same moment."""


@dataclass(frozen=True, slots=True)
class Target:
    """The place of the output: a folder that keeps the input's paths, or one file."""

    path: Path
    folder: bool
    in_place: bool = False
    copy: bool = False

    def place(self, relative: PurePosixPath) -> Path:
        """Where the input's file of that path is written."""
        return self.path / Path(relative) if self.folder else self.path


def choose_target(source: Source, options: OutputOptions, language: str) -> Target:
    """The output's place: named by --out, the input itself for --in-place, else a sibling of the input.

    Raises UsageError when the options contradict each other or the output would lie inside the input.
    """
    if options.in_place:
        if options.out is not None or options.copy:
            raise UsageError("--in-place changes the input itself; it goes with neither --out nor --copy")
        return Target(source.path if source.single else source.root, folder=not source.single, in_place=True)
    if options.copy and source.kind is not Kind.GAME:
        raise UsageError("--copy makes a whole copy of a game; books and subtitles are always written whole")
    if source.single:
        return Target(_single_target(source.path, options.out, language), folder=False)
    path = source.beside.parent / f"{source.beside.name}.{language}" if options.out is None else _absolute(options.out)
    resolved, root = _resolved(path), _resolved(source.beside)
    if resolved == root or root in resolved.parents or resolved in root.parents:
        raise UsageError(
            f"{path}: the output would mix with the input {source.beside}",
            hint="Name a folder outside of it with --out, or use --in-place.",
        )
    return Target(path, folder=True, copy=options.copy)


def _single_target(path: Path, out: Path | None, language: str) -> Path:
    name = f"{path.stem}.{language}{path.suffix}"
    if out is None:
        return path.with_name(name)
    out = _absolute(out)
    if out.is_dir() or out.suffix.lower() != path.suffix.lower():
        return out / name
    if _resolved(out) == _resolved(path):
        raise UsageError(f"{out}: the output would be the input", hint="Use --in-place to change the input itself.")
    return out


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:  # Python 3.11 and 3.12 raise this for a link that leads to itself
        raise InputError(f"{path}: its links lead in a circle", hint="Name another place with --out.") from error


def check_writable(target: Target) -> None:
    """Make the output's folder and a file in it, and remove the file: better now than after a night's work.

    Raises InputError when that fails.
    """
    folder = target.path if target.folder else target.path.parent
    try:
        new = [above for above in (folder, *folder.parents) if not above.exists()]
        with _in_folder(folder, lambda: tempfile.TemporaryFile(dir=folder)):
            pass
    except OSError as error:
        raise InputError(
            f"{folder}: cannot write there: {reason(error)}", hint="Choose another place with --out."
        ) from (error)
    with contextlib.suppress(OSError):  # another run writes there already, or was the first to take it away
        for above in new:
            above.rmdir()


def _in_folder(folder: Path, create: Callable[[], IO[bytes]]) -> IO[bytes]:
    """A new file in a folder, which is made first.

    A run that begins at the same time may take the folder away while it is empty: then it is made again.
    """
    for _ in range(_RACES):
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            folder.mkdir(parents=True, exist_ok=True)
            return create()
    folder.mkdir(parents=True, exist_ok=True)
    return create()


def digest(blob: bytes) -> str:
    """Names a file's content: 32 hexadecimal digits."""
    return hashlib.blake2b(blob, digest_size=16).hexdigest()


def existing(place: Path) -> bytes | None:
    """What stands at a place of the output, None if nothing. Raises InputError."""
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"{place}: {reason(error)}") from error


def write_file(place: Path, blob: bytes, *, durable: bool = False) -> None:
    """Put a file at its place at once or not at all: written beside it, read back, compared, renamed.

    durable: wait until the disk has it. Raises InputError.
    """
    write_pieces(place, (blob,), durable=durable)


def write_pieces(place: Path, pieces: Iterable[bytes], *, durable: bool = False) -> None:
    """As `write_file`, for a file that is made piece by piece and never in memory as a whole."""
    # The name is known before there is a file: an interrupt at any moment after that finds what to remove.
    temporary = _beside(place)
    try:
        try:
            with _in_folder(place.parent, lambda: temporary.open("xb")) as stream:
                written = hashlib.blake2b()
                for piece in pieces:
                    stream.write(piece)
                    written.update(piece)
                if durable:
                    stream.flush()
                    os.fsync(stream.fileno())
            _compare(temporary, written.digest(), place)
            _like(place, temporary)
            temporary.replace(place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"{place}: cannot write it: {reason(error)}",
            hint="Everything translated is stored; make room or choose another place with --out, and run it again.",
        ) from error


def _beside(place: Path) -> Path:
    """Where a file is written before it goes to its place."""
    return place.with_name(f".translate-{secrets.token_hex(8)}")


def sweep(source: Source, target: Target) -> None:
    """Remove what runs that were killed while they wrote have left in the output.

    Beside a single file, what was changed just now stays: other jobs may be writing into the same folder.
    """
    youngest = time.time() - (0.0 if target.folder else _BEING_WRITTEN)
    places = (target.place(file.path) for file in source.files)
    folders = {(place.resolve() if target.in_place else place).parent for place in places}
    if target.folder:
        folders.add(target.path)  # a notice stands there
    if target.copy:
        folders.update(Path(folder) for folder, _, _ in os.walk(target.path))
    for folder in folders:
        # One that is not there yet, or that cannot be looked into or changed: writing says so, if it matters.
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            left = [
                Path(entry.path) for entry in entries if _UNFINISHED.fullmatch(entry.name) and _is_left(entry, youngest)
            ]
            for path in left:
                path.unlink(missing_ok=True)


def _is_left(entry: "os.DirEntry[str]", youngest: float) -> bool:
    found = entry.stat(follow_symlinks=False)
    return stat.S_ISREG(found.st_mode) and found.st_mtime <= youngest


def remove_file(place: Path) -> None:
    """Take a file away, and its folder if that is empty then. Raises InputError."""
    try:
        place.unlink()
    except OSError as error:
        raise InputError(f"{place}: cannot take it away: {reason(error)}") from error
    with contextlib.suppress(OSError):  # there are others in it
        place.parent.rmdir()


def _compare(temporary: Path, written: bytes, place: Path) -> None:
    with temporary.open("rb") as stream:
        found = hashlib.file_digest(stream, "blake2b").digest()
    if found != written:
        raise InputError(f"{place}: the disk gave back other bytes than were written", hint="Check the disk.")


def _like(place: Path, temporary: Path) -> None:
    """Give the new file the rights of the one it replaces, else those that a new file usually gets."""
    if place.exists():
        shutil.copymode(place, temporary)
        return
    mask = os.umask(0)
    os.umask(mask)
    temporary.chmod(0o666 & ~mask)


@dataclass(frozen=True, slots=True)
class Backups:
    """The originals that --in-place keeps, in dated folders (for a single file: files) beside the input.

    of: the input. today: where this run puts what is in none of them.
    """

    of: Path
    today: Target

    @classmethod
    def beside(cls, source: Source, now: datetime) -> "Backups":
        """Those of an input; `now` dates what this run keeps."""
        path = source.beside.with_name(f"{source.beside.name}.backup-{now:%Y%m%d-%H%M%S}")
        return cls(source.beside, Target(path, folder=not source.single))

    def find(self, relative: PurePosixPath, name: str) -> bytes | None:
        """The kept version of a file that has this digest, None if there is none. Raises InputError."""
        for kept in sorted(self.of.parent.glob(f"{glob.escape(self.of.name)}.backup-*"), reverse=True):
            blob = existing(Target(kept, folder=self.today.folder).place(relative))
            if blob is not None and digest(blob) == name:
                return blob
        return None

    def keep(self, relative: PurePosixPath, blob: bytes) -> None:
        """Keep this version of a file, if it is not kept yet. Raises InputError."""
        if self.find(relative, digest(blob)) is not None:
            return
        folder, number = self.today, 1
        while os.path.lexists(folder.place(relative)):  # another version, kept in this very second
            number += 1
            folder = Target(self.today.path.with_name(f"{self.today.path.name}-{number}"), folder=self.today.folder)
        write_file(folder.place(relative), blob, durable=True)


def copy_game(source: Source, target: Target) -> Iterator[int]:
    """Fill the output with the rest of the game; yields the number of files done so far.

    Files are cloned or hard-linked where the file system can; links share their bytes with the input, which is safe
    because this program replaces files and never writes into them. What the game itself writes (saves, settings) is
    copied. Files that are there already stay.
    """
    done = 0
    above: dict[Path, set[Path]] = {source.beside: {_resolved(source.beside)}}
    for name_, folders, names in os.walk(source.beside, followlinks=True):
        folder = Path(name_)
        lineage = above.pop(folder)
        # Linked folders become real ones, but for links that lead back to where they lie.
        inside = {folder / name: _resolved(folder / name) for name in folders}
        folders[:] = sorted(path.name for path, real in inside.items() if real not in lineage)
        above |= {folder / name: lineage | {inside[folder / name]} for name in folders}
        relative = folder.relative_to(source.root)
        try:
            (target.path / relative).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{target.path / relative}: cannot make it: {reason(error)}") from error
        written_by_game = any(part.lower() in {"save", "saves", "savedata"} for part in relative.parts)
        for name in sorted(names):
            place = target.path / relative / name
            if not os.path.lexists(place):
                _copy_one(folder / name, place, share=not written_by_game)
            done += 1
            yield done


def _copy_one(origin: Path, place: Path, *, share: bool) -> None:
    temporary = _beside(place)
    try:
        if not origin.is_file():
            return  # a pipe, or a link to nothing
        origin = origin.resolve()  # a copy of a link could lead elsewhere, or into the input
        try:
            if not share or not _clone(origin, temporary):
                if share:
                    with contextlib.suppress(OSError):  # another disk, or a file system without links: copied below
                        os.link(origin, place)
                        return
                shutil.copy2(origin, temporary)
            # A copy that was cut off must not stand at the place: the next run would take it for a whole one.
            temporary.replace(place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{place}: cannot copy {origin.name}: {reason(error)}") from error


def _clone(origin: Path, place: Path) -> bool:
    """Whether the file system made a copy that shares its blocks until one of the two changes."""
    try:
        import fcntl  # noqa: PLC0415 - only Unix has it
    except ImportError:
        return False
    ficlone = 0x40049409  # Linux's FICLONE, include/uapi/linux/fs.h
    try:
        with origin.open("rb") as reading, place.open("wb") as writing:
            fcntl.ioctl(writing.fileno(), ficlone, reading.fileno())
    except OSError:
        place.unlink(missing_ok=True)
        return False
    shutil.copystat(origin, place)
    return True
