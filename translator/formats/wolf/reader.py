"""Reading the engine's binary files: numbers, length-prefixed strings, and where each string stands.

All numbers are unsigned and little-endian. A string is its length in bytes as a 32-bit number, its bytes, and a zero
byte, which the length counts (seen in WolfTL's `FileCoder::ReadString` and in all real files). A string of length 0
has no zero byte; the engine writes none, but a file may hold one.
"""

from struct import Struct, error, unpack_from
from typing import NamedTuple

from translator.core.document import FormatError

_U32 = Struct("<I")


class Slot(NamedTuple):
    """A string of a file: where its length stands, and how many bytes follow that."""

    at: int
    size: int

    @property
    def end(self) -> int:
        """The offset behind its last byte."""
        return self.at + 4 + self.size

    def raw(self, data: bytes) -> bytes:
        """Its bytes, without the zero byte that ends it."""
        found = data[self.at + 4 : self.at + 4 + self.size]
        return found[:-1] if found.endswith(b"\0") else found


class Reader:
    """A position in a file's bytes. Each method raises FormatError with the offset where the file ends too early.

    slots: all strings that were read, in the order of the file.
    """

    __slots__ = ("data", "position", "slots")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position
        self.slots: list[Slot] = []

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return len(self.data) - self.position

    def byte(self) -> int:
        """The next byte."""
        if self.position >= len(self.data):
            raise self.fail("the file ends where a byte was expected")
        self.position += 1
        return self.data[self.position - 1]

    def number(self) -> int:
        """The next 32-bit number."""
        try:
            (value,) = _U32.unpack_from(self.data, self.position)
        except error:
            raise self.fail("the file ends where a number was expected") from None
        self.position += 4
        return value

    def numbers(self, count: int) -> tuple[int, ...]:
        """The next `count` numbers."""
        if count * 4 > self.left:
            raise self.fail(f"{count} numbers are announced, which is more than the rest of the file holds")
        found = unpack_from(f"<{count}I", self.data, self.position)
        self.position += count * 4
        return found

    def count(self, what: str, least: int = 1) -> int:
        """How many things follow, each of at least `least` bytes: never more than the file has room for."""
        at = self.position
        found = self.number()
        if found * least > self.left:
            raise FormatError(f"{found} {what} are announced, which is more than the rest of the file holds", offset=at)
        return found

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        if size > self.left:
            raise self.fail(f"{size} bytes are announced, the file has {self.left} more")
        self.position += size

    def expect(self, wanted: bytes, what: str) -> None:
        """Pass over bytes that must be these."""
        if not self.data.startswith(wanted, self.position):
            found = self.data[self.position : self.position + len(wanted)]
            raise self.fail(f"{what} ({wanted.hex(' ')}) was expected, not {found.hex(' ') or 'the end of the file'}")
        self.position += len(wanted)

    def string(self) -> Slot:
        """The next string."""
        at = self.position
        size = self.number()
        if size > self.left:
            raise FormatError(f"a string of {size} bytes is announced, the file has {self.left} more", offset=at)
        self.position += size
        slot = Slot(at, size)
        self.slots.append(slot)
        return slot

    def strings(self, count: int) -> list[Slot]:
        """The next `count` strings."""
        return [self.string() for _ in range(count)]

    def fail(self, message: str) -> FormatError:
        """An error at this position."""
        return FormatError(message, offset=self.position)
