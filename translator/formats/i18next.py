r"""i18next and other nested JSON of texts by key: every string at the end of a path is a text, names never are.

The JSON is spliced: white space, the order of names, escapes (`\u3042` where all of the file is ASCII), byte order mark
and line ends stay. Where an object has a name twice the last one holds, as in every usual reader. UTF-8 only.

Keys: the names on the way, joined by full stops (`menu.file.open`); a full stop or backslash in a name has a backslash
before it, an empty name is `\e`; elements of an array go by their numbers. Scenes are the outermost names.

Plural and context suffixes (`_one`, `_other`, `_male`; i18next's JSON v4 and before) become notes. Markup: `{{x}}`,
`$t(key)`, ICU's `{x}` and the frame of `{n, plural, one {…} other {…}}`, tags (`<0>`, `<b>`), `%s`, entities.

Held back: links, file names, colours, and in `_locales/<language>/messages.json` (browser extensions) all but
`message`. A file that is data of a game or a tool's settings is nobody's: see `I18nextFormat.sniff`.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import ClassVar, cast, overload

import regex

from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.json_spans import JsonError, JsonReader, Span, Spelling, encode_string
from translator.core.locales import is_locale
from translator.core.loose import guess_role
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Segment
from translator.core.splice import Edit, splice
from translator.core.textfile import require_utf8

_ICU = r"(?:plural|select|selectordinal)"
_IN_ICU = rf"(?<=\{{\s*\w+\s*,\s*{_ICU}\s*,.*)"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\{\{[^{}]*\}\}"),
        MarkupRule(r"\$[A-Z][A-Z0-9_]*\$"),
        MarkupRule(r"\$t\((?:[^()]|\([^()]*\))*\)"),
        MarkupRule(rf"\{{\s*\w+\s*,\s*{_ICU}\s*,(?:\s*offset:\d+)?(?:\s*(?:=\d+|\w+)\s*\{{)?"),
        MarkupRule(rf"{_IN_ICU}\}}?\s*(?:=\d+|\w+)\s*\{{"),
        MarkupRule(rf"{_IN_ICU}(?:\}}|#)"),
        MarkupRule(r"\{\s*[\w.]*\s*(?:,[^{}]*)?\}"),
        MarkupRule(r"</[A-Za-z0-9][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<[A-Za-z0-9][^<>\n]*/>"),
        MarkupRule(r"<[A-Za-z0-9][^<>\n]*>", Fate.OPEN),
        MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
        MarkupRule(r"%%|%(?:\d+\$)?[-+0]?\d*(?:\.\d+)?[sdifxX@]|%\(\w+\)[sdif]|%\{\w+\}"),
    )
)

_FOLDERS = frozenset(
    {"locales", "locale", "_locales", "i18n", "lang", "langs", "language", "languages", "l10n", "translations",
     "translation", "localization", "localisation", "intl", "messages"}
)  # fmt: skip
_STEMS = frozenset({"translation", "translations", "i18n", "locale", "messages", "strings", "common", "texts"})
_NEVER = frozenset(
    {"package", "package-lock", "composer", "manifest", "tsconfig", "jsconfig", "config", "settings", "plugins",
     "manualtransfile", "trsdata", "app", "angular", "bower", "vercel", "renovate", "info"}
)  # fmt: skip
_OTHERS = regex.compile(rb'"(?:scenes|charas|\$schema|dependencies|compilerOptions|tileset|tilesetId|gameTitle)"\s*:')
"""Names that files of games and tools have (TyranoScript's `lang/<name>.json` has `scenes`)."""

_START = regex.compile(rb'\s*\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:\s*(?:["{\[]|null|true|false|-?\d))')
_SUFFIX = re.compile(r"_(zero|one|two|few|many|other|plural|\d+|male|female|interval|ordinal_[a-z]+)(?:\.\w+)?$")
_LINK = re.compile(r"(?:https?|mailto|tel|ftp):\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_FILE = re.compile(r"(?:[\w.~-]*/)*[\w.-]+\.(?:png|jpe?g|gif|svg|webp|mp3|ogg|wav|mp4|json|html?|css|js|pdf|ttf)")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}")

_Steps = tuple[str | int, ...]
_Container = dict[str | int, object] | list[object]
_Row = tuple[str, str, str]
"""A key, its text and its scene."""


class _Segments(Sequence[Segment]):
    """The segments of a file, made when they are first looked at: how many there are is known without."""

    def __init__(self, rows: list[_Row]) -> None:
        self._rows = rows

    @cached_property
    def _made(self) -> tuple[Segment, ...]:
        with collector_paused():
            return tuple(
                Segment(key, text, guess_role(text), scene, None, None, _notes(key) if "_" in key else ())
                for key, text, scene in self._rows
            )

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._made)

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Segment]: ...
    def __getitem__(self, index: int | slice) -> Segment | Sequence[Segment]:
        return self._made[index]

    def __eq__(self, other: object) -> bool:
        return self._made == (other._made if isinstance(other, _Segments) else other)

    def __hash__(self) -> int:
        return hash(self._made)


