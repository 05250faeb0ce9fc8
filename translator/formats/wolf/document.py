"""A file of the game, opened: its texts, what it holds back, and how it is written back."""

from collections.abc import Iterator, Mapping, Sequence

from translator.core.charset import can_encode
from translator.core.collecting import SINGLE, About
from translator.core.document import FormatError, FormatOptions, HeldBack, RefusedTargetError, UnencodableError
from translator.core.languages import LANGUAGES
from translator.core.segment import NO_LIMITS, Role, Segment
from translator.core.splice import ByteEdit, splice_bytes
from translator.core.textfile import require_utf8
from translator.formats.wolf.collector import HEAD, Collector, is_crlf
from translator.formats.wolf.events import take_event
from translator.formats.wolf.facts import FILE_FIELD, FieldFacts, GameFacts
from translator.formats.wolf.opened import Opened, open_file, page
from translator.formats.wolf.packing import Kind
from translator.formats.wolf.reader import Reader, Slot
from translator.formats.wolf.rules import field_role, has_letters, is_memo_field, is_path, is_text_field
from translator.formats.wolf.structure import GameDat

_NO_TEXT = {
    Kind.MAP: "no event on the map shows any",
    Kind.COMMON_EVENTS: "no common event shows any",
    Kind.PROJECT: "it holds the names of types, fields and data, which the game looks things up by",
    Kind.DATABASE: "no value of the database reads like language",
    Kind.GAME: "the game has no title",
    Kind.TILE_SETS: "it holds the names of tile sets and of their files",
}
_NO_FIELD = FieldFacts()


class NoPlaceError(UnencodableError):
    """A character that the game's code page lacks; its message says what would hold it."""

    def __init__(self, key: str, character: str, charset: str) -> None:
        known = [name for name in ("cp932", "gb18030", "cp950", "cp949", "cp1251", "cp1252") if _has(name, character)]
        super().__init__(key, character, charset, instead=known)
        begun = f"{key}: {charset} has no {character!r} (U+{ord(character):04X}); "
        if charset == "utf-8":
            self.args = (f"{begun}no file can hold it",)
            return
        choose = (
            f"--output-charset {' or '.join(known)} writes the game for a Windows of that language" if known else ""
        )
        convert = "saving the game with version 3 of the editor makes it UTF-8, which has all"
        self.args = (begun + "; ".join(part for part in (choose, convert) if part),)


def _has(charset: str, character: str) -> bool:
    try:
        character.encode(page(charset))
    except UnicodeEncodeError:
        return False
    return True


