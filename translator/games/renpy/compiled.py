"""Compiled scripts (`.rpyc`, `.rpymc`): the text that they were made of, and the identifiers that the engine gave.

`renpy/script.py`: a file has the statements twice, as they were parsed (slot 1) and with dialogue put into blocks (slot
2), each a compressed pickle; files of Ren'Py 6.17 and older have one alone, without a header. Text comes of the first
through rpycdec, blocks with their identifiers of the second: these are what the engine looks up when it has no source.
"""

import importlib
import logging
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from translator.core.document import FormatError
from translator.formats.renpy_tl.say import Say
from translator.games.renpy.archives import LARGEST, unpacked
from translator.games.renpy.objects import Objects
from translator.games.renpy.pickles import PickleError, read_pickle
from translator.games.renpy.script import Block
from translator.games.renpy.skeleton import Present

_HEADER = b"RENPY RPC2"
_BACK = "\0"
"""What rpycdec puts before a line that is not to be indented."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A script out of its compiled file. blocks: as the engine made them; None where the file does not tell.

    lost: the lines of statements that could not be written as text.
    """

    text: str
    blocks: tuple[Block, ...] | None
    lost: tuple[int, ...] = ()


def recovered(blob: bytes) -> Recovered:
    """The script that a compiled file was made of; raises FormatError."""
    data = slots(blob)
    first = _statements(data[1] if 1 in data else data[2])
    restructured = _statements(data[2]) if 1 in data and 2 in data else first  # noqa: PLR2004
    blocks = tuple(_blocks(restructured))
    if restructured is first and blocks:
        _unwrap(first)
    text, lost = _text(first)
    known = bool(blocks) or 2 in data  # noqa: PLR2004
    return Recovered(text, blocks if known else None, lost)


def present(blob: bytes, language: str) -> Present:
    """What a compiled translation holds for a language; raises FormatError."""
    known = slots(blob)
    data = known[1] if 1 in known else known[2]
    if language.encode() not in data:  # most files are of other languages
        return Present()
    blocks: set[str] = set()
    strings: set[str] = set()
    for node in _walk(_statements(data)):
        if _attribute(node, "language") != language:
            continue
        kind = type(node).__name__
        if kind in ("Translate", "TranslateSay") and isinstance(found := _attribute(node, "identifier"), str):
            blocks.add(found.replace(".", "_"))
        elif kind == "TranslateString" and isinstance(found := _attribute(node, "old"), str):
            strings.add(found)
    return Present(frozenset(blocks), frozenset(strings))


def slots(blob: bytes) -> dict[int, bytes]:
    """The data of a file by slot, unpacked; raises FormatError."""
    if not blob.startswith(_HEADER):
        return {1: unpacked(blob, "the compiled script")}
    found: dict[int, bytes] = {}
    at = len(_HEADER)
    while True:
        if at + 12 > len(blob):
            raise FormatError("the list of its parts does not end", offset=at)
        slot, start, size = struct.unpack_from("<III", blob, at)
        if slot == 0:
            break
        if start + size > len(blob):
            raise FormatError(f"its part {slot} goes past its end", offset=at)
        if slot in (1, 2):
            found[slot] = unpacked(blob[start : start + size], f"its part {slot}")
        at += 12
    if not found:
        raise FormatError("it has no statements", offset=len(_HEADER))
    return found


def _statements(data: bytes) -> list[object]:
    try:
        found = read_pickle(data, Objects())
    except PickleError as error:
        raise FormatError(f"the statements cannot be read: {error} (byte {error.offset} of them)") from error
    if not isinstance(found, tuple) or len(cast("tuple[object, ...]", found)) != 2:  # noqa: PLR2004
        raise FormatError("it holds no statements of Ren'Py")
    statements = cast("tuple[object, object]", found)[1]
    if not isinstance(statements, list):
        raise FormatError("it holds no statements of Ren'Py")
    listed = cast("list[object]", statements)
    _measure(listed)
    return listed


def _measure(root: list[object]) -> None:
    """Raise FormatError where statements that stand in many places would be more text than a script can be."""
    sizes: dict[int, int] = {}
    stack: list[tuple[object, Iterator[object], int]] = [(root, iter(root), 1)]
    sizes[id(root)] = 0
    while stack:
        owner, parts, size = stack.pop()
        for part in parts:
            if isinstance(part, str):
                size += len(part) + 1
            elif id(part) in sizes:
                size += sizes[id(part)]
            elif (inner := _parts(part)) is not None:
                sizes[id(part)] = 0
                stack += [(owner, parts, size), (part, iter(inner), 1)]
                break
            else:
                size += 1
        else:
            sizes[id(owner)] = size
            if size > LARGEST:
                raise FormatError("its statements are more text than a script can be")
            if stack:
                above, rest, so_far = stack.pop()
                stack.append((above, rest, so_far + size))


def _parts(found: object) -> list[object] | None:
    """What an object holds; None for one that holds nothing."""
    if isinstance(found, (list, tuple, set)):
        return list(cast("list[object]", found))
    if isinstance(found, dict):
        pairs = cast("dict[object, object]", found)
        return [*pairs, *pairs.values()]
    if hasattr(found, "__dict__"):
        return list(vars(found).values())
    return None


def _attribute(node: object, name: str) -> object:
    return getattr(node, name, None)