class I18nextDocument:
    """A file of texts by key."""

    def __init__(self, blob: bytes, *, browser: bool) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._browser = browser
        text = self._decoded()
        start = _start(text)
        try:
            reader = JsonReader(text, start)
            value = reader.value()
            reader.finish()
        except JsonError as error:
            raise FormatError(str(error), offset=_offset(text, error.position)) from error
        if not isinstance(value, dict):
            raise FormatError("not an object of texts by key", offset=_offset(text, start))
        self._value = cast("dict[str | int, object]", value)
        self._held: list[HeldBack] = []
        self._spelling = Spelling(ascii_only="\\u" in text and text[start:].isascii())
        self.segments: Sequence[Segment] = _Segments(self._read())
        self.notices: Sequence[str] = () if self.segments else ("no text: all its strings are empty or held back",)
        self.charset: str | None = None

    def _decoded(self) -> str:
        try:
            return self._blob.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(f"not UTF-8: {error.reason}", offset=error.start) from error

    def _read(self) -> list[_Row]:
        """The texts, in order; the loop that all the time goes to, so its usual cases call nothing of Python's."""
        rows: list[_Row] = []
        browser = self._browser
        stack: list[tuple[str, str, Iterator[tuple[str | int, object]]]] = [("", "", _members(self._value))]
        while stack:
            prefix, scene, members = stack[-1]
            for step, value in members:
                if isinstance(step, str) and step and "." not in step and "\\" not in step:
                    key = f"{prefix}{step}"
                else:
                    key = prefix + _step(step)
                if isinstance(value, str):
                    if not value or value.isspace():
                        continue
                    if browser or (" " not in value and ("." in value or ":" in value or "#" in value)):
                        reason = "for translators only" if browser and step != "message" else _reason(value)
                        if reason is not None:
                            self._held.append(HeldBack(key, value, reason))
                            continue
                    rows.append((key, value, scene))
                elif isinstance(value, dict | list):
                    below = scene if len(stack) > 1 else str(step)
                    stack.append((f"{key}.", below, _members(cast("_Container", value))))
                    break
            else:
                stack.pop()
        return rows

    @cached_property
    def _places(self) -> dict[str, tuple[_Steps, str]]:
        """The path and the text of each key."""
        return {key: (path, text) for key, path, text in _leaves(self._value)}

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[_Steps, str] = {}
        for key, target in targets.items():
            path, source = self._places[key]
            if source != target:
                new[path] = target
        if not new:
            return self._blob
        text = self._decoded()
        with collector_paused():
            spans = _locate(text, _start(text), new)
            edits = [
                Edit(span.start, span.end, encode_string(new[path], text[span.start : span.end], self._spelling))
                for path, span in spans.items()
            ]
            return splice(text, edits).encode("utf-8")

    def held_back(self) -> Iterator[HeldBack]:
        """Strings that are links, files, colours, or seen by translators only."""
        yield from self._held