class WolfDocument:
    """A file of the game."""

    def __init__(self, blob: bytes, kind: Kind, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._opened = open_file(blob, kind, options.charset)
        self._output = _output(self._opened, options)
        collector = Collector(self._opened, GameFacts.read(options.settings))
        _take(collector)
        self.segments: Sequence[Segment] = tuple(collector.segments)
        self._collector = collector
        self._slots = collector.slot_of
        self.notices: Sequence[str] = tuple(self._notices(options))
        self.charset: str | None = None if self._output == "utf-8" else self._output

    def _notices(self, options: FormatOptions) -> Iterator[str]:
        if not self.segments:
            yield f"no text: {_NO_TEXT[self._opened.contents.kind]}"
        language = LANGUAGES.get(options.target_language or "")
        if options.settings or language is None or self._output == "utf-8":
            return  # of a whole game the game says it once
        if not can_encode(self._output, language.code):
            yield lacking(self._output, language.english)

    def held_back(self) -> Iterator[HeldBack]:
        """See `HoldsBack.held_back`."""
        for key, slot, reason in self._collector.held:
            text = self._opened.text(slot)
            if text is None:
                text = slot.raw(self._opened.contents.data).decode("ascii", "backslashreplace")
            if text.strip():
                yield HeldBack(key, text, reason)

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`. In another charset all strings that it holds are written, others keep their bytes."""
        changed = {self._slots[key].at: self._slots[key] for key in targets}
        converts = self._output != self._opened.charset
        if not changed and not converts:
            return self._blob
        data = self._opened.contents.data
        edits: list[ByteEdit] = []
        for slot in self._opened.slots:
            if slot.at in changed:
                new = self._spelled(slot, targets)
            elif converts:
                new = self._converted(slot)
            else:
                continue
            if new is not None:
                edits.append(ByteEdit(slot.at, slot.end, (len(new) + 1).to_bytes(4, "little") + new + b"\0"))
        spliced = splice_bytes(data, edits)
        game = self._opened.game
        if game is not None:
            spliced = _moved(data, spliced, game)
        return self._opened.contents.file(spliced)

    def _converted(self, slot: Slot) -> bytes | None:
        """A string that is not translated, in the output's charset; None where it stays as it is."""
        text = self._opened.text(slot)
        if not text or text.isascii():
            return None
        try:
            return spelled(text, self._output).encode(self._output)
        except UnicodeEncodeError:
            return None

    def _spelled(self, slot: Slot, targets: Mapping[str, str]) -> bytes | None:
        parts = self._collector.parts[slot.at]
        old = self._opened.text(slot) or ""
        crlf = is_crlf(old)
        keys = [part.key for part in parts if part.key and part.key in targets]
        for key in keys:
            _check(key, targets[key], free="\r" in old and not crlf)
            if key in self._collector.values and (taken := self._collector.misread(targets[key])):
                raise RefusedTargetError(key, f"{targets[key][:60]!r} would be taken for something else: {taken}")
        text = "".join(targets.get(part.key, part.text) if part.key else part.text for part in parts)
        if text == "".join(part.text for part in parts) and self._output == self._opened.charset:
            return None
        if len(parts) > 1 and not parts[0].text and HEAD.match(text):
            raise RefusedTargetError(keys[0], "a first line that is @ and a number would choose a face")
        return self._encoded(keys[0], text.replace("\n", "\r\n") if crlf else text)

    def _encoded(self, key: str, text: str) -> bytes:
        try:
            return spelled(text, self._output).encode(self._output)
        except UnicodeEncodeError as error:
            raise NoPlaceError(key, text[error.start], self._output) from error


def spelled(text: str, charset: str) -> str:
    """`text` as it is written in a code page: 936 has the dot of ア・イ only as the Chinese one, as Windows maps it."""
    return text.replace("・", "·") if charset == "gbk" else text


def _check(key: str, target: str, *, free: bool) -> None:
    """Refuse what would be read back otherwise. free: the string has carriage returns in no regular way."""
    if "\0" in target:
        raise RefusedTargetError(key, "a zero byte ends a string")
    if "\r" in target and not free:
        raise RefusedTargetError(key, "lines are parted by line feeds; a carriage return cannot stand here")
    if not target.strip() or not has_letters(target):
        raise RefusedTargetError(key, f"nothing to read is left in {target[:60]!r}")


def lacking(charset: str, language: str) -> str:
    """The notice for a game in a code page that cannot hold a language."""
    return (
        f"The texts are {charset}, which cannot hold {language}: version 2 of the engine reads the code page that "
        "Windows is set to. With --output-charset all files are written in another one (gb18030, which is Windows' "
        "936, for simplified Chinese, cp950 for traditional); the game then runs on a Windows of that language. Or "
        "open and save the game with version 3 of the editor first, which makes it UTF-8."
    )


def _output(opened: Opened, options: FormatOptions) -> str:
    """The codec that a file is written in. Raises FormatError."""
    if opened.charset == "utf-8":
        require_utf8(options, "version 3 of WOLF RPG Editor reads UTF-8 only")
        return "utf-8"
    if options.output_charset is None:
        return opened.charset
    output = page(options.output_charset)
    if output.startswith(("utf", "gb18030")):
        raise FormatError(
            f"version 2 of WOLF RPG Editor reads a code page of Windows, not {options.output_charset}; "
            "version 3 of the editor makes a game UTF-8"
        )
    return output


def _take(collector: Collector) -> None:
    """Take the texts of a file."""
    opened = collector.opened
    kind = "common" if opened.contents.kind is Kind.COMMON_EVENTS else "event"
    for event in opened.events:
        take_event(event, kind, collector)
    _take_values(collector)
    _take_names(collector)
    if opened.game is not None:
        roles = {"title": Role.NAME}
        for name, slot in opened.game.texts.items():
            collector.shown(name, slot, About(roles.get(name, Role.TERM), limits=SINGLE))


def _take_values(collector: Collector) -> None:
    for value in collector.opened.values:
        field = collector.facts.fields.get((value.type, value.field), _NO_FIELD)
        role = field_role(field.name)
        notes = (f"{field.type}: {field.name}",) if field.name else ()
        about = About(role, f"type/{value.type}", notes=notes, limits=SINGLE if role is Role.NAME else NO_LIMITS)
        kept = "note of the makers" if is_memo_field(field.name) else ""
        if field.kind == FILE_FIELD and is_path(collector.opened.text(value.slot) or ""):
            kept = "file name"
        key = f"type/{value.type}/data/{value.data}/field/{value.field}"
        collector.value(key, value.slot, about, text_field=is_text_field(field.name), kept=kept)


def _take_names(collector: Collector) -> None:
    """The names of data: offered where they are read into strings, or change together with a value."""
    facts, opened = collector.facts, collector.opened
    for number, kind in enumerate(opened.types):
        collector.hold(f"type/{number}/name", kind.name, "type name")
        for place, field in enumerate(kind.fields):
            collector.hold(f"type/{number}/field/{place}/name", field.name, "field name")
        read = number in facts.names
        scene = f"type/{number}"
        for place, slot in enumerate(kind.data):
            key = f"type/{number}/data/{place}/name"
            about = About(Role.NAME, scene, limits=SINGLE)
            if opened.text(slot) in facts.bound:
                collector.compared(key, slot, about)
            elif read:
                collector.value(key, slot, about, text_field=True)
            else:
                collector.hold(key, slot, "data name")


def _moved(before: bytes, after: bytes, game: GameDat) -> bytes:
    """Game.dat with its own size (less one) and the two offsets behind it as they are for the changed file."""
    delta = len(after) - len(before)
    size_at, offsets_at = game.size_at + delta, game.offsets_at + delta
    if not delta or Reader(before, game.size_at).number() != len(before) - 1:
        return after
    edits: list[ByteEdit] = []
    for at in (size_at, offsets_at, offsets_at + 4):
        moved = Reader(after, at).number() + delta
        edits.append(ByteEdit(at, at + 4, (moved % (1 << 32)).to_bytes(4, "little")))
    return splice_bytes(after, edits)
