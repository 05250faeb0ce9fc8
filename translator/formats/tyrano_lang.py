r"""The translations that TyranoScript reads beside its scenarios: `data/others/lang/<name>.json`, since version 6.

As `convertLang` of `kag.js` looks them up: `scenes` → the scenario's path → `scenario` → a text, as it stands between
two tags on one line; or → `tag` → the tag's name → the attribute → its value; and `charas` → the name behind `#`. An
empty translation is none: the game shows the original. `systems` would replace all words of the engine at once, so its
texts are left as they are.

Keys are the paths themselves, which hold the originals. Settings: `chara.<id>`, what the character of that id is
called, which is translated where `charas` has the id.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from translator.core.collecting import SINGLE
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
from translator.core.json_texts import LaterSegments, Steps, object_or_none, read_json
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role, Segment, quick_segment
from translator.core.textfile import require_utf8

MARKUP = MarkupSyntax((MarkupRule(r"</?[A-Za-z][^<>\n]*>"),))
"""HTML, which the engine shows as such in values of tags."""

_CHOICES = frozenset({"glink", "seladd", "sel"})
_NAME = "name"
_DEPTH = 32


class _Table(NamedTuple):
    """An object of translations by their texts, and what these are. shown: the texts that names stand for."""

    path: tuple[str, ...]
    entries: Mapping[str, object]
    role: Role
    scene: str
    binding: str | None = None
    shown: Mapping[str, str] = MappingProxyType({})


class TyranoLangDocument:
    """A file of translations."""

    def __init__(self, blob: bytes, people: Mapping[str, str]) -> None:
        """Raises FormatError."""
        self._file = read_json(blob)
        root = object_or_none(self._file.value)
        if root is None:
            raise FormatError("not an object of translations", offset=0)
        self._root = root
        self._tables = tuple(_tables(root, people))
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, self._tables))
        some = next(iter(self.segments), None) is not None
        self.notices: Sequence[str] = () if some else ("no text: no scenario has any",)
        self.charset: str | None = None

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            path = tuple(map(_name, key.split("/")))
            if target == self._value(path):
                continue
            if "\n" in target or "\r" in target or "\0" in target:
                raise RefusedTargetError(key, "the engine shows it on one line")
            new[path] = target
        return self._file.with_strings(new)

    def _value(self, path: tuple[str, ...]) -> object:
        """The value that a path leads to. Raises KeyError."""
        value: object = self._root
        for name in path:
            value = _object(value)[name]
        return value

    def held_back(self) -> Iterator[HeldBack]:
        """Words of the engine, and entries that hold no text."""
        tables = {table.path: table.shown for table in self._tables}
        for path, value in _strings(self._root):
            shown, name = tables.get(path[:-1]), path[-1]
            if shown is None or not _is_text(shown.get(name, name)):
                nameless = path[0] == "charas" and shown is not None and shown.get(name) == ""
                why = "id of a character without a name" if nameless else _why(path)
                yield HeldBack("/".join(path[:-1]), value or name, why)


def _tables(root: Mapping[str, object], people: Mapping[str, str]) -> Iterator[_Table]:
    """The objects that the engine looks texts up in, in order. people: what characters are called, by their ids."""
    for part, inside in root.items():
        if part == "charas":
            yield _Table((part,), _object(inside), Role.NAME, part, _NAME, people)
        for scene, kinds in _object(inside).items() if part == "scenes" else ():
            for kind, texts in _object(kinds).items():
                path = (part, scene, kind)
                if kind == "scenario":
                    yield _Table(path, _object(texts), Role.DIALOGUE, scene)
                for tag, attributes in _object(texts).items() if kind == "tag" else ():
                    for attribute, values in _object(attributes).items():
                        name = (tag, attribute) == ("chara_new", "jname")
                        role = Role.NAME if name else Role.CHOICE if tag in _CHOICES else Role.DESCRIPTION
                        yield _Table((*path, tag, attribute), _object(values), role, scene, _NAME if name else None)


def _segments(tables: Sequence[_Table]) -> Iterator[Segment]:
    """The texts, in order; the loop that all the time goes to, so what names seldom hold is looked for at once."""
    for path, entries, role, scene, binding, shown in tables:
        prefix = f"{'/'.join(map(_part, path))}/"
        names = "".join(entries)
        parted, plain = "~" in names or "/" in names, not shown and _is_text(names)
        for name, value in entries.items():
            if not isinstance(value, str):
                continue
            source = name if plain else shown.get(name, name)
            if source and not source.isspace() and (plain or _is_text(source)):
                key = prefix + (_part(name) if parted and ("~" in name or "/" in name) else name)
                yield quick_segment(key, source, role, scene, None, value or None, (), SINGLE, binding)


def _strings(root: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """All strings in objects, in order, with the names that lead to them, of which there are `_DEPTH` at most."""
    path: tuple[str, ...] = ()
    members = iter(root.items())
    above: list[tuple[tuple[str, ...], Iterator[tuple[str, object]]]] = []
    while True:
        for name, value in members:
            if isinstance(value, str):
                yield (*path, name), value
            elif (inside := object_or_none(value)) is not None and len(path) < _DEPTH:
                above.append((path, members))
                path, members = _below(path, name), iter(inside.items())
                break
        else:
            if not above:
                return
            path, members = above.pop()


def _below(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*path, name)


def _object(value: object) -> Mapping[str, object]:
    """A value as an object; an empty one where it is something else."""
    return object_or_none(value) or {}


def _is_text(source: str) -> bool:
    """Whether the engine can look a text up: it stands on one line."""
    return bool(source.strip()) and "\n" not in source and "\r" not in source


def _part(name: str) -> str:
    """A name as part of a key."""
    return name.replace("~", "~0").replace("/", "~1")


def _name(part: str) -> str:
    """The name that is part of a key so."""
    return part.replace("~1", "/").replace("~0", "~") if "~" in part else part


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