def _step(step: str | int) -> str:
    """A step of a path as part of a key."""
    if isinstance(step, int):
        return str(step)
    return step.replace("\\", "\\\\").replace(".", "\\.") if "." in step or "\\" in step else step or "\\e"


def _members(value: _Container) -> Iterator[tuple[str | int, object]]:
    """The names or indices of a value's elements, each with its element."""
    return iter(value.items()) if isinstance(value, dict) else enumerate(value)


def _notes(key: str) -> tuple[str, ...]:
    """Which form of a text a key's suffix says it is."""
    suffix = _SUFFIX.search(key)
    return (f"form: {suffix[1]}",) if suffix else ()


def _leaves(root: _Container) -> Iterator[tuple[str, _Steps, str]]:
    """The strings under an object, each with its key and its path, in order."""
    stack: list[tuple[str, _Steps, Iterator[tuple[str | int, object]]]] = [("", (), _members(root))]
    while stack:
        prefix, path, members = stack[-1]
        for step, value in members:
            if isinstance(value, str):
                yield prefix + _step(step), (*path, step), value
            elif isinstance(value, dict | list):
                below = _members(cast("_Container", value))
                stack.append((f"{prefix}{_step(step)}.", (*path, step), below))
                break
        else:
            stack.pop()


def _locate(text: str, start: int, wanted: Mapping[_Steps, str]) -> dict[_Steps, Span]:
    """Where the strings at the ends of paths stand; of a name that comes twice, the last."""
    found: dict[_Steps, Span] = {}
    above = {path[:length] for path in wanted for length in range(len(path))}
    reader = JsonReader(text, start)
    stack: list[tuple[_Steps, Iterator[str | int]]] = [((), reader.members())]
    while stack:
        path, steps = stack[-1]
        for step in steps:
            here = (*path, step)
            following = reader.peek()
            if following == "{" and here in above:
                stack.append((here, reader.members()))
                break
            if following == "[" and here in above:
                stack.append((here, reader.elements()))
                break
            _, span = reader.located()
            if following == '"' and here in wanted:
                found[here] = span
        else:
            stack.pop()
    return found


def _reason(text: str) -> str | None:
    """Why a text is none to translate."""
    stripped = text.strip()
    if _LINK.fullmatch(stripped):
        return "link"
    if _COLOUR.fullmatch(stripped):
        return "colour"
    return "file name" if _FILE.fullmatch(stripped) else None


def _start(text: str) -> int:
    return 1 if text.startswith("\ufeff") else 0


def _offset(text: str, position: int) -> int:
    return len(text[:position].encode("utf-8", "surrogatepass"))


class I18nextFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="i18next",
        title="Nested JSON of texts by key (i18next)",
        family=Family.GAME,
        patterns=("locales/*/*.json", "locales/*.json", "i18n/*.json"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """LIKELY for an object in a file that is named after a locale, or lies in a folder named so inside of one for
        texts (`locales/ja/menu.json`, `i18n/ja.json`); MAYBE where only the name says that it holds texts; other JSON
        is nobody's here.
        """
        if name.suffix.lower() != ".json" or name.stem.lower() in _NEVER:
            return Confidence.NONE
        head = head.removeprefix(codecs.BOM_UTF8)
        if not _START.match(head) or _OTHERS.search(head):
            return Confidence.NONE
        folders = [part.lower() for part in name.parts[:-1]]
        in_texts = any(part in _FOLDERS for part in folders)
        if is_locale(name.stem) and (in_texts or "-" in name.stem or "_" in name.stem or not folders):
            return Confidence.LIKELY
        if in_texts and any(is_locale(part) for part in name.parts[:-1]):
            return Confidence.LIKELY
        return Confidence.MAYBE if name.stem.lower() in _STEMS else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> I18nextDocument:
        """Read a file; raises FormatError."""
        require_utf8(options, "JSON is UTF-8")
        browser = options.name.stem == "messages" and "_locales" in options.name.parts
        with collector_paused():
            return I18nextDocument(blob, browser=browser)


FORMAT = I18nextFormat()