def _walk(statements: list[object]) -> Iterator[object]:
    """All statements in the order of the script, each once; without recursion."""
    seen: set[int] = set()
    waiting = [iter(statements)]
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
        elif id(node) not in seen and hasattr(node, "__dict__"):
            seen.add(id(node))
            yield node
            waiting += [iter(block) for block in reversed(list(_inner(node)))]


def _inner(node: object) -> Iterator[list[object]]:
    """The blocks of a statement."""
    for name in ("block", "code_block"):
        found = _attribute(node, name)
        if isinstance(found, list):
            yield cast("list[object]", found)
    for name in ("entries", "items"):
        found = _attribute(node, name)
        for entry in cast("list[object]", found) if isinstance(found, list) else []:
            last = cast("tuple[object, ...]", entry)[-1] if isinstance(entry, tuple) and entry else None
            if isinstance(last, list):
                yield cast("list[object]", last)
    found = _attribute(node, "subparses")
    for part in cast("list[object]", found) if isinstance(found, list) else []:
        block = _attribute(part, "block")
        if isinstance(block, list):
            yield cast("list[object]", block)


def _blocks(statements: list[object]) -> Iterator[Block]:
    """The dialogue of the game's own language with the identifiers that the engine gave it."""
    for node in _walk(statements):
        kind = type(node).__name__
        if kind not in ("Translate", "TranslateSay") or _attribute(node, "language") is not None:
            continue
        identifier, alternate = _attribute(node, "identifier"), _attribute(node, "alternate")
        if not isinstance(identifier, str):
            continue
        held = [node] if kind == "TranslateSay" else _attribute(node, "block")
        inside = cast("list[object]", held) if isinstance(held, list) else []
        spoken = [one for one in inside if type(one).__name__ in ("Say", "TranslateSay")]
        codes = tuple(code for one in inside if (code := _code(one)))
        if codes:
            yield Block(
                _line(node),
                identifier.replace(".", "_"),
                alternate if isinstance(alternate, str) else None,
                codes,
                tuple(_text_of(one, "who") for one in spoken),
                silent=all(code == 'extend ""' for code in codes),
            )


def _unwrap(statements: list[object]) -> None:
    """Put the dialogue of a file of one slot back where it stood before the engine put it into blocks."""
    for listed in [statements, *(block for node in list(_walk(statements)) for block in _inner(node))]:
        bare: list[object] = []
        for one in listed:
            kind = type(one).__name__
            block = _attribute(one, "block")
            if kind == "Translate" and _attribute(one, "language") is None and isinstance(block, list):
                bare += cast("list[object]", block)
            elif kind != "EndTranslate":
                bare.append(one)
        listed[:] = bare


def _line(node: object) -> int:
    found = _attribute(node, "linenumber")
    return found if isinstance(found, int) else 0


def _text_of(node: object, name: str) -> str | None:
    found = _attribute(node, name)
    return "".join(found) if isinstance(found, str) and found else None  # not rpycdec's kind of text


def _code(node: object) -> str | None:
    """A statement of a block as the engine writes it."""
    kind = type(node).__name__
    if kind not in ("Say", "TranslateSay"):
        return _text_of(node, "line")
    what = _text_of(node, "what") or ""
    given = _attribute(node, "explicit_identifier")
    if given is None:
        given = kind == "Say"  # before 8.2, where a say statement has an identifier only if the script gives one
    said = Say(
        (0, 0),
        (what,),
        _text_of(node, "who"),
        _words(node, "attributes"),
        _words(node, "temporary_attributes"),
        _attribute(node, "interact") is None or bool(_attribute(node, "interact")),
        _text_of(node, "identifier") if given else None,
        arguments_of(_attribute(node, "arguments")),
        _text_of(node, "with_"),
    )
    return said.code(what)


def _words(node: object, name: str) -> tuple[str, ...]:
    found = _attribute(node, name)
    if not isinstance(found, (list, tuple)):
        return ()
    return tuple(word for word in cast("list[object]", found) if isinstance(word, str))


def arguments_of(found: object) -> str | None:
    """Arguments as `ArgumentInfo.get_code` of the engine writes them."""
    pairs = _attribute(found, "arguments")
    if not isinstance(pairs, list):
        return None
    listed = cast("list[tuple[object, object]]", pairs)  # as `Objects` leaves them
    return f"({', '.join(f'{value}' if keyword is None else f'{keyword}={value}' for keyword, value in listed)})"


def _text(statements: list[object]) -> tuple[str, tuple[int, ...]]:
    """The script's text, and the lines of those statements that rpycdec cannot write."""
    writer = importlib.import_module("renpy.util")
    write = cast("Callable[[list[object]], str]", writer.get_code)
    was = logging.root.manager.disable
    logging.disable(logging.WARNING)  # rpycdec tells its doubts to the root logger
    try:
        whole = _written(write, statements)
        if whole is not None:
            return whole, ()
        pieces = [(_line(one), _written(write, [one])) for one in statements]
    finally:
        logging.disable(was)
    return "\n".join(piece for _, piece in pieces if piece), tuple(line for line, piece in pieces if piece is None)


def _written(write: Callable[[list[object]], str], statements: list[object]) -> str | None:
    try:
        return write(statements).replace(_BACK, "") + "\n"
    except Exception:  # noqa: BLE001  another program's writer on data that it may not know: whatever it raises, the statement is lost
        return None
