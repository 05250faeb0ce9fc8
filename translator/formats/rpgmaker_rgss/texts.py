"""What the strings of a file are written in: said by Ruby, or found out over all of them.

Ace's strings say it (`E` true: UTF-8; false: US-ASCII; `encoding`: its name). Ruby 1.8, which XP and VX have, knows no
encodings: their strings are bytes, UTF-8 in all games that were seen, as the engine draws them.
"""

from collections.abc import Iterable

from translator.core.charset import can_encode, canonical, detect, encode, looks_binary
from translator.core.document import FormatError, FormatOptions, UnencodableError
from translator.core.languages import LANGUAGES
from translator.core.ruby_marshal_values import Marshalled, RubyString

_SAMPLE = 200_000
UTF8 = "utf-8"


def detect_raw(texts: Iterable[bytes]) -> str | None:
    """The charset of strings that do not say theirs: UTF-8 where most are it, else what all together read like.

    None where they are in none that is known. Strings with control characters are no texts and left out.
    """
    size, sample = 0, list[bytes]()
    for text in texts:
        if not is_text(text):
            continue
        sample.append(text)
        size += len(text)
        if size > _SAMPLE:
            break
    if 2 * sum(map(_is_utf8, sample)) >= len(sample):
        return UTF8
    return detect(b"\n".join(sample), whole=True)


def is_text(raw: bytes) -> bool:
    """Whether a string's bytes tell anything about its charset."""
    return not raw.isascii() and not looks_binary(raw)


class Texts:
    """Reads and writes the strings of one file."""

    __slots__ = ("_read", "notices", "output", "raw")

    def __init__(self, read: Marshalled, options: FormatOptions) -> None:
        """Raises FormatError when a charset that was asked for does not exist, or none fits where all depends on it."""
        self._read = read
        self.raw = asked(options.charset) or self._detected(certain=options.name.suffix == ".rvdata2")
        self.output = asked(options.output_charset) or self.raw
        self.notices: tuple[str, ...] = ()
        language = LANGUAGES.get(options.target_language or "")
        if options.output_charset is None and language is not None and not can_encode(self.raw, language.code):
            self.output = UTF8
            self.notices = (switched(self.raw, language.english, "its strings are"),)

    def read(self, string: RubyString) -> str | None:
        """The text of a string; None where it is no text in its charset."""
        charset = self.charset_of(string)
        try:
            return self._read.blob[string.at : string.end].decode(charset) if charset else None
        except UnicodeError:
            return None

    def write(self, key: str, string: RubyString, text: str) -> bytes:
        """A text as its string has it. Raises UnencodableError."""
        charset = self.output if _is_raw(string) else self.charset_of(string)
        if charset is None:
            raise UnencodableError(key, text[:1] or " ", "an unknown charset")
        return encode(text, charset, key=key)

    def charset_of(self, string: RubyString) -> str | None:
        """The charset of a string, None for one that Python does not know."""
        ivars = string.ivars
        if ivars is None:
            return self.raw
        mark = ivars.get("E")
        if isinstance(mark, bool):
            return UTF8 if mark else "ascii"
        name = ivars.get("encoding")
        if not isinstance(name, RubyString):
            return self.raw
        try:
            return canonical(self._read.raw(name).decode("ascii", "replace"))
        except LookupError:
            return None

    def converted(self) -> dict[RubyString, bytes]:
        """All strings that do not say their charset, in the one that the file changes to."""
        if self.output == self.raw:
            return {}
        found: dict[RubyString, bytes] = {}
        for node in self._read.objects:
            if isinstance(node, RubyString) and _is_raw(node) and not self._read.raw(node).isascii():
                text = self.read(node)
                if text is not None:
                    found[node] = encode(text, self.output, key=f"byte {node.at}")
        return found

    def _detected(self, *, certain: bool) -> str:
        """certain: nearly all strings say theirs, so that the others may be no texts at all."""
        read = self._read
        strings = [node for node in read.objects if isinstance(node, RubyString) and _is_raw(node)]
        found = detect_raw(map(read.raw, strings))
        if found is None and certain:
            return UTF8
        if found is None:
            raise FormatError(
                "the texts are in no charset that is known here; name it with --charset", offset=self._unread(strings)
            )
        return found

    def _unread(self, strings: Iterable[RubyString]) -> int | None:
        """Where the first string is that is in no charset, else the first that is not UTF-8."""
        others = [one for one in strings if is_text(raw := self._read.raw(one)) and not _is_utf8(raw)]
        unread = (one for one in others if detect_raw([self._read.raw(one)]) is None)
        return next((one.at for one in (*unread, *others)), None)


def _is_raw(string: RubyString) -> bool:
    return string.ivars is None or not ("E" in string.ivars or "encoding" in string.ivars)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def switched(charset: str, language: str, what: str) -> str:
    """The notice that a charset lacks the target language."""
    return (
        f"{charset} cannot hold {language} text, so {what} written as utf-8; choose another charset with "
        "--output-charset"
    )


def asked(charset: str | None) -> str | None:
    """The charset that was asked for, None where none was. Raises FormatError for an unknown one."""
    if charset is None:
        return None
    try:
        return canonical(charset)
    except LookupError as error:
        raise FormatError(f"there is no charset named {charset!r}") from error
