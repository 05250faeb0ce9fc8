"""Ruby Marshal: read in one pass, changed in place."""

import tracemalloc
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import FormatError
from translator.core.ruby_marshal import DEEPEST, read_marshal
from translator.core.ruby_marshal_edits import Changes, NotWritableError, Patch, Writer, rewrite
from translator.core.ruby_marshal_values import (
    Node,
    RubyArray,
    RubyHash,
    RubyObject,
    RubyString,
    Symbol,
    Value,
    read_long,
    write_long,
)

Plain = None | bool | int | bytes | str | list["Plain"] | tuple["Plain", ...]
"""bytes: a string without an encoding; str: one in UTF-8; a tuple: a hash, keys and values in turn."""

_LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 30), (1 << 30) - 1)
    | st.binary(max_size=140)
    | st.text("aE語é", max_size=20)
)


def _above(inner: st.SearchStrategy[Plain]) -> st.SearchStrategy[Plain]:
    pairs = st.lists(st.tuples(inner, inner), max_size=3)
    return st.lists(inner, max_size=4) | pairs.map(lambda found: tuple(value for pair in found for value in pair))


PLAIN: st.SearchStrategy[Plain] = st.recursive(_LEAF, _above, max_leaves=12)


def dumped(value: Plain, symbols: list[str] | None = None) -> bytes:
    """What `Marshal.dump` gives, less its header."""
    symbols = [] if symbols is None else symbols
    match value:
        case None | bool():
            return {None: b"0", True: b"T", False: b"F"}[value]
        case int():
            return b"i" + write_long(value)
        case bytes():
            return b'"' + write_long(len(value)) + value
        case str():
            raw = value.encode()
            mark = b";" + write_long(symbols.index("E")) if "E" in symbols else b":\x06E"
            symbols += [] if "E" in symbols else ["E"]
            return b'I"' + write_long(len(raw)) + raw + b"\x06" + mark + b"T"
        case list():
            return b"[" + write_long(len(value)) + b"".join(dumped(v, symbols) for v in value)
        case tuple():
            return b"{" + write_long(len(value) // 2) + b"".join(dumped(v, symbols) for v in value)


def plain(blob: bytes, value: Value) -> Plain:
    match value:
        case RubyString():
            raw = blob[value.at : value.end]
            return raw if value.ivars is None else raw.decode()
        case RubyArray():
            return [plain(blob, item) for item in value.items]
        case RubyHash():
            return tuple(plain(blob, item) for item in value.items)
        case Node():
            raise AssertionError(value)
        case _:
            return value


def opened(body: bytes) -> Value:
    return read_marshal(b"\x04\x08" + body).root


@given(st.integers(-(1 << 30), (1 << 30) - 1))
def test_numbers_are_written_as_they_are_read(number: int) -> None:
    blob = write_long(number)
    assert read_long(blob, 0) == (number, len(blob))


@pytest.mark.parametrize(
    ("number", "blob"),
    [
        (0, "00"), (1, "06"), (122, "7f"), (123, "017b"), (255, "01ff"), (256, "020001"), (65536, "03000001"),
        (-1, "fa"), (-123, "80"), (-124, "ff84"), (-256, "ff00"), (-257, "fefffe"), ((1 << 30) - 1, "04ffffff3f"),
        (-(1 << 30), "fc000000c0"),
    ],
)  # fmt: skip
def test_numbers_are_those_that_ruby_writes(number: int, blob: str) -> None:
    assert write_long(number).hex() == blob


@given(PLAIN)
def test_values_are_read_as_they_were_dumped(value: Plain) -> None:
    blob = b"\x04\x08" + dumped(value)
    assert plain(blob, read_marshal(blob).root) == value


@given(PLAIN, st.data())
def test_strings_change_their_length_in_place(value: Plain, data: st.DataObject) -> None:
    blob = b"\x04\x08" + dumped(value)
    read = read_marshal(blob)
    strings = [node for node in read.objects if isinstance(node, RubyString)]
    new = {string: data.draw(st.text(max_size=200)).encode("utf-8", "replace") for string in strings}
    assert rewrite(read, Changes()) == blob
    changed = read_marshal(rewrite(read, Changes(new)))
    now = [changed.raw(node) for node in changed.objects if isinstance(node, RubyString)]
    assert now == list(new.values())
    back = [node for node in changed.objects if isinstance(node, RubyString)]
    assert rewrite(changed, Changes(dict(zip(back, map(read.raw, strings), strict=True)))) == blob


def test_links_are_the_object_that_they_name() -> None:
    root = opened(b'[\x08"\x06a[\x06@\x06@\x06')
    assert isinstance(root, RubyArray)
    assert isinstance(root.items[1], RubyArray)
    assert root.items[0] is root.items[2] is root.items[1].items[0]


def test_a_value_may_hold_itself() -> None:
    root = opened(b"[\x06@\x00")
    assert isinstance(root, RubyArray)
    assert root.items[0] is root


def test_what_a_class_dumped_with_an_encoding_is_numbered_after_it() -> None:
    """`Marshal.dump([Foo.new, "x", same])`: the string of the encoding's name comes before the object itself."""
    blob = b'\x04\x08[\x09Iu:\x08Foo\x06a\x06:\x0dencoding"\x0eShift_JIS"\x06x@\x07@\x08'
    read = read_marshal(blob)
    assert isinstance(read.root, RubyArray)
    other, text, same, again = read.root.items
    assert other is same
    assert text is again


def test_objects_structs_and_symbols_above_ascii_are_read() -> None:
    root = opened(b"o:\x08Foo\x08:\x07@ai\x06I:\x08\xe8\xaa\x9e\x06:\x06ET;\x06:\x07@bT")
    assert isinstance(root, RubyObject)
    assert root.fields["@a"] == 1
    assert root.fields["語"] == Symbol("@a")


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        (b"", 2),
        (b"x", 2),
        (b"[\x06", 3),
        (b'"\x04\xff\xff\xff\x3fabc', 3),  # a string of a gigabyte
        (b"[\x04\xff\xff\xff\x3f0", 3),
        (b"{\x04\xff\xff\xff\x3f0", 3),
        (b"o:\x06A\x04\xff\xff\xff\x3f0", 6),
        (b'"\xfa', 3),  # a negative size
        (b"[\x06@\x07", 4),
        (b";\x00", 2),
        (b"00", 3),
        (b"Ii\x06\x06:\x06ET", 3),
        (b"l+\x04\xff\xff\xff\x3f", 4),
    ],
)
def test_damage_is_named_with_its_offset(body: bytes, offset: int) -> None:
    with pytest.raises(FormatError) as caught:
        opened(body)
    assert caught.value.offset == offset


