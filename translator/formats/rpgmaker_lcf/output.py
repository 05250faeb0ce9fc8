"""The code page that files are written in."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from translator.core.charset import can_encode
from translator.core.document import FormatOptions, UnencodableError
from translator.core.languages import LANGUAGES
from translator.formats.rpgmaker_lcf.codepage import CODECS, PAGES, codec

_UTF8 = "utf-8"
_PAGES = (932, 936, 949, 950, 1252, 1251, 1250)
_LOST = "?"
_MARKS = regex.compile(rb"([\x01-\x03])")


@dataclass(frozen=True, slots=True)
class Output:
    """read: the codec that the file is read in. written: the one that it is written in."""

    read: str
    written: str

    @classmethod
    def choose(cls, read: str, options: FormatOptions) -> "Output":
        """The code page that is asked for, else the file's own. Raises FormatError for none that there is."""
        return cls(read, codec(options.output_charset) if options.output_charset else read)

    @property
    def changes(self) -> bool:
        """Whether the file changes to another code page."""
        return self.read != self.written

    @property
    def page(self) -> int:
        """The number of the code page that is written."""
        return PAGES[self.written]

    def encode(self, key: str, text: str) -> bytes:
        """A text in bytes. Raises UnencodableError."""
        try:
            encoded = text.encode(self.written)
        except UnicodeEncodeError as error:
            raise _unencodable(key, text[error.start], self.written) from error
        back = encoded.decode(self.written)
        if back != text:
            wrong = next((a for a, b in zip(text, back, strict=False) if a != b), text[-1])
            raise _unencodable(key, wrong, self.written)
        return encoded

    def convert(self, raw: bytes, place: str = "", *, exact: bool = False) -> bytes:
        """Bytes of the file in the code page that is written; what is no text stays. Raises UnencodableError.

        exact: each character is needed (a file name); else one that is missing becomes another that looks the same, or
        a question mark.
        """
        if not self.changes or raw.isascii():
            return raw
        try:
            text = raw.decode(self.read)
        except UnicodeDecodeError:
            parts = _MARKS.split(raw)  # those of a picture's string are texts of their own
            return raw if len(parts) == 1 else b"".join(self.convert(part, place, exact=exact) for part in parts)
        try:
            return self.encode(place, text)
        except UnencodableError:
            if exact:
                raise
        return "".join(map(self._nearest, text)).encode(self.written)

    def _nearest(self, character: str) -> str:
        """A character, else one that looks the same, else a question mark."""
        if _has(self.written, character):
            return character
        alike = _alike(character)
        return alike if all(_has(self.written, c) for c in alike) else _LOST

    def lost(self, texts: Iterable[str]) -> str:
        """The characters of some texts that become question marks where those stay untranslated."""
        if not self.changes:
            return ""
        found = sorted(set("".join(texts)) - {_LOST})
        return "".join(character for character in found if self._nearest(character) == _LOST)

    def notices(self, options: FormatOptions) -> tuple[str, ...]:
        """What becomes of the code page, one sentence each."""
        return tuple(self._notices(options))

    def _notices(self, options: FormatOptions) -> Iterator[str]:
        if self.changes:
            yield (
                f"The game changes from code page {PAGES.get(self.read, self.read)} to {self.page}, and RPG_RT.ini's "
                "Encoding with it, which EasyRPG Player follows; RPG_RT.exe reads the code page of the Windows that it "
                f"runs on and shows the texts only where that is {self.page}."
            )
        language = LANGUAGES.get(options.target_language or "")
        if language is not None and not can_encode(self.written, language.code):
            fits = [page for page in _PAGES if can_encode(CODECS[page], language.code)]
            windows = "".join(
                f", or cp{page}, which RPG_RT.exe shows on a Windows of that code page" for page in fits[:1]
            )
            yield (
                f"Code page {self.page} cannot hold {language.english}: what has other characters stays as it is. Use "
                f"--output-charset {_UTF8}, which EasyRPG Player reads{windows}."
            )


def _unencodable(key: str, character: str, charset: str) -> UnencodableError:
    fits = [f"cp{page}" for page in _PAGES if _has(CODECS[page], character)]
    return UnencodableError(key, character, charset, instead=(_UTF8, *fits))


def _alike(character: str) -> str:
    """A character that looks the same: GBK has another middle dot than CP932 and Big5, and no kana of half width."""
    return unicodedata.normalize("NFKC", character).replace("・", "·").replace("‧", "·")


def _has(name: str, character: str) -> bool:
    try:
        return character.encode(name).decode(name) == character
    except UnicodeEncodeError:
        return False


def read_as(options: FormatOptions) -> str | None:
    """The codec that the options name. Raises FormatError."""
    return codec(options.charset) if options.charset else None
