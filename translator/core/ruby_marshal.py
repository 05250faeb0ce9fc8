# ruff: noqa: PLR2004, PLR1714, SIM109  bytes are compared one by one, which is the quickest; what they mean is said beside them
"""Ruby's Marshal format 4.8, read without Ruby: what is in a file, and where its strings stand.

Facts from Ruby's documentation of the format (`doc/marshal.rdoc`) and what `Marshal.dump` was seen to write: a file
has no offsets. Symbols and objects are numbered in the order in which they first stand, and `;` and `@` refer to these
numbers. So a string can change its length in place; where objects come or go, every later `@` must be counted anew,
which `core/ruby_marshal_edits.py` does.

Reading is iterative and linear in the file's size, however deep it is nested, and every size is compared with what is
left of the file before it is used.
"""

from array import array
from collections.abc import Mapping
from types import MappingProxyType

from translator.core.document import FormatError
from translator.core.ruby_marshal_values import (
    Link,
    Marshalled,
    Node,
    RubyArray,
    RubyHash,
    RubyObject,
    RubyOther,
    RubyString,
    Symbol,
    Value,
    read_long,
    write_long,
)

_HEADER = b"\x04\x08"

DEEPEST = 10_000
"""How deep values may be nested; Ruby itself, which reads them by recursion, ends with about as many."""


_Frame = tuple[int, "Node", "list[Value]", "dict[str, Value]", int, str]
"""A value that is not finished yet: what it waits for, itself, where its parts go, how many are left, the next name."""

_ROOT, _ITEMS, _FIELDS, _OWNER, _IVARS = range(5)
"""What a frame waits for: the file's value, elements, a name and a value, the value that variables follow, those."""

_UTF8: "Mapping[str, Value]" = MappingProxyType({"E": True})
_ASCII: "Mapping[str, Value]" = MappingProxyType({"E": False})


def read_marshal(blob: bytes) -> Marshalled:
    """Read a file that holds one value. Raises FormatError with the offset where it is damaged."""
    if blob[:2] != _HEADER:
        raise FormatError("this is no Ruby Marshal file of version 4.8", offset=0)
    reader = _Reader(blob)
    try:
        root = reader.read()
    except IndexError as error:
        raise FormatError("the file ends in the middle of a value", offset=len(blob)) from error
    if reader.position != len(blob):
        raise FormatError("something stands after the value that the file holds", offset=reader.position)
    return Marshalled(
        blob,
        root,
        tuple(reader.symbols),
        tuple(reader.objects),
        reader.places,
        tuple(reader.links),
        reader.definitions,
    )


