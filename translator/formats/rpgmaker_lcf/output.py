"""The code page that files are written in."""

from collections.abc import Iterator
from dataclasses import dataclass

from translator.core.charset import can_encode
from translator.core.document import FormatOptions, UnencodableError
from translator.core.languages import LANGUAGES
from translator.formats.rpgmaker_lcf.codepage import CODECS, PAGES, codec

_OFFERED = (932, 936, 949, 950, 1252, 1251, 1250, 65001)


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

    def convert(self, raw: bytes, place: str = "") -> bytes:
        """Bytes of the file in the code page that is written; what is no text stays. Raises UnencodableError."""
        if not self.changes or raw.isascii():
            return raw
        try:
            text = raw.decode(self.read)
        except UnicodeDecodeError:
            return raw
        return self.encode(place, text)

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
            fits = [page for page in _OFFERED if can_encode(CODECS[page], language.code)]
            named = ", ".join(map(str, fits))
            yield (
                f"Code page {self.page} cannot hold {language.english}: texts in it stay as they are unless you choose "
                f"another with --output-charset ({named}), for EasyRPG Player or a Windows of that code page."
            )


def _unencodable(key: str, character: str, charset: str) -> UnencodableError:
    fits = [str(page) for page in _OFFERED if _has(CODECS[page], character)]
    return UnencodableError(key, character, charset, instead=fits or ("65001",))


def _has(name: str, character: str) -> bool:
    try:
        return character.encode(name).decode(name) == character
    except UnicodeEncodeError:
        return False


def read_as(options: FormatOptions) -> str | None:
    """The codec that the options name. Raises FormatError."""
    return codec(options.charset) if options.charset else None
