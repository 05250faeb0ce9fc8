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

from translator.core.collector import collector_paused
from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.json_spans import encode_string
from translator.core.json_texts import Steps, object_or_none, read_json
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Limits, Role, Segment
from translator.core.splice import Edit
from translator.core.textfile import require_utf8

MARKUP = MarkupSyntax((MarkupRule(r"</?[A-Za-z][^<>\n]*>"),))
"""HTML, which the engine shows as such in values of tags."""

_SINGLE = Limits(single=True)
_DIALOGUE = Role.DIALOGUE
_CHOICES = frozenset({"glink", "seladd", "sel"})
_NAME = "name"


class _Entry(NamedTuple):
    """A string of the file, and the names that lead to it."""

    path: tuple[str, ...]
    value: str


class TyranoLangDocument:
    """A file of translations."""

    def __init__(self, blob: bytes, people: Mapping[str, str]) -> None:
        """Raises FormatError."""
        self._file = read_json(blob)
        self._entries: dict[str, _Entry] = {}
        self._held: list[HeldBack] = []
        segments: list[Segment] = []
        for entry in self._strings():
            segment = _segment(entry, people)
            if segment is None:
                self._held.append(HeldBack("/".join(entry.path[:-1]), entry.value or entry.path[-1], _why(entry.path)))
            else:
                self._entries[segment.key] = entry
                segments.append(segment)
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = () if segments else ("no text: no scenario has any",)
        self.charset: str | None = None

    def _strings(self) -> Iterator[_Entry]:
        """All strings in objects, in order. Raises FormatError."""
        root = object_or_none(self._file.value)
        if root is None:
            raise FormatError("not an object of translations", offset=0)
        path: tuple[str, ...] = ()
        members = iter(root.items())
        above: list[tuple[tuple[str, ...], Iterator[tuple[str, object]]]] = []
        while True:
            for name, value in members:
                if isinstance(value, str):
                    yield _Entry((*path, name), value)
                elif (inside := object_or_none(value)) is not None:
                    if len(path) == _DEPTH:
                        raise FormatError("objects lie deeper in each other than the engine looks", offset=0)
                    above.append((path, members))
                    path, members = _below(path, name), iter(inside.items())
                    break
            else:
                if not above:
                    return
                path, members = above.pop()

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            entry = self._entries[key]
            if target == entry.value:
                continue
            if "\n" in target or "\r" in target or "\0" in target:
                raise RefusedTargetError(key, "the engine shows it on one line")
            new[entry.path] = target
        if not new:
            return self._file.blob
        text = self._file.text
        places = self._file.locate(text, new.keys())
        edits = [Edit(*span, encode_string(new[path], text[span.start : span.end])) for path, span in places.items()]
        return self._file.spliced(text, edits)

    def held_back(self) -> Iterator[HeldBack]:
        """Words of the engine, and entries that hold no text."""
        return iter(self._held)


_DEPTH = 32


def _below(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*path, name)


def _segment(entry: _Entry, people: Mapping[str, str]) -> Segment | None:
    """The text of an entry; None where it has none, or none for players."""
    match entry.path:
        case ("scenes", scene, "scenario", source):
            role, limits, binding = _DIALOGUE, _SINGLE, None
        case ("scenes", scene, "tag", tag, attribute, source):
            name = (tag, attribute) == ("chara_new", "jname")
            role = Role.NAME if name else Role.CHOICE if tag in _CHOICES else Role.DESCRIPTION
            limits, binding = _SINGLE, _NAME if name else None
        case ("charas", name):
            source, scene = people.get(name, name), "charas"
            role, limits, binding = Role.NAME, _SINGLE, _NAME
        case _:
            return None
    if not source.strip() or "\n" in source or "\r" in source:
        return None
    return Segment(
        key="/".join(map(_part, entry.path)),
        source=source,
        role=role,
        scene=scene,
        target=entry.value or None,
        limits=limits,
        binding=binding,
    )


def _part(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


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
        with collector_paused():
            return TyranoLangDocument(blob, people)


FORMAT: Format = TyranoLang()
