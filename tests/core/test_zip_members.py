import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import FormatError
from translator.core.zip_members import ZipLimits, first_names, open_zip

TEXT = "吾輩は猫である。名前はまだ無い。\n".encode() * 40


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """An archive as `zipfile` writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as writer:
        writer.comment = comment
        for name, data in members:
            writer.writestr(zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6)), data, compress_type=method)
    return out.getvalue()


def streamed(*members: tuple[str, bytes], zip64: bool = False) -> bytes:
    """An archive that was written without going back: sizes stand behind each member."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
            self.parts.append(bytes(data))
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, data in members:
            with writer.open(name, "w", force_zip64=zip64) as member:
                member.write(data)
    return b"".join(pipe.parts)


def read_by_zipfile(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as reader:
        assert reader.testzip() is None
        return {name: reader.read(name) for name in reader.namelist()}


def patched(blob: bytes, at: int, new: bytes) -> bytes:
    return blob[:at] + new + blob[at + len(new) :]


def central(blob: bytes, number: int = 0) -> int:
    """Where an entry of the directory starts."""
    at = -1
    for _ in range(number + 1):
        at = blob.index(b"PK\x01\x02", at + 1)
    return at


BOOK = archive(("mimetype", b"application/epub+zip"), ("a.txt", TEXT), ("b/c.txt", TEXT[::-1]), comment=b"made here")


def test_reads_members_in_the_order_of_the_directory() -> None:
    members = open_zip(BOOK)
    assert members.names == ("mimetype", "a.txt", "b/c.txt")
    assert members.read("a.txt") == TEXT
    assert "a.txt" in members
    assert "A.TXT" not in members
    assert members.parts() == (("mimetype", b"application/epub+zip"), ("a.txt", TEXT), ("b/c.txt", TEXT[::-1]))
    with pytest.raises(KeyError):
        members.read("absent")


def test_with_nothing_changed_it_is_the_archive_itself() -> None:
    members = open_zip(BOOK)
    assert members.replaced({}) is BOOK
    assert members.replaced({"a.txt": TEXT}) is BOOK


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_changed_member_keeps_its_method_and_all_others_their_bytes(method: int) -> None:
    blob = archive(("a", TEXT), ("b", b"old" * 9), ("c", TEXT[::-1]), method=method, comment=b"end")
    new = open_zip(blob).replaced({"b": b"something that is longer " * 20})
    assert read_by_zipfile(new) == {"a": TEXT, "b": b"something that is longer " * 20, "c": TEXT[::-1]}
    before, after = open_zip(blob), open_zip(new)
    for name in ("a", "c"):
        one, other = before.member(name), after.member(name)
        assert blob[one.header : one.end] == new[other.header : other.end]
        assert blob[one.entry : one.entry_end - 4 - len(name)] == new[other.entry : other.entry_end - 4 - len(name)]
    assert after.member("b").method == method
    one, other = before.member("b"), after.member("b")
    assert blob[one.header : one.header + 14] == new[other.header : other.header + 14], "flags, method and time"
    assert new.endswith(b"\x03\x00end")


@pytest.mark.parametrize("zip64", [False, True])
def test_data_descriptors_are_mended_and_kept(*, zip64: bool) -> None:
    blob = streamed(("a", TEXT), ("b", TEXT[::-1]), zip64=zip64)
    assert struct.unpack_from("<H", blob, 6)[0] & 8
    new = open_zip(blob).replaced({"a": b"short"})
    assert read_by_zipfile(new) == {"a": b"short", "b": TEXT[::-1]}
    one, other = open_zip(blob).member("a"), open_zip(new).member("a")
    assert new[other.header : other.data] == blob[one.header : one.data], "the header told nothing and tells nothing"
    layout = "<4sLQQ" if zip64 else "<4sLLL"
    assert struct.unpack_from(layout, new, other.end) == (
        b"PK\x07\x08",
        zlib.crc32(b"short"),
        other.end - other.data,
        5,
    )
    back = open_zip(new).replaced({"a": TEXT})
    assert open_zip(back).parts() == open_zip(blob).parts()


def test_a_descriptor_without_its_mark_is_mended() -> None:
    blob = streamed(("a", TEXT))
    at = blob.index(b"PK\x07\x08")
    bare = blob[:at] + blob[at + 4 :]
    end = bare.rindex(b"PK\x05\x06")
    bare = patched(bare, end + 16, struct.pack("<L", struct.unpack_from("<L", blob, end + 4 + 16)[0] - 4))
    new = open_zip(bare).replaced({"a": b"new"})
    member = open_zip(new).member("a")
    assert struct.unpack_from("<LLL", new, member.end) == (zlib.crc32(b"new"), member.end - member.data, 3)
    assert open_zip(new).read("a") == b"new"


def test_a_descriptor_that_lies_is_named() -> None:
    blob = streamed(("a", TEXT))
    at = blob.index(b"PK\x07\x08")
    lying = open_zip(patched(blob, at + 4, b"\0\0\0\0"))
    assert lying.read("a") == TEXT
    with pytest.raises(FormatError, match="a: the sizes behind it") as caught:
        lying.replaced({"a": b"new"})
    assert caught.value.offset == at


def test_bytes_before_between_and_behind_the_members_stay() -> None:
    stub = b"MZ this runs and unpacks itself\n" * 5
    blob = stub + BOOK
    members = open_zip(blob)
    assert members.read("a.txt") == TEXT
    new = members.replaced({"mimetype": b"longer than it was before" * 3})
    assert new.startswith(stub)
    assert read_by_zipfile(new)["b/c.txt"] == TEXT[::-1]

    gap = b"signing block: " + b"\1" * 33
    start = BOOK.index(b"PK\x01\x02")
    end = BOOK.rindex(b"PK\x05\x06")
    blob = patched(BOOK, end + 16, struct.pack("<L", start + len(gap)))
    blob = blob[:start] + gap + blob[start:] + b"trailing"
    new = open_zip(blob).replaced({"a.txt": b"x"})
    assert gap + b"PK\x01\x02" in new
    assert new.endswith(b"made heretrailing")
    assert open_zip(new).read("b/c.txt") == TEXT[::-1]


def test_extra_fields_comments_and_attributes_stay() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as writer:
        info = zipfile.ZipInfo("a.txt", (1999, 12, 31, 23, 59, 58))
        info.extra, info.comment, info.external_attr = b"\x55\x54\x05\x00\x01abcd", b"of a member", 0o640 << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        writer.writestr(info, TEXT)
        writer.writestr("z", b"last")
    new = open_zip(out.getvalue()).replaced({"a.txt": b"short"})
    with zipfile.ZipFile(io.BytesIO(new)) as reader:
        info = reader.getinfo("a.txt")
        assert (info.extra, info.comment, info.external_attr) == (
            b"\x55\x54\x05\x00\x01abcd",
            b"of a member",
            0o640 << 16,
        )
        assert info.date_time == (1999, 12, 31, 23, 59, 58)
    assert b"\x55\x54\x05\x00\x01abcd" in new[: new.index(b"PK\x01\x02")]


def test_members_are_added_and_removed() -> None:
    members = open_zip(BOOK)
    new = members.replaced({}, added={"新.txt": b"added"}, removed=["a.txt"])
    assert read_by_zipfile(new) == {
        "mimetype": b"application/epub+zip",
        "b/c.txt": TEXT[::-1],
        "新.txt": b"added",
    }
    assert open_zip(new).names == ("mimetype", "b/c.txt", "新.txt")
    with pytest.raises(ValueError, match="there is a member"):
        members.replaced({}, added={"a.txt": b""})
    with pytest.raises(KeyError):
        members.replaced({"absent": b""})
    with pytest.raises(KeyError):
        members.replaced({}, removed=["absent"])


def test_an_empty_archive_is_read_and_added_to() -> None:
    blob = archive()
    members = open_zip(blob)
    assert members.names == ()
    assert members.replaced({}) is blob
    assert read_by_zipfile(members.replaced({}, added={"a": b"1"})) == {"a": b"1"}


def _with_zip64(blob: bytes, *, wide_entry: bool = True) -> bytes:
    """The archive with one member `a` whose entry has all in 64 bits, and with the records of zip64."""
    start, end = blob.index(b"PK\x01\x02"), blob.rindex(b"PK\x05\x06")
    entry = bytearray(blob[start:end])
    packed, size = struct.unpack_from("<LL", entry, 20)
    if wide_entry:
        struct.pack_into("<LL", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        struct.pack_into("<L", entry, 42, 0xFFFFFFFF)
        struct.pack_into("<H", entry, 30, 28)
        entry += struct.pack("<HHQQQ", 1, 24, size, packed, 0)
    tail = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(entry), start)
    tail += struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(entry), 1)
    tail += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return blob[:start] + bytes(entry) + tail


