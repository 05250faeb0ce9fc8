"""Reading and writing text in the charsets that Japanese and Chinese files come in.

What a file is written in is found by decoding it strictly as each candidate and scoring the outcome; the usual
detectors miss about one in ten short CP932 files (facts measured on 137 files). CP932 is always meant where files
say Shift_JIS: Python's own `shift_jis` lacks ～ － ① ㈱ 髙 ∥ and maps 81 60 to another character.

398 characters of CP932 have two codes, and decoding keeps only the character. So a file stays as it is byte for byte
only where its bytes are copied; `translator.core.lines` keeps them.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from translator.core.document import FormatError, UnencodableError
from translator.core.languages import language as language_of
from translator.core.likelihood import MODELS, likelihood

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "gb18030", "cp950", "euc-jis-2004")
"""What is detected, by the names that are used everywhere here. `cp950` is Big5 as Windows has it, `euc-jis-2004` is
EUC-JP with the characters that vendors added (① ㈱)."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "utf8-sig": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8",
    "utf16": "utf-16", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "shift-jis": "cp932", "shiftjis": "cp932", "sjis": "cp932", "ms932": "cp932", "ms-kanji": "cp932",
    "windows-31j": "cp932", "windows-932": "cp932", "x-sjis": "cp932", "932": "cp932",
    "eucjp": "euc-jp", "ujis": "euc-jp", "euc-jp": "euc-jp",
    "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030", "936": "gb18030",
    "big5": "cp950", "big-5": "cp950", "950": "cp950",
}  # fmt: skip


class _Candidate(NamedTuple):
    """A charset that is tried, the languages that it is used for, and its head start (a logarithm)."""

    charset: str
    models: tuple[str, ...]
    prior: float


_CANDIDATES = (
    _Candidate("utf-8", MODELS, 10.0),  # hardly anything else passes as UTF-8 by chance
    _Candidate("cp932", ("ja",), 0.0),
    _Candidate("euc-jp", ("ja",), 0.0),
    _Candidate("euc-jis-2004", ("ja",), -10.0),  # EUC-JP with vendor characters (① ㈱)
    _Candidate("gb18030", ("zh-CN", "zh-TW", "ja"), -1.0),
    _Candidate("cp950", ("zh-TW",), -1.0),
    _Candidate("utf-16-le", MODELS, -8.0),
    _Candidate("utf-16-be", MODELS, -10.0),
)
_SCORED = 200_000
"""Bytes that are looked at to score a reading; all of the file is decoded."""

_RESPELLED = 5.0
_PER_BYTE, _SLACK = -5.5, 14.0
"""A reading counts as text if it is likelier than random bytes (log 1/256 each), with some slack for tiny files."""

_CERTAIN_UTF8 = 4096
"""From this length on, what decodes as UTF-8 without control characters is UTF-8."""

