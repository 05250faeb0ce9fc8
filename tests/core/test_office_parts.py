"""What the packages of Office Open XML have in common."""

from pathlib import PurePath

import pytest

from translator.core.document import Confidence, FormatError, FormatOptions
from translator.core.office_parts import main_part, open_package, rate_package, read_part
from translator.core.zip_members import open_zip
from translator.testing.office_files import content_types, package, relationships

DOCUMENT = {
    "[Content_Types].xml": content_types({"/word/document.xml": "application/xml"}),
    "_rels/.rels": relationships(("rId1", "officeDocument", "word/other.xml")),
    "word/document.xml": "<a/>",
}


def compound(*streams: str) -> bytes:
    """A compound file with only what tells what is in it: the entries of its streams."""
    said = [f"{name}\0".encode("utf-16-le") for name in streams]
    entries = [(name.ljust(64, b"\0") + bytes((len(name), 0))).ljust(128, b"\0") for name in said]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(entries)


@pytest.mark.parametrize(
    ("streams", "what"),
    [
        (("Root Entry", "EncryptionInfo", "EncryptedPackage"), "a workbook that is protected by a password"),
        (("Root Entry", "Workbook"), r"a file of an older program \(\.xls\); save it as \.xlsx"),
        (("Root Entry", "1Table", "WordDocument"), r"a file of an older program \(\.doc\)"),
        (("Root Entry", "WordDocument2"), "a file of an older program; save"),
        ((), "a file of an older program; save"),
    ],
)
def test_a_file_with_a_password_is_told_from_an_older_one(streams: tuple[str, ...], what: str) -> None:
    with pytest.raises(FormatError, match=what):
        open_package(compound(*streams), FormatOptions(), "a workbook", ".xlsx")


def test_a_stream_s_name_inside_of_a_text_tells_nothing() -> None:
    blob = compound("WordDocument").ljust(1025, b"\0") + compound("EncryptedPackage")[512:]
    with pytest.raises(FormatError, match="older"):
        open_package(blob, FormatOptions(), "a Word document", ".docx")


def test_the_main_part_is_the_one_that_is_named_if_it_is_there() -> None:
    assert main_part(open_zip(package(DOCUMENT)), "word/document.xml") == "word/document.xml"
    assert main_part(open_zip(package({**DOCUMENT, "word/other.xml": "<b/>"})), "word/document.xml") == "word/other.xml"
    assert main_part(open_zip(package(DOCUMENT)), "xl/workbook.xml") is None


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("a.docx", package(DOCUMENT), Confidence.CERTAIN),
        ("a.DOCX", b"PK", Confidence.LIKELY),
        ("a.docx", compound(), Confidence.LIKELY),
        ("a.docx", b"text", Confidence.MAYBE),
        ("a.zip", package(DOCUMENT), Confidence.MAYBE),
        ("a.zip", b"PK", Confidence.NONE),
    ],
)
def test_packages_are_told_by_name_and_parts(name: str, head: bytes, sure: Confidence) -> None:
    assert rate_package(PurePath(name), head, {".docx"}, "word") is sure


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_parts_are_in_utf_8_or_utf_16(charset: str) -> None:
    mark = "\ufeff" if charset == "utf-16-be" else ""
    blob = f'{mark}<?xml version="1.0"?><a>あ</a>'.encode(charset)
    part = read_part(open_zip(open_zip(package(DOCUMENT)).replaced({"word/document.xml": blob})), "word/document.xml")
    assert part.text == '<?xml version="1.0"?><a>あ</a>'
    assert part.encoded(part.text) == blob


@pytest.mark.parametrize("blob", [b"\xff\xfe\xff\xff", b"\xfe\xff" + b"\xff" * 48, b"\xff\xfe<"])
def test_a_part_that_is_no_text_is_damaged(blob: bytes) -> None:
    with pytest.raises(FormatError, match=r"word/document\.xml"):
        read_part(open_zip(open_zip(package(DOCUMENT)).replaced({"word/document.xml": blob})), "word/document.xml")
