"""A translation file as the engine's own generator writes it, with the originals where the translations belong.

`renpy/translation/generation.py`: a byte order mark, a line with where a block is from, the block with the original's
code in comments; strings as `old` and `new`. The generator's note of the time is left out, so that the same game gives
the same bytes. What stands in a file already is kept byte for byte, and what is missing is put behind it.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from translator.core.document import FormatError
from translator.formats.renpy_tl.entries import headers, originals
from translator.formats.renpy_tl.lexer import ScriptError, read_script
from translator.formats.renpy_tl.literals import encode_python
from translator.games.renpy.script import Block


@dataclass(frozen=True, slots=True)
class Listed:
    """A string as it is listed: where it is from (`game/script.rpy:12`), and what it says."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Present:
    """What translation files hold for a language: identifiers of blocks, originals of strings."""

    blocks: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()


def decoded(blob: bytes) -> str:
    """A script's text with single line feeds; raises FormatError with the offset where it is not UTF-8."""
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"the script is not UTF-8: byte {error.start} does not fit", offset=error.start) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def byte_at(blob: bytes, line: int, column: int) -> int:
    """Where a character of a script is in its file: on which line (from 1) of what `decoded` gives, and in which column
    (from 0).
    """
    text = blob.decode("utf-8", "replace")
    start = int(text.startswith("\ufeff"))
    ends = (found.end() for found in re.finditer(r"\r\n|\r|\n", text))
    start = next(islice(ends, line - 2, None), start) if line > 1 else start
    return len(text[: start + column].encode())


def present(text: str, language: str) -> Present:
    """What a script holds for a language; raises FormatError for one that the engine could not read."""
    if not re.search(rf"\btranslate\s+{re.escape(language)}\b", text):  # most files are of other languages
        return Present()
    try:
        script = read_script(text)
    except ScriptError as error:
        raise FormatError(str(error), offset=len(text[: error.offset].encode("utf-8", "surrogatepass"))) from error
    blocks = frozenset(
        header.what
        for header in headers(script)
        if header.language == language and header.what not in ("strings", "python", "style")
    )
    return Present(blocks, frozenset(text for found, text in originals(script) if found == language))


def completed(
    there: bytes | None, language: str, source: str, blocks: Sequence[Block], strings: Sequence[Listed]
) -> bytes:
    """The translation file of a script: what is there, then the blocks and strings that it lacks.

    source: the script as the engine names it. Raises FormatError where what is there cannot be read.
    """
    have = Present() if there is None else present(decoded(there), language)
    blocks = [block for block in blocks if not have.blocks & {block.identifier, block.alternate}]
    strings = [listed for listed in strings if listed.text not in have.strings]
    if there is not None and not blocks and not strings:
        return there
    parts = [_block(block, language, source) for block in blocks]
    if strings:
        parts.append(f"translate {language} strings:\n\n")
        parts += [
            f"    # {s.place}\n    old {encode_python(s.text)}\n    new {encode_python(s.text)}\n\n" for s in strings
        ]
    added = "".join(parts)
    if there is None:
        return codecs.BOM_UTF8 + ("\n" + added).encode("utf-8", "surrogatepass")
    newline = "\r\n" if b"\r\n" in there else "\n"
    gap = "\n" if not there or there.endswith(b"\n") else "\n\n"
    return there + (gap + added).replace("\n", newline).encode("utf-8", "surrogatepass")


def _block(block: Block, language: str, source: str) -> str:
    lines = [f"# {source}:{block.line}", f"translate {language} {block.identifier}:", ""]
    lines += [f"    # {code}" for code in block.codes]
    lines += [f"    {code}" for code in block.codes]
    return "\n".join([*lines, "", ""])
