r"""The translations that TyranoScript reads beside its scenarios: `data/others/lang/<name>.json`, since version 6.

As `convertLang` of `kag.js` looks them up: `scenes` → the scenario's path → `scenario` → a text, as it stands between
two tags on one line; or → `tag` → the tag's name → the attribute → its value; and `charas` → the name behind `#`. An
empty translation is none: the game shows the original. `systems` would replace all words of the engine at once, so its
texts are left as they are.

Keys are the paths themselves, which hold the originals. Settings: `chara.<id>`, what the character of that id is
called, which is translated where `charas` has the id.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar, NamedTuple

from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.json_spans import JsonError, JsonReader, Span, decoded, encode_string, told_in_bytes
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Limits, Role, Segment
from translator.core.splice import Edit, splice
from translator.core.textfile import require_utf8

MARKUP = MarkupSyntax((MarkupRule(r"</?[A-Za-z][^<>\n]*>"),))
"""HTML, which the engine shows as such in values of tags."""

_SINGLE = Limits(single=True)
_CHOICES = frozenset({"glink", "seladd", "sel"})
_NAME = "name"


class _Entry(NamedTuple):
    """A string of the file: the names that lead to it, and where it stands (its quotes included)."""

    path: tuple[str, ...]
    value: str
    span: Span


class TyranoLangDocument:
    """A file of translations."""

    def __init__(self, blob: bytes, people: Mapping[str, str]) -> None:
        """Raises FormatError."""
        self._blob = blob
        text, start = decoded(blob)
        self._entries: dict[str, _Entry] = {}
        self._held: list[HeldBack] = []
        segments: list[Segment] = []
        with told_in_bytes(text):
            entries = _entries(text, start)
        for entry in entries.values():
            segment = _segment(entry, people)
            if segment is None:
                self._held.append(HeldBack("/".join(entry.path[:-1]), entry.value or entry.path[-1], _why(entry.path)))
            else:
                self._entries[segment.key] = entry
                segments.append(segment)
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = () if segments else ("no text: no scenario has any",)
        self.charset: str | None = None

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        text, _ = decoded(self._blob)
        edits: list[Edit] = []
        for key, target in targets.items():
            entry = self._entries[key]
            if target == entry.value:
                continue
            if "\n" in target or "\r" in target or "\0" in target:
                raise RefusedTargetError(key, "the engine shows it on one line")
            token = text[entry.span.start : entry.span.end]
            edits.append(Edit(*entry.span, encode_string(target, token)))
        return splice(text, edits).encode("utf-8")

    def held_back(self) -> Iterator[HeldBack]:
        """Words of the engine, and entries that hold no text."""
        return iter(self._held)


def _entries(text: str, start: int) -> dict[tuple[str, ...], _Entry]:
    """All strings in objects, by their paths; the last one holds where a name stands twice. Raises JsonError."""
    found: dict[tuple[str, ...], _Entry] = {}
    reader = JsonReader(text, start)
    path: list[str] = []
    open_objects = [reader.members()]
    while open_objects:
        name = next(open_objects[-1], None)
        if name is None:
            open_objects.pop()
            if path:
                path.pop()
            continue
        if reader.peek() == "{":
            path.append(name)
            if len(path) > _DEPTH:
                raise JsonError("objects lie deeper in each other than the engine looks", reader.position)
            open_objects.append(reader.members())
            continue
        value, span = reader.located()
        if isinstance(value, str):
            found[*path, name] = _Entry((*path, name), value, span)
    reader.finish()
    return found


_DEPTH = 32


def _segment(entry: _Entry, people: Mapping[str, str]) -> Segment | None:
    """The text of an entry; None where it has none, or none for players."""
    match entry.path:
        case ("scenes", scene, "scenario", source):
            role, limits, binding = Role.DIALOGUE, _SINGLE, None
        case ("scenes", scene, "tag", tag, attribute, source):
            name = (tag, attribute) == ("chara_new", "jname")
            role = Role.NAME if name else Role.CHOICE if tag in _CHOICES else Role.DESCRIPTION
            limits, binding = _SINGLE, _NAME if name else None
        case ("charas", name):
            source, scene = people.get(name, name), "charas"
            role, limits, binding = Role.NAME, _SINGLE, _NAME
        case _:
            return None
    if not source.strip() or any(mark in source for mark in "\n\r"):
        return None
    return Segment(
        key="/".join(part.replace("~", "~0").replace("/", "~1") for part in entry.path),
        source=source,
        role=role,
        scene=scene,
        target=entry.value or None,
        limits=limits,
        binding=binding,
    )


def _why(path: tuple[str, ...]) -> str:
    if path[0] == "systems":
        return "word of the engine"
    return "no text in it" if path[0] in ("scenes", "charas") else "nothing that the engine reads"


class TyranoLang:
    """The format `tyrano_lang`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="tyrano_lang",
        title="TyranoScript translations (lang/*.json)",
        family=Family.GAME,
        patterns=("others/lang/*.json",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a JSON file of scenes in a folder `lang`."""
        ours = name.suffix.lower() == ".json" and name.parent.name.lower() == "lang"
        return Confidence.CERTAIN if ours and b'"scenes"' in head else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "the engine reads its translations as UTF-8 only")
        people = {name[6:]: value for name, value in options.settings.items() if name.startswith("chara.")}
        return TyranoLangDocument(blob, people)


FORMAT: Format = TyranoLang()
