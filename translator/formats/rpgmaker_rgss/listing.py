"""The list of a game's scripts (`Scripts.rvdata2`, `.rvdata`, `.rxdata`): each has a number, a name, and its Ruby
source, compressed by zlib.

Scripts in which nothing changes keep their bytes. One that changes is compressed as it was: at the level that gives its
old bytes again (6 in what the editors save; 9, too, was seen), else at 6.

XP and VX run them with Ruby 1.8, to which strings are bytes that the engine draws as UTF-8. So they change their
charset as the game's data do, all of them: one that compares a text with the data's must have it in the same charset.
Ace's Ruby knows encodings, and a script may say its own: these keep theirs.
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from translator.core.charset import can_encode, detect, encode
from translator.core.collecting import SINGLE, Keys
from translator.core.document import FormatError, FormatOptions, HeldBack
from translator.core.languages import LANGUAGES
from translator.core.ruby_marshal_values import Marshalled, RubyArray, RubyString
from translator.core.segment import NO_LIMITS, Segment
from translator.core.splice import Edit, splice
from translator.formats.rpgmaker_rgss.scripts import Part, compared_in, listed_parts, other_strings
from translator.formats.rpgmaker_rgss.texts import asked, switched

_MOST = 32 << 20
"""Bytes that a script may have; the largest that were seen have 0.5 MB."""
_MOST_TOGETHER = 128 << 20
_LEVELS = (6, 9, 1, 5, 7, 8, 4, 3, 2, 0)
_UTF8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Script:
    """A script that holds texts: its data, its charset, and its parts by their keys."""

    data: RubyString
    charset: str
    parts: dict[str, Part]


class ScriptList:
    """The texts of a list of scripts."""

    __slots__ = ("_output", "_read", "by_key", "converted", "notices", "scripts", "segments")

    def __init__(self, read: Marshalled, options: FormatOptions, *, old: bool) -> None:
        """old: they are of XP or VX. `converted`: those that change their charset. Raises FormatError."""
        self._read = read
        self._output = asked(options.output_charset) if old else None
        self.notices: tuple[str, ...] = ()
        everything: list[Script] = []
        self.segments: list[Segment] = []
        self.scripts: list[Script] = []
        self.by_key: dict[str, Script] = {}
        names: Counter[str] = Counter()
        keys = Keys()
        parts: list[tuple[Script, str, Part]] = []
        compared: set[str] = set()
        total = 0
        for name, data in _entries(read):
            names[name] += 1
            prefix = name if names[name] == 1 else f"{name}#{names[name]}"
            source = _inflate(read, data)
            total += len(source)
            if total > _MOST_TOGETHER:
                raise FormatError("the scripts are too large together", offset=data.start)
            found = _charset(source, options.charset)
            if found is None:
                continue
            script = Script(data, found, {})
            if not source.isascii():
                everything.append(script)
            text = source.decode(found)
            compared |= compared_in(text)
            parts += ((script, keys.new(f"{prefix}/{part.key}"), part) for part in listed_parts(name, text))
        for script, key, part in parts:
            if not (part.rule.command and part.raw in compared):
                self._take(script, key, part)
        if old and self._output is None:
            self._switch(everything, options)
        self.converted = [script for script in everything if self.written_in(script) != script.charset]

    def _take(self, script: Script, key: str, part: Part) -> None:
        if not script.parts:
            self.scripts.append(script)
        script.parts[key] = part
        self.by_key[key] = script
        limits = NO_LIMITS if "\n" in part.source else SINGLE
        self.segments.append(Segment(key, part.source, part.rule.role, limits=limits))

    def _switch(self, scripts: list[Script], options: FormatOptions) -> None:
        """Write UTF-8 where the charset of a script lacks the target language."""
        language = LANGUAGES.get(options.target_language or "")
        for script in scripts:
            if language is not None and not can_encode(script.charset, language.code):
                self._output = _UTF8
                self.notices = (switched(script.charset, language.english, "the scripts are"),)
                return

    def written_in(self, script: Script) -> str:
        """The charset that a script is written in."""
        return self._output or script.charset

    def strings(self, targets: dict[str, str]) -> dict[RubyString, bytes]:
        """The new data of the scripts that change. Raises RefusedTargetError and UnencodableError."""
        changed: dict[int, dict[str, str]] = {}
        for key, target in targets.items():
            changed.setdefault(id(self.by_key[key]), {})[key] = target
        wanted = {id(script): script for script in (*self.scripts, *self.converted)}
        kept = {id(script) for script in self.scripts} - set(changed) - {id(script) for script in self.converted}
        return {
            script.data: self._written(script, changed.get(number, {}))
            for number, script in wanted.items()
            if number not in kept
        }

    def _written(self, script: Script, targets: dict[str, str]) -> bytes:
        old = _inflate(self._read, script.data)
        text = old.decode(script.charset)
        charset = self.written_in(script)
        edits: list[Edit] = []
        for key, target in targets.items():
            part = script.parts[key]
            spelled = part.spell(key, target)
            encode(spelled, charset, key=key)
            edits.append(Edit(part.cut.start, part.cut.end, spelled))
        raw = self._read.raw(script.data)
        new = encode(splice(text, edits), charset, key=f"byte {script.data.at}")
        return zlib.compress(new, _level(raw, old))

    def held_back(self) -> Iterator[HeldBack]:
        """The strings with letters that no rule names."""
        taken = {script.data: [part.cut for part in script.parts.values()] for script in self.scripts}
        for name, data in _entries(self._read):
            source = _inflate(self._read, data)
            found = _charset(source, None)
            if found is None:
                yield HeldBack(name, "", "a script in an unknown charset")
                continue
            for text, reason in other_strings(source.decode(found), taken.get(data, [])):
                yield HeldBack(name, text, reason)


def _entries(read: Marshalled) -> Iterator[tuple[str, RubyString]]:
    """The name and the data of each script."""
    if not isinstance(read.root, RubyArray):
        return
    for entry in read.root.items:
        if isinstance(entry, RubyArray) and len(entry.items) > 2:  # noqa: PLR2004  number, name, data
            name, data = entry.items[1:3]
            if isinstance(name, RubyString) and isinstance(data, RubyString):
                yield read.raw(name).decode(_UTF8, "replace"), data


def _inflate(read: Marshalled, data: RubyString) -> bytes:
    if data.at == data.end:
        return b""
    inflater = zlib.decompressobj()
    try:
        source = inflater.decompress(read.raw(data), _MOST)
    except zlib.error as error:
        raise FormatError(f"a script is damaged: {error}", offset=data.at) from error
    if not inflater.eof:
        wrong = "is larger than any script" if inflater.unconsumed_tail else "ends too early"
        raise FormatError(f"a script {wrong}", offset=data.at)
    return source


def _charset(source: bytes, asked: str | None) -> str | None:
    """UTF-8 where it is that, else what was asked for or is found; None where it cannot be read and written back."""
    if _reads(source, _UTF8):
        return _UTF8
    if asked is not None and _reads(source, asked):
        return asked
    found = detect(source)
    return found if found is not None and _reads(source, found) else None


def _reads(source: bytes, charset: str) -> bool:
    try:
        return source.isascii() or source.decode(charset).encode(charset) == source
    except UnicodeError:
        return False


def _level(raw: bytes, source: bytes) -> int:
    """The level at which the source was compressed, 6 where none gives the same bytes."""
    return next((level for level in _LEVELS if zlib.compress(source, level) == raw), _LEVELS[0])