def test_zip64_is_read_and_mended() -> None:
    blob = _with_zip64(archive(("a", TEXT)))
    members = open_zip(blob)
    assert members.read("a") == TEXT
    new = members.replaced({"a": TEXT * 3}, added={"b": b"added"})
    assert read_by_zipfile(new) == {"a": TEXT * 3, "b": b"added"}
    assert open_zip(new).member("a").entry_wide != (None, None)
    prefixed = b"MZstub" + blob
    assert read_by_zipfile(open_zip(prefixed).replaced({"a": b"x"})) == {"a": b"x"}


def test_zip64_sizes_in_a_local_header_are_mended() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as writer, writer.open("a", "w", force_zip64=True) as member:
        member.write(TEXT)
    blob = out.getvalue()
    assert struct.unpack_from("<LL", blob, 18) == (0xFFFFFFFF, 0xFFFFFFFF)
    new = open_zip(blob).replaced({"a": b"short"})
    assert read_by_zipfile(new) == {"a": b"short"}
    found = open_zip(new).member("a")
    assert struct.unpack_from("<QQ", new, 30 + 1 + 4) == (5, found.end - found.data)


def test_a_zip64_directory_elsewhere_is_named() -> None:
    blob = _with_zip64(archive(("a", TEXT)))
    at = blob.index(b"PK\x06\x06")
    with pytest.raises(FormatError, match="zip64"):
        open_zip(patched(blob, at, b"XXXX"))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "C:/Windows/win.ini",
        "..\\..\\a",
        "a/../../b",
        "\\\\host\\share",
        "a:b",
        "nul",
    ],
)
def test_names_are_labels_and_no_paths(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blob = archive(("x" * len(name), TEXT), ("b", b"b")).replace(b"x" * len(name), name.encode())
    members = open_zip(blob)
    assert members.names == (name, "b")
    new = members.replaced({name: b"new", "b": b"c"})
    assert open_zip(new).parts() == ((name, b"new"), ("b", b"c"))
    assert not list(tmp_path.iterdir())


def test_a_name_that_several_members_have_is_refused_where_it_is_used() -> None:
    blob = archive(("a", TEXT), ("b", b"first"), ("c", b"second")).replace(b"c", b"b")
    members = open_zip(blob)
    assert members.names == ("a", "b", "b")
    assert members.parts() == (("a", TEXT), ("b", b"first"), ("b", b"second"))
    for use in (
        lambda: members.read("b"),
        lambda: members.replaced({"b": b""}),
        lambda: members.replaced({}, removed=["b"]),
    ):
        with pytest.raises(FormatError, match="b: the archive has 2 members of this name") as caught:
            use()
        assert caught.value.offset == members.members[2].header
    assert open_zip(members.replaced({"a": b"new"})).parts() == (("a", b"new"), ("b", b"first"), ("b", b"second"))


def test_names_are_utf_8_where_they_say_so_or_are_and_code_page_437_else() -> None:
    assert open_zip(archive(("表紙.txt", b""))).names == ("表紙.txt",)
    unsaid = archive(("表紙.txt", b""))
    unsaid = patched(unsaid, 6, b"\0\0")
    unsaid = patched(unsaid, central(unsaid) + 8, b"\0\0")
    assert open_zip(unsaid).names == ("表紙.txt",)
    old = archive(("xx.txt", b"")).replace(b"xx", b"\x81\x82")
    assert open_zip(old).names == ("üé.txt",)
    lying = archive(("表.txt", b"")).replace("表".encode(), b"\xff\xfe\xfd")
    assert open_zip(lying).names == ("\\xff\\xfe\\xfd.txt",)


def test_a_unicode_name_in_an_extra_field_counts_where_its_checksum_is_right() -> None:
    def with_field(checksum: int) -> bytes:
        name = "表紙".encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as writer:
            info = zipfile.ZipInfo("old")
            info.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, checksum) + name
            writer.writestr(info, b"")
        return out.getvalue()

    assert open_zip(with_field(zlib.crc32(b"old"))).names == ("表紙",)
    assert open_zip(with_field(1)).names == ("old",)


