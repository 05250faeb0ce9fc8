"""The code pages that games are written in: by the name or number that a person gives, or found in the game's texts.

The engine has no mark for it: it reads and writes the code page of the Windows that it runs on. EasyRPG Player takes
it from RPG_RT.ini's entry `Encoding`, in the section `EasyRPG` (liblcf's `ReaderUtil::GetEncoding`), else guesses.
"""

import codecs
from collections.abc import Iterable, Sequence

import regex

from translator.core.document import FormatError
from translator.core.likelihood import likelihood

CODECS = {
    932: "cp932", 936: "gbk", 949: "cp949", 950: "cp950",
    1250: "cp1250", 1251: "cp1251", 1252: "cp1252", 1253: "cp1253", 1254: "cp1254", 1255: "cp1255",
    1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 874: "cp874", 65001: "utf-8",
}  # fmt: skip
"""Python's codecs by the numbers of the code pages."""

PAGES = {codec: page for page, codec in CODECS.items()}
USUAL = "cp1252"
"""What a game without any character above ASCII is read in."""

_ALIASES = {
    "shift-jis": 932, "sjis": 932, "shiftjis": 932, "ms932": 932, "windows-31j": 932, "shift-jis-2004": 932,
    "gb2312": 936, "gb18030": 936, "euc-cn": 936, "euc-kr": 949, "uhc": 949, "big5": 950, "big-5": 950,
    "ascii": 1252, "us-ascii": 1252, "latin-1": 1252, "iso-8859-1": 1252,
}  # fmt: skip
_NUMBER = regex.compile(r"(?:cp|windows|ms|ibm)?[- ]?(\d{3,5})")
_SAMPLE = 200_000
_MISFIT, _HANGUL = -40.0, -7.0
_HANGULS = regex.compile("[\uac00-\ud7a3]")
_HIGH = regex.compile(rb"[\x80-\xff]+")
_ENOUGH, _FEW = 24, 12
"""Bytes above ASCII by which the texts of events decide alone, and by which they do with what else the makers wrote: a
game may have left the rest in another language.
"""

_LANGUAGES = {
    "zh-CN": "gbk", "zh-TW": "cp950", "ko": "cp949", "ru": "cp1251", "uk": "cp1251", "pl": "cp1250", "tr": "cp1254",
    "vi": "cp1258", "th": "cp874", "ar": "cp1256",
    **dict.fromkeys(("en", "fr", "de", "es", "it", "pt"), "cp1252"),
}  # fmt: skip
"""The code pages of languages; Japanese is what is meant where nobody says a language, so it tells nothing."""
_SAID = 0.5
"""What it counts for a code page, for each byte, that it is the one of the language that the game is said to be in."""

_EASTERN = (("cp932", ("ja",)), ("gbk", ("zh-CN",)), ("cp950", ("zh-TW",)))
_IN_A_ROW = 2.2
"""The mean length of runs of bytes above ASCII from which on a text is in an alphabet of its own (Cyrillic)."""


def codec(name: str) -> str:
    """Python's codec for a code page that a person names: `932`, `cp932`, `Shift_JIS`, `windows-1251`, `GBK`.

    Raises FormatError for what no code page is.
    """
    wanted = name.strip().lower().replace("_", "-")
    number = _NUMBER.fullmatch(wanted)
    page = int(number[1]) if number else _ALIASES.get(wanted)
    if page in CODECS:
        return CODECS[page]
    try:
        found = codecs.lookup(wanted).name
    except LookupError:
        found = ""
    if found not in PAGES:
        known = ", ".join(map(str, CODECS))
        raise FormatError(f"{name!r} is no code page that the engine can have; known are {known}")
    return found


def detect(events: Iterable[bytes], own: Iterable[bytes] = (), others: Iterable[bytes] = (), language: str = "") -> str:
    """The codec that the texts of a game read best in.

    events: those that events show. own: what its makers wrote of the database. others: the rest, which may be left from
    another language. language: the one that the game is said to be in.
    """
    sample = _sample(events)
    for enough, more in ((_ENOUGH, own), (_FEW, others)):
        if sum(map(len, _HIGH.findall(sample))) < enough:
            sample += b"\n" + _sample(more)
    if sample.isascii():
        return USUAL
    scores = {name: _score(sample, name, models) for name, models in _EASTERN}
    scores["cp949"] = _korean(sample)
    scores["utf-8"] = _score(sample, "utf-8", ("ja", "zh-CN", "zh-TW", "western"))
    said = _LANGUAGES.get(language)
    western = _western(sample) if said is None or said in scores else said
    scores[western] = _score(sample, western, ("western",))
    if said is not None:
        scores[said] += _SAID * len(sample)
    return max(scores, key=lambda name: scores[name])


def _sample(texts: Iterable[bytes]) -> bytes:
    """Texts, each once, up to a size; those without a byte above ASCII decide nothing."""
    found: dict[bytes, None] = {}
    size = 0
    for text in texts:
        if not text.isascii() and text not in found:
            found[text] = None
            size += len(text)
            if size > _SAMPLE:
                break
    return b"\n".join(found)


def _decoded(sample: bytes, name: str) -> tuple[str, int]:
    """The sample, and how many places of it do not fit."""
    text = "\n".join(line.decode(name, "replace") for line in sample.split(b"\n"))
    misfits = text.count("\ufffd")
    return text.replace("\ufffd", ""), misfits


def _score(sample: bytes, name: str, models: tuple[str, ...]) -> float:
    text, misfits = _decoded(sample, name)
    return likelihood(text, models) + misfits * _MISFIT


def _korean(sample: bytes) -> float:
    text, misfits = _decoded(sample, "cp949")
    hanguls = len(_HANGULS.findall(text))
    return likelihood(_HANGULS.sub("", text), ("ja", "western")) + hanguls * _HANGUL + misfits * _MISFIT


def _western(sample: bytes) -> str:
    """The likeliest code page of one byte a character: by the length of the runs above ASCII, and by their letters."""
    runs: Sequence[bytes] = _HIGH.findall(sample)
    if sum(map(len, runs)) / len(runs) >= _IN_A_ROW:
        return "cp1251"
    central, western = (_letters(sample, letters, name) for letters, name in (_CENTRAL, _WESTERN))
    return "cp1250" if central > western else "cp1252"


_CENTRAL = ("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰöüÖÜäôľĺŕ", "cp1250")
_WESTERN = ("äöüßÄÖÜéèêëàâáãçîïíìôóòõûúùñÑÉÈÊÀÂÁÃÇÎÍÔÓÕÚÛœæåøÅØÆ¿¡«»ªº", "cp1252")


def _letters(sample: bytes, letters: str, name: str) -> int:
    text = _decoded(sample, name)[0]
    return sum(text.count(letter) for letter in letters)
