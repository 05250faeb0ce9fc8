"""Which files a translation has, and what goes into each: every block and string of the game once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from translator.core.document import FormatError
from translator.games.renpy.folder import reading_order, translation_path
from translator.games.renpy.script import Block
from translator.games.renpy.skeleton import Listed, Present, completed
from translator.games.renpy.sources import COMMON, Game, Source

ADDED = "_added"
"""What the name of a file has that goes along with a compiled one of the translation. The engine would load a file of
the same name in place of the compiled one, or beside it if that is in an archive; and it ends at a string that it is
given twice."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the translation: its path, its script (None: only what stands there is read), what it must hold.

    beside: scripts that have no file of their own; what is held back of them is told with this one.
    """

    target: PurePosixPath
    source: Source | None = None
    blocks: tuple[Block, ...] = ()
    strings: tuple[Listed, ...] = ()
    beside: tuple[Source, ...] = ()


def plan(game: Game, language: str) -> list[Part]:
    """The files of a translation, in the order in which a player meets their texts; none without any."""
    parts = list(_parts(game, language))
    own = {part.source.path for part in parts if part.source is not None}
    beside = tuple(source for source in game.sources if source.path not in own)
    return [*(replace(part, beside=beside) for part in parts[:1]), *parts[1:]]


def _parts(game: Game, language: str) -> Iterator[Part]:
    blocks_in = {name: path for path, there in game.present.items() for name in there.blocks}
    strings_in = {text: path for path, there in game.present.items() for text in there.strings}
    by_path = {source.path: source for source in game.sources}
    done: set[PurePosixPath] = set()
    for path in [*reading_order(list(by_path)), COMMON]:
        source = by_path.get(path, Source(path))
        target = translation_path(path, language)
        if target in game.compiled:
            target = target.with_name(f"{target.stem}{ADDED}.rpy")
        if target in done:
            continue  # `a.rpy` beside `a.rpym`: the second one's texts are few, and the engine mixes them too
        blocks = tuple(block for block in source.blocks if _lacks(block, blocks_in, target))
        listed = game.listed.get(path, ())
        strings = tuple(one for one in listed if strings_in.get(one.text, target) == target)
        if blocks or strings or source.failed or target in game.present:
            done.add(target)
            yield Part(target, source, blocks, strings)
    for path in sorted(set(game.present) - game.compiled - done):
        yield Part(path)
    for path, origin, reason in game.unread:
        yield Part(path, Source(path, failed=(reason, None), origin=origin))


def _lacks(block: Block, there: dict[str, PurePosixPath], target: PurePosixPath) -> bool:
    """Whether a block belongs into its own file: no other one has it, and it says something."""
    names = [block.identifier, *((block.alternate,) if block.alternate else ())]
    return not block.silent and all(there.get(name, target) == target for name in names)


def made(root: Path, part: Part, language: str) -> bytes:
    """The bytes of a file: what stands there now, completed. Raises FormatError and OSError."""
    source = part.source
    if source is not None and source.failed:
        reason, offset = source.failed
        raise FormatError(f"{source.origin or source.path}: {reason}", offset=offset)
    path = root / part.target
    there = path.read_bytes() if path.is_file() else None
    name = "" if source is None else source.path.as_posix()
    return completed(there, language, name, part.blocks, part.strings)


def options_of(game: Game, part: Part, language: str) -> dict[str, str]:
    """The settings of the format that are known from the scripts: what concerns this file of them."""
    there = game.present.get(part.target, Present())
    texts = {one.text for one in part.strings} | there.strings
    source = part.source
    whos = None if source is None else {who for block in source.blocks for who in block.whos}
    sources = (*(() if source is None else (source,)), *part.beside)
    rows = [[f"{each.path.as_posix()}:{one.line}", one.text, one.reason] for each in sources for one in each.held]
    return {
        "language": language,
        "speakers": _json({who: name for who, name in game.speakers.items() if whos is None or who in whos}),
        "names": _json(dict.fromkeys(sorted(game.names & texts), "")),
        "choices": _json({text: label for text, label in game.choices.items() if text in texts}),
        "held_back": _json(rows),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def stale(game: Game, language: str) -> Iterator[str]:
    """The blocks of an existing translation that no line of the scripts has any more, as `file: identifier`."""
    if any(source.failed for source in game.sources):
        return
    known: set[str] = set()
    for source in game.sources:
        for block in source.blocks:
            known |= {block.identifier, *((block.alternate.replace(".", "_"),) if block.alternate else ())}
    for path, there in sorted(game.present.items()):
        inside = path.relative_to(PurePosixPath("game", "tl", language)) if _in(path, language) else path
        yield from (f"{inside}: {name}" for name in sorted(there.blocks - known))


def _in(path: PurePosixPath, language: str) -> bool:
    return path.is_relative_to(PurePosixPath("game", "tl", language))