def test_a_bomb_is_named_before_it_is_unpacked() -> None:
    blob = archive(("mimetype", b"x"), ("bomb.xml", bytes(20 << 20)))
    tracemalloc.start()
    with pytest.raises(FormatError, match=r"bomb\.xml: \d+ bytes would unpack to 20971520"):
        open_zip(blob)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_member_that_is_longer_than_it_says_is_named_and_not_unpacked() -> None:
    blob = archive(("bomb", bytes(20 << 20)))
    for at in (22, central(blob) + 24):
        blob = patched(blob, at, struct.pack("<L", 1000))
    members = open_zip(blob)
    tracemalloc.start()
    with pytest.raises(FormatError, match="bomb: it unpacks to more than the 1000 bytes"):
        members.read("bomb")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_limits_hold_for_one_member_for_all_and_for_the_ratio() -> None:
    noise = b"".join(bytes([n * n % 251, n % 256]) for n in range(1500))
    blob = archive(("a", noise), ("b", noise))
    assert len(open_zip(blob, ZipLimits(member=3000, total=3000)).parts()) == 2
    with pytest.raises(FormatError, match="a: it would unpack to 3000 bytes; the limit is 2999"):
        open_zip(blob, ZipLimits(member=2999))
    many = archive(*((f"{n}", bytes(1 << 20)) for n in range(40)))
    with pytest.raises(FormatError, match="beyond the limits"):
        open_zip(many, ZipLimits(total=30 << 20, ratio=2000))
    with pytest.raises(FormatError, match="beyond the limits"):
        open_zip(many)


