"""A translation that was read in another encoding than it was written in, or that has characters no text has."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw

# Controls but tab and line ends, the halves of characters (surrogates), what is no character, and what stands for one
# that could not be read. A text with them can be stored and not be written.
_NO_TEXT = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]|\r(?!\n)")

# The bytes 80 to BF of UTF-8, which go on with a character, as Windows-1252 shows them.
_ON = regex.escape("".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)), special_only=False)
_MOJIBAKE = tuple(
    map(
        regex.compile,
        (
            # Two characters at least; one alone may be the end of speech (né…»). Some bytes are lost on the way.
            rf"(?:[Â-ß][{_ON}]|[à-ï][{_ON}]{{2}}|ð[{_ON}]{{3}}){{2,}}|(?:[ã-é][{_ON}]{{1,2}}){{3,}}",
            # One letter (é) is certain where no sign follows that stands after words (NÃ…), and so are ’ and ，.
            "[ÃÂ][¡-©¬-±³-¶¸¹¼-¿ŸŠŽšžœƒ†‡‰]|[âã]€|ï[¼½]",
            # UTF-8 read as GBK, put into UTF-8 once more; memory that nobody wrote to.
            "锟斤拷|烫{3,}|屯{4,}",
            # Kana in UTF-8 read as Shift_JIS.
            r"(?:[縺繧]\P{Hiragana}){2,}",
        ),
    )
)
_SUSPECT = regex.compile("[Â-ô锟烫屯縺繧锛銆鈥]")
# The marks of Chinese and Japanese in UTF-8, read as GBK (，。！？“”): characters that texts hardly have.
_MARKS_AS_GBK = regex.compile("[锛銆鈥]")
_MARKS = regex.compile("[，。！？：；、“”‘’…—「」]")
_SHOWN = 20


def look(case: Case) -> Iterator[Flaw]:
    """Flag what was read in the wrong encoding (é as Ã©, 主人 as ä¸»äºº), replacement characters, control characters
    and halves of characters, where the source has not the same.
    """
    target, source = case.target, case.unit.source
    for found in _NO_TEXT.finditer(target):
        if found.group() not in source:
            yield Flaw(f"no text has the character U+{ord(found.group()):04X}", found.span())
            return
    if target.isascii() or _SUSPECT.search(target) is None:
        return
    for pattern in _MOJIBAKE:
        found = pattern.search(target)
        if found is not None and found.group() not in source:
            yield Flaw(f"text in the wrong encoding: {found.group()[:_SHOWN]!r}", found.span())
            return
    found = _MARKS_AS_GBK.search(target)
    if found is not None and found.group() not in source and _MARKS.search(_reread(target)):
        yield Flaw(f"text in the wrong encoding: {target[found.start() :][:_SHOWN]!r}", found.span())


def _reread(text: str) -> str:
    """What a text was, if it was UTF-8 and was read as GBK."""
    return text.encode("gb18030", "ignore").decode("utf-8", "ignore")


CHECK = Check(
    "garbled",
    Severity.ERROR,
    look,
    "text in the wrong encoding (`ä¸»äºº`, `Ã©`, 锟斤拷), `U+FFFD`, control characters and halves of characters that "
    "the source has not",
)
