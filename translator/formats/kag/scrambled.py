"""Scenarios that KiriKiri has scrambled: `FE FE`, the mode, `FF FE`, then UTF-16LE text in one of three disguises.

As `TextStream.cpp` of kirikiri2 reads them: mode 0 turns bits of each unit from 20 hex on, mode 1 swaps the bits of
each pair, mode 2 is zlib after two lengths of 64 bits. The engine reads plain UTF-16LE with a byte order mark as well.
"""

import array
import sys
import zlib
from codecs import BOM_UTF16_LE

from translator.core.document import FormatError

MARK = b"\xfe\xfe"
_HEAD = 5
_LENGTHS = 16
_MOST = 64 << 20
"""Bytes that a packed scenario may have: more is no scenario."""


def is_scrambled(blob: bytes) -> bool:
    """Whether a file starts as scrambled ones do."""
    return blob.startswith(MARK) and (len(blob) < _HEAD or blob[3:5] == BOM_UTF16_LE)


def unscrambled(blob: bytes) -> bytes:
    """The file in plain UTF-16LE with its byte order mark. Raises FormatError."""
    if len(blob) < _HEAD:
        raise FormatError("a scrambled scenario that ends in its head", offset=len(blob))
    mode = blob[2]
    body = blob[_HEAD:]
    if mode == 2:  # noqa: PLR2004 - the modes are numbers
        return BOM_UTF16_LE + _inflated(body)
    if mode not in (0, 1):
        raise FormatError(f"scrambled in mode {mode}, which is none of KiriKiri's; unpack the game anew", offset=2)
    if len(body) % 2:
        raise FormatError("scrambled text of half a character", offset=len(blob) - 1)
    units = array.array("H", body)
    if sys.byteorder == "big":
        units.byteswap()
    if mode == 0:
        units = array.array("H", (u ^ ((u & 0xFE) << 8) ^ 1 if u >= 0x20 else u for u in units))  # noqa: PLR2004 - as there
    else:
        units = array.array("H", ((u & 0xAAAA) >> 1 | (u & 0x5555) << 1 for u in units))
    if sys.byteorder == "big":
        units.byteswap()
    return BOM_UTF16_LE + units.tobytes()


def _inflated(body: bytes) -> bytes:
    if len(body) < _LENGTHS:
        raise FormatError("a packed scenario that ends in its lengths", offset=_HEAD + len(body))
    packed = int.from_bytes(body[:8], "little")
    size = int.from_bytes(body[8:16], "little")
    data = body[_LENGTHS:]
    if packed > len(data) or size > _MOST:
        raise FormatError(f"packed text of {packed} bytes, {size} unpacked, in a file of {len(body)}", offset=_HEAD)
    try:
        opened = zlib.decompressobj()
        text = opened.decompress(data[:packed], size + 1)
    except zlib.error as error:
        raise FormatError(f"the packed text is damaged: {error}", offset=_HEAD + _LENGTHS) from error
    if len(text) != size or not opened.eof:
        raise FormatError(f"the packed text does not have the {size} bytes that it says", offset=_HEAD + _LENGTHS)
    return text