def test_a_member_that_is_shorter_than_it_says_is_named() -> None:
    blob = archive(("a", TEXT))
    for at in (22, central(blob) + 24):
        blob = patched(blob, at, struct.pack("<L", len(TEXT) + 5))
    with pytest.raises(FormatError, match=f"a: it ends after {len(TEXT)} of {len(TEXT) + 5}"):
        open_zip(blob).read("a")


def test_overlapping_members_are_refused() -> None:
    blob = archive(("a", TEXT), ("b", TEXT))
    start, end = central(blob), blob.rindex(b"PK\x05\x06")
    twice = blob[start : central(blob, 1)]
    both = blob[:start] + twice + twice + blob[end:]
    both = patched(both, both.rindex(b"PK\x05\x06") + 12, struct.pack("<L", len(twice) * 2))
    with pytest.raises(FormatError, match="a: it overlaps with a"):
        open_zip(both)


def test_encrypted_members_and_other_methods_are_named_when_they_are_used() -> None:
    blob = archive(("a", TEXT), ("b", b"clear"))
    locked = patched(patched(blob, 6, b"\1\0"), central(blob) + 8, b"\1\0")
    other = patched(patched(blob, 8, b"\x0e\0"), central(blob) + 10, b"\x0e\0")
    for damaged, what in ((locked, "a: it is encrypted"), (other, "a: it is packed by method 14")):
        members = open_zip(damaged)
        with pytest.raises(FormatError, match=what) as caught:
            members.read("a")
        assert caught.value.offset == 0
        with pytest.raises(FormatError, match=what):
            members.replaced({"a": b"new"})
        packed = members.members[0]
        assert members.parts() == (("a", damaged[packed.data : packed.end]), ("b", b"clear"))
        assert open_zip(members.replaced({"b": b"new"})).parts()[0] == members.parts()[0]


def test_a_wrong_checksum_and_damaged_data_are_named() -> None:
    blob = archive(("a", TEXT))
    wrong = patched(patched(blob, 14, b"\1\2\3\4"), central(blob) + 16, b"\1\2\3\4")
    with pytest.raises(FormatError, match="a: its checksum is wrong"):
        open_zip(wrong).read("a")
    with pytest.raises(FormatError, match="a: it does not unpack"):
        open_zip(patched(blob, 31, b"\xff" * 20)).read("a")


DISAGREEMENTS: list[tuple[int, bytes, str]] = [
    (30, b"z", "another name in its own header"),
    (8, b"\0\0", "packed by another method"),
    (6, b"\x08\0", "differ in where its sizes stand"),
    (18, b"\1\0\0\0", "other sizes or checksums"),
    (22, b"\1\0\0\0", "other sizes or checksums"),
    (14, b"\1\2\3\4", "other sizes or checksums"),
    (0, b"XX", "is not where"),
]


@pytest.mark.parametrize(("at", "new", "what"), DISAGREEMENTS)
def test_a_local_header_that_disagrees_is_named(at: int, new: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=f"a: .*{what}"):
        open_zip(patched(archive(("a", TEXT)), at, new))


LIES: list[tuple[int, bytes, str]] = [
    (20, b"\xff\xff\0\0", "a: its data go beyond"),
    (42, b"\xff\0\0\0", "a: it is not where"),
    (42, b"\xff\xff\xff\xff", "a: it is not where"),
    (28, b"\xff\xff", "goes beyond its end"),
    (30, b"\xff\xff", "goes beyond its end"),
]


@pytest.mark.parametrize(("at", "new", "what"), LIES)
def test_an_entry_that_points_elsewhere_is_named(at: int, new: bytes, what: str) -> None:
    blob = archive(("a", TEXT))
    start = central(blob)
    with pytest.raises(FormatError, match=what) as caught:
        open_zip(patched(blob, start + at, new))
    assert caught.value.offset is not None