def test_another_version_is_no_marshal_file() -> None:
    with pytest.raises(FormatError, match=r"4\.8"):
        read_marshal(b"\x04\x07[\x00")


@pytest.mark.parametrize("opening", [b"[\x06", b"I", b"{\x060", b"U:\x06A", b"o:\x06A\x06:\x06b", b"e:\x06AI"])
def test_deep_nesting_is_refused_and_takes_no_recursion(opening: bytes) -> None:
    assert isinstance(opened(b"[\x06" * (DEEPEST - 1) + b"[\x00"), RubyArray)
    start = perf_counter()
    with pytest.raises(FormatError):
        opened(opening * 200_000 + b"0")
    assert perf_counter() - start < 5


def test_a_huge_size_takes_no_memory() -> None:
    tracemalloc.start()
    with pytest.raises(FormatError):
        opened(b'[\x07"\x04\xff\xff\xff\x3f[\x04\xff\xff\xff\x3f')
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@given(st.binary(max_size=60))
def test_any_bytes_open_or_are_a_format_error(body: bytes) -> None:
    try:
        read = read_marshal(b"\x04\x08" + body)
    except FormatError:
        return
    assert rewrite(read, Changes()) == read.blob


DAMAGED: Plain = [[("鍵", 1), [b"x" * 40, "語", -200, 70000]], [("鍵", 1), [b"x" * 40, "語", -200, 70000]]]


@given(st.binary(max_size=20), st.integers(0, 400), st.sampled_from(b'[{oIu"@;:if/lUSCe0T\x00\x06\x0a\xff'))
def test_a_damaged_file_opens_or_is_a_format_error(tail: bytes, at: int, byte: int) -> None:
    blob = bytearray(b"\x04\x08" + dumped(DAMAGED) + tail)
    blob[at % len(blob)] = byte
    try:
        read = read_marshal(bytes(blob))
    except FormatError:
        return
    assert rewrite(read, Changes()) == bytes(blob)


def _list() -> bytes:
    """Five strings, of which the second and the fourth stand again at the end, as links."""
    return b"\x04\x08[\x0c" + b"".join(b'"\x06' + bytes((97 + n,)) for n in range(5)) + b"@\x07@\x09"


def _changed(start: int, end: int, new: bytes, objects: int, more: int) -> Value:
    read = read_marshal(_list())
    assert isinstance(read.root, RubyArray)
    places = [node.start for node in read.objects[1:]]
    places.append(places[-1] + 3)
    patch = Patch(places[start], places[end], new, objects)
    blob = rewrite(read, Changes(patches=[patch], counts={read.root: more}))
    return plain(blob, read_marshal(blob).root)  # type: ignore[return-value]


def test_links_are_counted_anew_where_objects_come() -> None:
    assert _changed(0, 0, b'"\x06X"\x06Y', 2, 2) == [b"X", b"Y", b"a", b"b", b"c", b"d", b"e", b"b", b"d"]
    assert _changed(2, 2, b'"\x06X', 1, 1) == [b"a", b"b", b"X", b"c", b"d", b"e", b"b", b"d"]
    assert _changed(5, 5, b'"\x06X', 1, 1) == [b"a", b"b", b"c", b"d", b"e", b"X", b"b", b"d"]


def test_links_are_counted_anew_where_objects_go() -> None:
    assert _changed(0, 1, b"", 0, -1) == [b"b", b"c", b"d", b"e", b"b", b"d"]
    assert _changed(2, 3, b'"\x06X"\x06Y', 2, 1) == [b"a", b"b", b"X", b"Y", b"d", b"e", b"b", b"d"]
    with pytest.raises(NotWritableError):
        _changed(1, 2, b"", 0, -1)


def test_a_place_where_symbols_are_written_out_stays() -> None:
    read = read_marshal(b'\x04\x08[\x07I"\x06a\x06:\x06ETI"\x06b\x06;\x00T')
    with pytest.raises(NotWritableError):
        rewrite(read, Changes(patches=[Patch(4, 12, b"", 0)]))


def test_a_writer_spells_new_values_by_the_symbols_that_are_there() -> None:
    read = read_marshal(b'\x04\x08[\x07I"\x06a\x06:\x06ETo:\x06A\x06:\x07@bi\x06')
    writer = Writer(read)
    like = read.objects[1]
    assert isinstance(like, RubyString)
    assert writer.string(like, b"new") == b'I"\x08new\x06;\x00T'
    assert (
        writer.object("A", [("@b", writer.array([writer.value(-5), writer.value(None)]))])
        == b"o;\x06\x06;\x07[\x07i\xf60"
    )
    assert writer.objects == 3
    with pytest.raises(NotWritableError):
        writer.symbol("@c")