# Letters that a text in the language can hardly do without; a charset that lacks one of them cannot hold it.
_USUAL = {
    "ja": "あいうえおんアイウエンをっャー一二日本人、。「」々",
    "zh-CN": "们这说为时会对发没国还过么吗让谁边样见东车门问题话语请谢，。“”！？",
    "zh-TW": "們這說為時會對發沒國還過麼嗎讓誰邊樣見東車門問題話語請謝，。「」！？你妳",
    "en": "abcxyzABC",
    "ko": "가나다라는을를이에하고했습니다",
    "fr": "éèêëàâçîïôùûœÉÀ",
    "de": "äöüßÄÖÜ",
    "es": "áéíóúñü¿¡Ñ",
    "it": "àèéìòùÈ",
    "pt": "ãõáéíóúâêôçÃ",
    "pl": "ąćęłńóśźżŁŚ",
    "tr": "çğıöşüİ",
    "vi": "ăâđêôơưạảấầẩậắằẹẻẽếềểệỉịọỏốồổộớờởợụủứừửữựỳỵỷỹ",
    "id": "abcxyzABC",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "th": "กขคงจชดตทนบปพมยรลวสหอะาิีุูเแโใไ่้",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text without its byte order mark, its charset (a name of CHARSETS unless it was given), and the mark."""

    text: str
    charset: str
    bom: bytes


def canonical(name: str) -> str:
    """The charset that `name` means here: `Shift_JIS` is cp932, `GBK` gb18030. LookupError if there is none."""
    wanted = name.strip().lower().replace("_", "-")
    if wanted in _ALIASES:
        return _ALIASES[wanted]
    if wanted in CHARSETS:
        return wanted
    found = codecs.lookup(wanted).name.replace("_", "-")
    "".encode(found)  # raises LookupError for codecs that are no charsets (rot13, base64)
    return _ALIASES.get(found, found)


def decode(blob: bytes, *, charset: str | None = None) -> Decoded:
    """Read a text file, in the given charset or the one that fits best.

    Raises FormatError, with the offset of the first byte that does not fit, when it is in none of CHARSETS or not in
    the one that was given.
    """
    if charset is not None:
        return _decode_as(blob, charset)
    for bom, found in _BOMS:
        if blob.startswith(bom):
            return _decode_as(blob, found)
    found = detect(blob)
    if found is None:
        raise _undetected(blob)
    return Decoded(blob.decode(found), found, b"")


def encode(text: str, charset: str, *, key: str, bom: bytes = b"") -> bytes:
    """`text` in `charset`, after `bom`.

    Raises UnencodableError, which names the segment `key`, the first character that the charset lacks, and charsets
    that have it.
    """
    try:
        return bom + text.encode(charset)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise UnencodableError(key, character, charset, instead=charsets_for(character) or ("utf-8",)) from error


def detect(blob: bytes, *, whole: bool = True) -> str | None:
    """The charset of a file's bytes, None when they are no text in any of CHARSETS.

    whole: False when `blob` is only the start of a file, which may end inside a character.
    """
    for bom, found in _BOMS:
        if blob.startswith(bom):
            return found if _strict(blob[len(bom) :], found, whole=whole) is not None else None
    if blob.isascii() and not _has_controls(blob):
        return "utf-8"
    if len(blob) >= _CERTAIN_UTF8 and not _has_controls(blob) and _reads(blob, "utf-8", whole=whole):
        return "utf-8"
    readings = [c for c in _CANDIDATES if _reads(blob, c.charset, whole=whole)]
    sample = blob[:_SCORED]
    scores = {c.charset: _score(sample, c) for c in readings}
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] < _PER_BYTE * len(sample) - _SLACK:
        return None
    return best


def looks_binary(head: bytes) -> bool:
    """Whether bytes are surely no text in any charset: they have control characters that texts never have.

    Text in UTF-16 without a byte order mark looks binary too; ask `detect` first.
    """
    return not head.startswith(tuple(bom for bom, _ in _BOMS)) and _has_controls(head)


def can_encode(charset: str, language: str) -> bool:
    """Whether a charset can hold texts in a language: it has all of the letters that the language cannot do without.

    Both may be spelled in any usual way; LookupError for an unknown charset, KeyError for an unknown language.
    """
    return _can_encode(canonical(charset), language_of(language).code)


def charsets_for(text: str) -> tuple[str, ...]:
    """The charsets of CHARSETS that have every character of `text`."""
    return tuple(name for name in CHARSETS if _encodes(text, name))


@cache
def _can_encode(charset: str, code: str) -> bool:
    return _encodes(_USUAL[code], charset)


def _encodes(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _decode_as(blob: bytes, charset: str) -> Decoded:
    try:
        name = canonical(charset)
    except LookupError as error:
        known = ", ".join(CHARSETS)
        raise FormatError(f"there is no charset named {charset!r}; known are {known} and those of Python") from error
    if name == "utf-16":
        name = "utf-16-be" if blob.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    bom = next((mark for mark, of in _BOMS if of == name and blob.startswith(mark)), b"")
    try:
        return Decoded(blob[len(bom) :].decode(name), name, bom)
    except UnicodeDecodeError as error:
        at = len(bom) + error.start
        raise FormatError(
            f"the file is not {name} text: byte {at} ({blob[at : at + 4].hex(' ')}) does not fit; "
            "choose another charset, or none to have it detected",
            offset=at,
        ) from error
    except UnicodeError as error:  # some codecs of other charsets raise the bare class
        raise FormatError(f"the file is not {name} text: {error}") from error


def _undetected(blob: bytes) -> FormatError:
    """Name the byte up to which the best candidate came: where bytes are none of its characters, or a control that no
    text has. UTF-16 takes nearly any bytes as characters, so it is a candidate only where many are zero.
    """
    known = ", ".join(CHARSETS)
    wide = blob.count(0) * _ZEROS > len(blob)
    ends = {name: _first_misfit(blob, name) for name in CHARSETS if wide or not name.startswith("utf-16")}
    if None in ends.values():
        at = len(blob) - len(blob.lstrip(_ASCII))
        return FormatError(
            f"the file does not read like text in any charset known here ({known}); if it is text, name its charset",
            offset=at if at < len(blob) else 0,
        )
    best = max(ends, key=lambda name: ends[name] or 0)
    at = ends[best] or 0
    return FormatError(
        f"the file is in none of the charsets known here ({known}); the nearest is {best}, "
        f"which byte {at} ({blob[at : at + 4].hex(' ')}) does not fit; name the charset if you know it",
        offset=at,
    )


def _first_misfit(blob: bytes, charset: str) -> int | None:
    """Where the first byte is that is no text in a charset, None where all is."""
    wide = charset.startswith("utf-16")
    try:
        text = blob.decode(charset)
        end = len(blob)
    except UnicodeDecodeError as error:
        end = error.start
        text = blob[:end].decode(charset, "ignore") if wide else ""
    control = _CONTROL_TEXT.search(text) if wide else _CONTROL_BYTES.search(blob, 0, end)
    if control is not None:
        return len(text[: control.start()].encode(charset)) if wide else control.start()
    return None if end == len(blob) else end


def _has_controls(blob: bytes) -> bool:
    """Whether there are control characters that no text has (all below 32 but tab, line ends, FF, SUB, ESC)."""
    return bool(blob) and len(blob.translate(None, _CONTROLS)) != len(blob)


_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))
_CONTROL_BYTES = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_CONTROL_TEXT = re.compile("[" + re.escape(_CONTROLS.decode()) + "]")
_ASCII = bytes(range(128))
_ZEROS = 32
"""Text in UTF-16 has at least one zero byte (in line ends, tags, spaces) among as many."""


def _strict(blob: bytes, charset: str, *, whole: bool) -> str | None:
    try:
        return blob.decode(charset) if whole else codecs.getincrementaldecoder(charset)("strict").decode(blob)
    except UnicodeDecodeError:
        return None


def _reads(blob: bytes, charset: str, *, whole: bool) -> bool:
    """Whether all of the bytes are text in a charset, without NUL, which no text has."""
    if charset.startswith("utf-16") and whole and len(blob) % 2:
        return False
    text = _strict(blob, charset, whole=whole)
    return text is not None and "\0" not in text


@lru_cache(maxsize=16)  # a small file is asked about once to see which format it is, and again when it is read
def _score(sample: bytes, candidate: _Candidate) -> float:
    """The log-likelihood of a candidate's reading of the sample, with its head start.

    That it is not written back to the same bytes counts against it, but only a little: CP932 has 398 characters with
    two codes.
    """
    text = codecs.getincrementaldecoder(candidate.charset)("strict").decode(sample)
    respelled = not sample.startswith(text.encode(candidate.charset))
    return likelihood(text, candidate.models) + candidate.prior - (_RESPELLED if respelled else 0.0)
