"""Making small LCF files from nothing, for the samples and the tests."""

from collections.abc import Mapping

from translator.formats.rpgmaker_lcf.ber import write_number
from translator.formats.rpgmaker_lcf.tree import FileKind


def chunk(number: int, content: bytes) -> bytes:
    """A chunk: its id, the size of its content, and that."""
    return write_number(number) + write_number(len(content)) + content


def sized(number: int, content: bytes) -> bytes:
    """A chunk with another one before it that tells its size (event commands, move commands)."""
    return chunk(number, write_number(len(content))) + chunk(number + 1, content)


def struct(*chunks: bytes) -> bytes:
    """A structure: its chunks and an id of 0."""
    return b"".join(chunks) + b"\0"


def things(structures: Mapping[int, bytes]) -> bytes:
    """A list of structures by their ids."""
    listed = [write_number(number) + structure for number, structure in structures.items()]
    return write_number(len(listed)) + b"".join(listed)


def command(code: int, text: bytes = b"", *parameters: int, indent: int = 0) -> bytes:
    """An event command."""
    numbers = (write_number(number) for number in (len(parameters), *parameters))
    return write_number(code) + write_number(indent) + write_number(len(text)) + text + b"".join(numbers)


def commands(*listed: bytes) -> bytes:
    """A list of event commands."""
    return b"".join(listed) + bytes(4)


def database(*chunks: bytes) -> bytes:
    """RPG_RT.ldb; the engine does not read it with an id of 0 at its end (liblcf's `conditional_zero_writer`)."""
    return _headed(FileKind.DATABASE, b"".join(chunks))


def game_map(pages: Mapping[int, Mapping[int, bytes]], *chunks: bytes) -> bytes:
    """A map: the event commands by event and page, and what else there is before the events."""
    events = {
        event: struct(chunk(0x05, things({page: struct(sized(0x33, listed)) for page, listed in of.items()})))
        for event, of in pages.items()
    }
    return _headed(FileKind.MAP, struct(*chunks, chunk(0x51, things(events))))


def map_tree(names: Mapping[int, bytes], order: tuple[int, ...]) -> bytes:
    """RPG_RT.lmt: the maps' names, their order, the map that the editor has open, and where the game starts."""
    maps = things({number: struct(chunk(0x01, name)) for number, name in names.items()})
    listed = b"".join(map(write_number, (len(order), *order, order[0] if order else 0)))
    return _headed(FileKind.TREE, maps + listed + struct(chunk(0x01, write_number(order[-1] if order else 1))))


def _headed(kind: FileKind, content: bytes) -> bytes:
    name = kind.value.encode("ascii")
    return write_number(len(name)) + name + content
