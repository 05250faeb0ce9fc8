"""Python's pickles, read without Python's unpickler: what a file names is never called, whatever it asks for.

Opcodes of the protocols 0 to 5 as `pickletools` describes them. A pickle is a program, and one that names `os.system`
runs it when it is unpickled; so here a name is only a name (`Named`), and the reader's owner makes the few kinds of
objects that it knows (`Maker`). Strings of Python 2 are UTF-8. Every size is compared with what is left of the file
before it is used, the memo is a dictionary, and the objects of a pickle are counted.
"""

import struct
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol, cast

MOST = 8_000_000
"""Objects that a pickle may hold: a script has about one for six bytes."""
_MARK = object()
_STOP = ord(".")


class PickleError(ValueError):
    """A pickle that cannot be read; `offset` is where, in bytes from its start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Named:
    """A class or function that a pickle names."""

    module: str
    name: str


class Maker(Protocol):
    """Makes the objects of a pickle; raises ValueError or TypeError for what it does not make."""

    def make(self, named: Named, arguments: tuple[object, ...]) -> object:
        """An object of a class, or what a function gives."""
        ...

    def fill(self, made: object, state: object) -> None:
        """Give an object its state."""
        ...

    def value(self, named: Named) -> object:
        """What stands where a class or function is itself a value."""
        ...


def read_pickle(blob: bytes, maker: Maker, *, text: bool = True) -> object:
    """The object that a pickle holds; raises PickleError. text: strings of Python 2 are text, else bytes."""
    reader = _Reader(blob, maker, text=text)
    try:
        return reader.read()
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError, struct.error) as error:
        if isinstance(error, PickleError):
            raise
        raise PickleError(f"damaged data ({type(error).__name__}: {error})", reader.position) from error


class _Reader:
    """One pass over a pickle, with a stack as its protocol has it."""

    def __init__(self, blob: bytes, maker: Maker, *, text: bool) -> None:
        self.blob = blob
        self.position = 0
        self._maker = maker
        self._text = text
        self._stack: list[object] = []
        self._memo: dict[int, object] = {}
        self._made = 0

    def read(self) -> object:
        handlers = _HANDLERS
        while True:
            code = self.blob[self.position]
            self.position += 1
            if code == _STOP:
                return self._value(self._stack.pop())
            self._made += 1
            if self._made > MOST:
                raise PickleError("more objects than a script has", self.position)
            handlers[code](self)

    def _take(self, size: int) -> bytes:
        end = self.position + size
        if size < 0 or end > len(self.blob):
            raise PickleError("a size goes past the end", self.position)
        piece = self.blob[self.position : end]
        self.position = end
        return piece

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def _line(self) -> bytes:
        end = self.blob.index(b"\n", self.position)
        piece = self.blob[self.position : end]
        self.position = end + 1
        return piece

    def _marked(self, *, names: bool = False) -> list[object]:
        """All that stands on the stack above the last mark; names: with names as they are."""
        stack = self._stack
        at = len(stack) - 1
        while stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise PickleError("no mark", self.position)
        found = stack[at + 1 :] if names else [self._value(one) for one in stack[at + 1 :]]
        del stack[at:]
        return found

    def _pop(self) -> object:
        return self._value(self._stack.pop())

    def _value(self, found: object) -> object:
        if found is _MARK:
            raise PickleError("a mark where a value belongs", self.position)
        return self._maker.value(found) if isinstance(found, Named) else found

    def _name(self, found: object) -> Named:
        if not isinstance(found, Named):
            raise PickleError("something is called that is no class", self.position)
        return found

    def push(self, value: object) -> None:
        self._stack.append(value)

    def push_line_number(self) -> None:
        line = self._line()
        self.push(line == b"01" if line in (b"00", b"01") else int(line.rstrip(b"L")))

    def push_line_float(self) -> None:
        self.push(float(self._line()))

    def push_line_string(self) -> None:
        line = self._line().strip()
        if line[:1] not in (b"'", b'"') or line[-1:] != line[:1]:
            raise PickleError("a string without quotes", self.position)
        self.push(self._old(line[1:-1].decode("unicode_escape").encode("latin-1")))

    def push_line_text(self) -> None:
        self.push(self._line().decode("raw-unicode-escape"))

    def push_old(self, size: int) -> None:
        self.push(self._old(self._take(self._number(size))))

    def _old(self, piece: bytes) -> object:
        return piece.decode("utf-8", "surrogateescape") if self._text else piece

    def push_text(self, size: int) -> None:
        self.push(self._take(self._number(size)).decode("utf-8", "surrogatepass"))

    def push_bytes(self, size: int) -> None:
        self.push(self._take(self._number(size)))

    def push_long(self, size: int) -> None:
        self.push(int.from_bytes(self._take(self._number(size)), "little", signed=True))

    def push_unsigned(self, size: int) -> None:
        self.push(self._number(size))

    def push_signed(self) -> None:
        self.push(int.from_bytes(self._take(4), "little", signed=True))

    def push_float(self) -> None:
        self.push(struct.unpack(">d", self._take(8))[0])

    def pop(self) -> None:
        self._stack.pop()

    def pop_marked(self) -> None:
        self._marked()

    def duplicate(self) -> None:
        self._stack.append(self._stack[-1])

    def push_tuple(self, size: int) -> None:
        parts = [self._pop() for _ in range(size)]
        self.push(tuple(reversed(parts)))

    def push_marked(self, make: Callable[[list[object]], object]) -> None:
        self.push(make(self._marked()))

    def append(self) -> None:
        value = self._pop()
        _list(self._stack[-1]).append(value)

    def extend(self) -> None:
        values = self._marked()
        _list(self._stack[-1]).extend(values)

    def set_item(self) -> None:
        value, key = self._pop(), self._pop()
        _dict(self._stack[-1])[_key(key)] = value

    def set_items(self) -> None:
        values = self._marked()
        _dict(self._stack[-1]).update(_pairs(values))

    def add_items(self) -> None:
        values = self._marked()
        _set(self._stack[-1]).update(map(_key, values))

    def remember(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def recall(self, index: int) -> None:
        self._stack.append(self._memo[index])

    def remember_line(self) -> None:
        self.remember(int(self._line()))

    def recall_line(self) -> None:
        self.recall(int(self._line()))

    def remember_number(self, size: int) -> None:
        self.remember(self._number(size))

    def recall_number(self, size: int) -> None:
        self.recall(self._number(size))

    def remember_next(self) -> None:
        self.remember(len(self._memo))

    def name_lines(self) -> None:
        module = self._line().decode("utf-8")
        self.push(Named(module, self._line().decode("utf-8")))

    def name_stacked(self) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise PickleError("a name that is no text", self.position)
        self.push(Named(module, name))

    def call(self) -> None:
        arguments = self._pop()
        self._make(self._name(self._stack.pop()), arguments)

    def call_with_keywords(self) -> None:
        self._pop()
        self.call()

    def call_marked(self) -> None:
        named, *arguments = self._marked(names=True)
        self._make(self._name(named), tuple(map(self._value, arguments)))

    def call_line(self) -> None:
        self.name_lines()
        named = self._name(self._stack.pop())
        self._make(named, tuple(self._marked()))

    def _make(self, named: Named, arguments: object) -> None:
        if not isinstance(arguments, tuple):
            raise PickleError("arguments that are no tuple", self.position)
        self.push(self._maker.make(named, cast("tuple[object, ...]", arguments)))

    def fill(self) -> None:
        state = self._pop()
        made = self._stack[-1]
        if made is _MARK or isinstance(made, Named):
            raise PickleError("a class whose parts are set", self.position)
        self._maker.fill(made, state)

    def skip(self, size: int) -> None:
        self._take(size)


def old_bytes(named: Named, arguments: tuple[object, ...]) -> bytes | None:
    """Bytes as Python 3 writes them in the protocols of Python 2; None for anything else."""
    if named.module in ("builtins", "__builtin__") and named.name == "bytes" and not arguments:
        return b""
    if named == Named("_codecs", "encode") and arguments and isinstance(arguments[0], str):
        return arguments[0].encode("latin-1")
    return None


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError("no list")
    return cast("list[object]", found)


def _dict(found: object) -> dict[Hashable, object]:
    if not isinstance(found, dict):
        raise TypeError("no dictionary")
    return cast("dict[Hashable, object]", found)


def _set(found: object) -> set[Hashable]:
    if not isinstance(found, set):
        raise TypeError("no set")
    return cast("set[Hashable]", found)


def _key(found: object) -> Hashable:
    """A key; only flat ones, since Python computes the hash of nested ones by recursion that nothing bounds."""
    parts = cast("tuple[object, ...]", found) if isinstance(found, tuple) else (found,)
    if any(isinstance(part, (tuple, list, dict, set, frozenset)) for part in parts):
        raise TypeError("a key that is no plain value")
    return cast("Hashable", found)


def _pairs(values: list[object]) -> dict[Hashable, object]:
    if len(values) % 2:
        raise ValueError("a key without its value")
    return {_key(key): value for key, value in zip(values[::2], values[1::2], strict=True)}


_Handler = Callable[[_Reader], None]

_HANDLERS: dict[int, _Handler] = {
    ord("("): lambda r: r.push(_MARK),
    ord("0"): _Reader.pop,
    ord("1"): _Reader.pop_marked,
    ord("2"): _Reader.duplicate,
    ord("N"): lambda r: r.push(None),
    0x88: lambda r: r.push(value=True),
    0x89: lambda r: r.push(value=False),
    ord("I"): _Reader.push_line_number,
    ord("L"): _Reader.push_line_number,
    ord("F"): _Reader.push_line_float,
    ord("S"): _Reader.push_line_string,
    ord("V"): _Reader.push_line_text,
    ord("J"): _Reader.push_signed,
    ord("K"): lambda r: r.push_unsigned(1),
    ord("M"): lambda r: r.push_unsigned(2),
    ord("G"): _Reader.push_float,
    0x8A: lambda r: r.push_long(1),
    0x8B: lambda r: r.push_long(4),
    ord("T"): lambda r: r.push_old(4),
    ord("U"): lambda r: r.push_old(1),
    ord("X"): lambda r: r.push_text(4),
    0x8C: lambda r: r.push_text(1),
    0x8D: lambda r: r.push_text(8),
    ord("B"): lambda r: r.push_bytes(4),
    ord("C"): lambda r: r.push_bytes(1),
    0x8E: lambda r: r.push_bytes(8),
    0x96: lambda r: r.push_bytes(8),
    ord("]"): lambda r: r.push([]),
    ord("}"): lambda r: r.push({}),
    0x8F: lambda r: r.push(set[Hashable]()),
    ord(")"): lambda r: r.push(()),
    0x85: lambda r: r.push_tuple(1),
    0x86: lambda r: r.push_tuple(2),
    0x87: lambda r: r.push_tuple(3),
    ord("t"): lambda r: r.push_marked(tuple),
    ord("l"): lambda r: r.push_marked(list),
    ord("d"): lambda r: r.push_marked(_pairs),
    0x91: lambda r: r.push_marked(lambda values: frozenset(map(_key, values))),
    ord("a"): _Reader.append,
    ord("e"): _Reader.extend,
    ord("s"): _Reader.set_item,
    ord("u"): _Reader.set_items,
    0x90: _Reader.add_items,
    ord("p"): _Reader.remember_line,
    ord("q"): lambda r: r.remember_number(1),
    ord("r"): lambda r: r.remember_number(4),
    0x94: _Reader.remember_next,
    ord("g"): _Reader.recall_line,
    ord("h"): lambda r: r.recall_number(1),
    ord("j"): lambda r: r.recall_number(4),
    ord("c"): _Reader.name_lines,
    0x93: _Reader.name_stacked,
    ord("R"): _Reader.call,
    0x81: _Reader.call,
    0x92: _Reader.call_with_keywords,
    ord("o"): _Reader.call_marked,
    ord("i"): _Reader.call_line,
    ord("b"): _Reader.fill,
    0x80: lambda r: r.skip(1),
    0x95: lambda r: r.skip(8),
}
"""By opcode. What is not here (persistent identifiers, extensions, buffers) is in no script and no archive."""