class _Reader:
    """One pass over a file."""

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self.position = 2
        self.symbols: list[str] = []
        self.objects: list[Node] = []
        self.places: array[int] = array("Q")
        self.links: list[Link] = []
        self.definitions: array[int] = array("Q")
        self.encoding_symbol = -1

    def read(self) -> Value:  # noqa: C901, PLR0912, PLR0915  one loop: a call for each of a million values takes longer
        """The value that the file holds."""
        blob = self.blob
        objects = self.objects
        remember, place = objects.append, self.places.append
        symbols = self.symbols
        stack: list[_Frame] = []
        kind, left, key = _ROOT, 1, ""
        box = Node(0)
        items: list[Value] = []
        fields: dict[str, Value] = {}
        position = 2
        e_symbol = -1
        value: Value
        while True:
            start = position
            tag = blob[position]
            position += 1
            opened = False
            count = 0
            if tag == 105:  # i: a number
                first = blob[position]
                if 5 < first < 128:
                    value = first - 5
                    position += 1
                else:
                    value, position = read_long(blob, position)
            elif tag == 111 or tag == 83:  # o, S: an object, a struct  # faster
                self.position = position
                name = self._symbol()
                position = self.position
                node = RubyObject(start, name)
                remember(node)
                place(start)
                count, position = self._count(position, 2)
                stack.append((kind, box, items, fields, left, key))
                kind, box, fields = _FIELDS, node, node.fields
                opened, value = True, node
            elif tag == 91:  # [
                count, at = self._count(position, 1)
                array_node = RubyArray(start, at)
                position = at
                remember(array_node)
                place(start)
                stack.append((kind, box, items, fields, left, key))
                kind, box, items = _ITEMS, array_node, array_node.items
                opened, value = True, array_node
            elif tag == 34:  # ": a string
                size, at = self._count(position, 1)
                position = at + size
                value = RubyString(start, at, position)
                remember(value)
                place(start)
            elif tag == 73:  # I: what follows has instance variables
                if blob[position] == 34:  # "
                    size, at = self._count(position + 1, 1)
                    string = RubyString(position, at, at + size)
                    remember(string)
                    place(position)
                    position = at + size
                    value = string
                    usual = blob[position] == 6 and blob[position + 1] == 59 and blob[position + 2] == e_symbol
                    if usual and blob[position + 3] == 84:  # one variable: E, true
                        string.ivars = _UTF8
                        position += 4
                    elif usual and blob[position + 3] == 70:
                        string.ivars = _ASCII
                        position += 4
                    else:
                        count, position = self._count(position, 2)
                        stack.append((kind, box, items, fields, left, key))
                        string.ivars = fields = dict[str, Value]()
                        kind, box = _IVARS, string
                        opened = True
                        e_symbol = self.encoding_symbol
                elif blob[position] == 58:  # a symbol above ASCII
                    self.position = start
                    value = Symbol(self._symbol())
                    position = self.position
                else:
                    stack.append((kind, box, items, fields, left, key))
                    if len(stack) > DEEPEST:
                        raise FormatError(f"values are nested more than {DEEPEST} deep", offset=start)
                    kind, box, left = _OWNER, Node(0), 1
                    continue
            elif tag == 64:  # @: an object that stood before
                number, position = read_long(blob, position)
                if not 0 <= number < len(objects):
                    raise FormatError(f"there is no object {number} before this place", offset=start)
                self.links.append(Link(start + 1, position, number))
                value = objects[number]
            elif tag == 48:  # 0
                value = None
            elif tag == 84:  # T
                value = True
            elif tag == 70:  # F
                value = False
            elif tag == 58 or tag == 59:  # :, ;: symbols
                self.position = start
                value = Symbol(self._symbol())
                position = self.position
            elif tag == 123 or tag == 125:  # {, }: a hash, one with a default
                pairs, position = self._count(position, 2)
                hash_node = RubyHash(start)
                remember(hash_node)
                place(start)
                count = pairs * 2 + (tag == 125)
                stack.append((kind, box, items, fields, left, key))
                kind, box, items = _ITEMS, hash_node, hash_node.items
                opened, value = True, hash_node
            elif tag == 117:  # u: what a class dumped as a string
                self.position = position
                self._symbol()
                size, position = self._count(self.position, 1)
                position += size
                value = RubyOther(start, position, late=kind == _OWNER)
                if kind != _OWNER:  # else it is numbered after its variables
                    remember(value)
                    place(start)
            elif tag == 102 or tag == 99 or tag == 109 or tag == 77:  # f c m M: a float, a class
                size, position = self._count(position, 1)
                position += size
                value = RubyOther(start, position)
                remember(value)
                place(start)
            elif tag == 108:  # l: a large number
                blob[position]
                size, position = self._count(position + 1, 2)
                position += size * 2
                value = RubyOther(start, position)
                remember(value)
                place(start)
            elif tag == 47:  # /: a regular expression and its options
                size, position = self._count(position, 1)
                position += size
                blob[position]
                position += 1
                value = RubyOther(start, position)
                remember(value)
                place(start)
            elif tag == 85 or tag == 100:  # U, d: a class's own form, which is a value
                self.position = position
                self._symbol()
                position = self.position
                other = RubyOther(start)
                remember(other)
                place(start)
                stack.append((kind, box, items, fields, left, key))
                kind, box, items = _ITEMS, other, other.inner
                opened, value, count = True, other, 1
            elif tag == 67 or tag == 101:  # C, e: the class, or a module, of what follows
                self.position = position
                self._symbol()
                position = self.position
                continue
            else:
                raise FormatError(f"no value begins with the byte {tag:#04x}", offset=start)

            if opened and count:
                left = count
                if len(stack) > DEEPEST:
                    raise FormatError(f"values are nested more than {DEEPEST} deep", offset=start)
                if kind >= _FIELDS:
                    self.position = position
                    key = self._symbol()
                    position = self.position
                continue

            while True:  # a value is complete: put it where it belongs, and finish what it was the last of
                if opened:
                    opened = False
                elif kind == _FIELDS or kind == _IVARS:
                    fields[key] = value
                    left -= 1
                    if left:
                        if blob[position] == 59:  # ;: the usual case at once
                            first = blob[position + 1]
                            if 5 < first < 128 and first - 5 < len(symbols):
                                key = symbols[first - 5]
                                position += 2
                                break
                        self.position = position
                        key = self._symbol()
                        position = self.position
                        break
                    value = box
                elif kind == _ITEMS:
                    items.append(value)
                    left -= 1
                    if left:
                        break
                    value = box
                elif kind == _OWNER:  # the value has come whose variables follow
                    left, position = self._count(position, 2)
                    if not isinstance(value, Node):
                        raise FormatError("a value that can have variables was expected", offset=start)
                    box = value
                    kind, fields = _IVARS, dict[str, Value]()
                    if isinstance(value, RubyString):
                        value.ivars = fields
                    if left:
                        self.position = position
                        key = self._symbol()
                        position = self.position
                        break
                else:
                    self.position = position
                    return value
                if kind != _IVARS:
                    box.end = position
                elif isinstance(box, RubyOther) and box.late:
                    box.late = False
                    remember(box)
                    place(position - 1)
                kind, box, items, fields, left, key = stack.pop()

    def _count(self, at: int, least: int) -> tuple[int, int]:
        """A size, and where it ends; each of what it counts takes `least` bytes, which must be there."""
        first = self.blob[at]
        if 5 < first < 128:  # see read_long
            count, end = first - 5, at + 1
        else:
            count, end = read_long(self.blob, at)
        if count < 0 or count * least > len(self.blob) - end:
            raise FormatError(f"a size of {count} does not fit into the file", offset=at)
        return count, end

    def _symbol(self) -> str:
        """The symbol that comes next: written out, by its number, or written out with its encoding."""
        blob, start = self.blob, self.position
        tag = blob[start]
        if tag == 59:  # ;
            number, self.position = read_long(blob, start + 1)
            if not 0 <= number < len(self.symbols):
                raise FormatError(f"there is no symbol {number} before this place", offset=start)
            return self.symbols[number]
        encoded = tag == 73  # I
        at = start + encoded
        if blob[at] != 58:  # :
            raise FormatError("a symbol was expected", offset=start)
        size, at = self._count(at + 1, 1)
        end = at + size
        name = blob[at:end].decode("utf-8", "surrogateescape")
        if name == "E" and self.encoding_symbol < 0 and len(self.symbols) < 123:  # numbers of one byte
            self.encoding_symbol = write_long(len(self.symbols))[0]
        self.symbols.append(name)
        self.definitions.append(start)
        self.position = end
        if encoded:
            self._symbol_encoding()
        return name

    def _symbol_encoding(self) -> None:
        """The variables of a symbol: `E` with true or false, or `encoding` with a string (or a link to one)."""
        count, self.position = self._count(self.position, 2)
        for _ in range(count):
            at = self.position
            if self.blob[at] not in b":;":
                raise FormatError("a symbol was expected", offset=at)
            self._symbol()
            at = self.position
            tag = self.blob[at]
            if tag in b"TF0":
                self.position = at + 1
            elif tag == 34:  # "
                size, inner = self._count(at + 1, 1)
                self.position = inner + size
                self.objects.append(RubyString(at, inner, inner + size))
                self.places.append(at)
            elif tag == 64:  # @
                number, self.position = read_long(self.blob, at + 1)
                if not 0 <= number < len(self.objects):
                    raise FormatError(f"there is no object {number} before this place", offset=at)
                self.links.append(Link(at + 1, self.position, number))
            else:
                raise FormatError("a symbol's encoding was expected", offset=at)