ENDS: list[tuple[int, bytes, str]] = [
    (4, b"\1\0", "several volumes"),
    (8, b"\x09\0\x09\0", "lists 1 members, its end says 9"),
    (12, b"\xff\xff\0\0", "not where its end says"),
    (16, b"\xff\xff\0\0", "beginning is missing"),
]


@pytest.mark.parametrize(("at", "new", "what"), ENDS)
def test_an_end_that_lies_is_named(at: int, new: bytes, what: str) -> None:
    blob = archive(("a", TEXT))
    with pytest.raises(FormatError, match=what):
        open_zip(patched(blob, blob.rindex(b"PK\x05\x06") + at, new))


def test_every_truncation_is_a_format_error() -> None:
    for blob in (BOOK, streamed(("a", TEXT)), _with_zip64(archive(("a", TEXT)))):
        for length in range(len(blob)):
            with pytest.raises(FormatError):
                open_zip(blob[:length])


def test_what_is_no_archive_is_said() -> None:
    for blob in (b"", b"plain text", b"\xd0\xcf\x11\xe0" * 20):
        with pytest.raises(FormatError, match="no zip archive"):
            open_zip(blob)


def test_an_end_record_inside_of_the_comment_is_no_end() -> None:
    inner = archive(("evil", b"evil"))
    blob = archive(("a", TEXT), comment=inner)
    assert open_zip(blob + b"").names in (("a",), ("evil",))
    marked = archive(("a", TEXT), comment=b"PK\x05\x06" + b"\0" * 30)
    assert open_zip(marked).names == ("a",)
    assert open_zip(open_zip(marked).replaced({"a": b"x"})).read("a") == b"x"


@given(st.data())
def test_any_damage_is_a_format_error_or_a_correct_result(data: st.DataObject) -> None:
    blobs = (BOOK, streamed(("a", TEXT), ("b", b"1")), _with_zip64(archive(("a", TEXT))))
    damaged = bytearray(data.draw(st.sampled_from(blobs)))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.sampled_from((0, 1, 8, 80, 255)))
    blob = bytes(damaged)
    try:
        members = open_zip(blob)
        contents = {name: members.read(name) for name in set(members.names)}
        new = members.replaced(dict.fromkeys(contents, b"new"))
    except FormatError:
        return
    assert members.replaced(contents) is blob
    again = open_zip(new)
    assert again.names == members.names
    assert {name: again.read(name) for name in contents} == dict.fromkeys(contents, b"new")


@given(
    contents=st.dictionaries(
        st.text("abü日/", min_size=1, max_size=6), st.tuples(st.binary(max_size=60), st.binary(max_size=60))
    ),
    stream=st.booleans(),
)
def test_there_and_back_gives_the_same_contents(contents: dict[str, tuple[bytes, bytes]], *, stream: bool) -> None:
    old = [(name, one) for name, (one, _) in contents.items()]
    blob = streamed(*old) if stream else archive(*old)
    members = open_zip(blob)
    new = members.replaced({name: other for name, (_, other) in contents.items()})
    assert read_by_zipfile(new) == {name: other for name, (_, other) in contents.items()}
    assert open_zip(open_zip(new).replaced(dict(old))).parts() == members.parts()


def test_names_are_seen_in_the_first_bytes() -> None:
    assert first_names(BOOK[: BOOK.index(b"b/c.txt") - 5]) == ("mimetype", "a.txt")
    assert first_names(BOOK)[:3] == ("mimetype", "a.txt", "b/c.txt")
    assert first_names(streamed(("a", TEXT), ("b", TEXT))) == ("a", "b")
    assert first_names(b"no archive PK\x03\x04") == ()
    assert first_names(b"") == ()


def _many() -> bytes:
    return archive(*((f"{n:06}", b"") for n in range(40_000)))


def _ends_only() -> bytes:
    return b"PK" + b"PK\x05\x06\xff" * 1_000_000


def _headers_only() -> bytes:
    return b"PK\x03\x04" * 1_300_000


@pytest.mark.parametrize("worst", [_many, _ends_only, _headers_only])
def test_five_megabytes_of_the_worst_take_seconds_at_most(worst: Callable[[], bytes]) -> None:
    blob = worst()
    assert len(blob) > 3_000_000
    start = time.process_time()
    first_names(blob[: 1 << 16])
    try:
        members = open_zip(blob)
        members.replaced({members.names[0]: b"x"})
    except FormatError:
        pass
    assert time.process_time() - start < 8
