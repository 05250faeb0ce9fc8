r"""i18next and other nested JSON of texts by key: every string at the end of a path is a text, names never are.

The JSON is spliced: white space, the order of names, escapes (`\u3042` where all of the file is ASCII), byte order mark
and line ends stay. Where an object has a name twice the last one holds, as in every usual reader. UTF-8 only.

Keys: the names on the way, joined by full stops (`menu.file.open`); a full stop or backslash in a name has a backslash
before it, an empty name is `\e`; elements of an array go by their numbers. Scenes are the outermost names.

Plural and context suffixes (`_one`, `_other`, `_male`; i18next's JSON v4 and before) become notes. Markup: `{{x}}`,
`$t(key)`, ICU's `{x}` and the frame of `{n, plural, one {…} other {…}}`, tags (`<0>`, `<b>`), `%s`, entities.

Held back: links, file names, colours, and in `_locales/<language>/messages.json` (browser extensions) all but
`message`. A file that is data of a game or a tool's settings is nobody's, see `I18nextFormat.sniff`, unless a person
names just that file: then any object or array is read, whatever it is called.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePath
from typing import ClassVar, cast

import regex

from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.json_texts import LaterSegments, Steps, array_or_none, object_or_none, read_json
from translator.core.links import link_file_or_colour
from translator.core.locales import is_locale
from translator.core.loose import guess_role
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Segment, quick_segment
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
_ANY = re.compile(rb"\s*[{\[]")
_SUFFIX = re.compile(r"_(zero|one|two|few|many|other|plural|\d+|male|female|interval|ordinal_[a-z]+)(?:\.\w+)?$")

_Container = Mapping[str, object] | list[object]
_CONTAINERS = (dict, list)


class I18nextDocument:
    """A file of texts by key."""

    def __init__(self, blob: bytes, *, browser: bool) -> None:
        """Raises FormatError."""
        self._file = read_json(blob)
        value = object_or_none(self._file.value) or array_or_none(self._file.value)
        if value is None and self._file.value != {}:
            raise FormatError(
                "neither an object nor an array of texts", offset=len(blob) - len(blob.removeprefix(codecs.BOM_UTF8))
            )
        self._value: _Container = value if value is not None else {}
        self._browser = browser
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, self._value, browser=browser))
        some = next(iter(self.segments), None) is not None
        self.notices: Sequence[str] = () if some else ("no text: all its strings are empty or held back",)
        self.charset: str | None = None

    @cached_property
    def _places(self) -> dict[str, tuple[Steps, str]]:
        """The path and the text of each key."""
        return {key: (path, text) for key, path, text in _leaves(self._value)}

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            path, source = self._places[key]
            if source != target:
                new[path] = target
        return self._file.with_strings(new)

    def held_back(self) -> Iterator[HeldBack]:
        """Strings that are links, files, colours, or seen by translators only."""
        for key, path, text in _leaves(self._value):
            reason = _why(path[-1], text, browser=self._browser) if text and not text.isspace() else None
            if reason is not None:
                yield HeldBack(key, text, reason)


def _segments(root: _Container, *, browser: bool) -> Iterator[Segment]:
    """The texts, in order; the loop that all the time goes to, so its usual cases call little of Python's."""
    above: list[tuple[str, str, bool, Iterator[tuple[str, object]]]] = []
    prefix, scene, formed, members = "", "", False, _members(root)
    while True:
        for step, value in members:
            if isinstance(value, str):
                if not value or value.isspace():
                    continue
                odd = browser or (" " not in value and ("." in value or ":" in value or "#" in value or ")" in value))
                if odd and _why(step, value, browser=browser) is not None:
                    continue
                key = prefix + step
                notes = _notes(key) if formed or "_" in step else ()
                yield quick_segment(key, value, guess_role(value), scene, None, None, notes)
            elif isinstance(value, _CONTAINERS):
                above.append((prefix, scene, formed, members))
                prefix, scene = f"{prefix}{step}.", scene if len(above) > 1 else _name(step)
                formed = "_" in step and _SUFFIX.search(step) is not None
                members = _members(cast("_Container", value))
                break
        else:
            if not above:
                return
            prefix, scene, formed, members = above.pop()


def _members(value: _Container) -> Iterator[tuple[str, object]]:
    """The elements of a value, each after its name or number as it stands in keys."""
    if isinstance(value, list):
        return zip(map(str, range(len(value))), value, strict=True)
    names = "".join(value)
    if "." not in names and "\\" not in names and "" not in value:
        return iter(value.items())
    return zip(map(_step, value), value.values(), strict=True)


def _step(name: str) -> str:
    """A name as part of a key."""
    return name.replace("\\", "\\\\").replace(".", "\\.") or "\\e"


def _name(step: str) -> str:
    """The name that is part of a key so."""
    return "" if step == "\\e" else step.replace("\\.", ".").replace("\\\\", "\\")


def _notes(key: str) -> tuple[str, ...]:
    """Which form of a text a key's suffix says it is."""
    suffix = _SUFFIX.search(key)
    return (f"form: {suffix[1]}",) if suffix else ()


def _leaves(root: _Container) -> Iterator[tuple[str, Steps, str]]:
    """The strings under an object, each with its key and its path, in order."""
    stack: list[tuple[str, Steps, Iterator[tuple[str | int, tuple[str, object]]]]] = [("", (), _inside(root))]
    while stack:
        prefix, path, members = stack[-1]
        for step, (part, value) in members:
            if isinstance(value, str):
                yield prefix + part, (*path, step), value
            elif isinstance(value, dict | list):
                stack.append((f"{prefix}{part}.", (*path, step), _inside(cast("_Container", value))))
                break
        else:
            stack.pop()


def _inside(value: _Container) -> Iterator[tuple[str | int, tuple[str, object]]]:
    """The names or indices of a value's elements, each before what `_members` has for it."""
    return zip(range(len(value)) if isinstance(value, list) else value, _members(value), strict=True)


def _why(step: str | int, text: str, *, browser: bool) -> str | None:
    """Why a text is none to translate; None where it is one, as several words are: few are a file's name."""
    if not browser and " " in text:
        return None
    return "for translators only" if browser and step != "message" else link_file_or_colour(text)


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

    def locale(self, name: PurePath) -> str | None:
        """That of the first folder named after one inside of one for texts (`locales/ja/menu.json`), or the file."""
        parts = name.parts[:-1]
        texts = next((number for number, part in enumerate(parts) if part.lower() in _FOLDERS), len(parts))
        return next((part for part in (*parts[texts + 1 :], name.stem) if is_locale(part)), None)

    def takes(self, name: PurePath, head: bytes) -> bool:
        """Any JSON with an object or array around all (see `TakesNamed.takes`)."""
        return name.suffix.lower() == ".json" and _ANY.match(head.removeprefix(codecs.BOM_UTF8)) is not None

    def open(self, blob: bytes, *, options: FormatOptions) -> I18nextDocument:
        """Read a file; raises FormatError."""
        require_utf8(options, "JSON is UTF-8")
        browser = options.name.stem == "messages" and "_locales" in options.name.parts
        with collector_paused():
            return I18nextDocument(blob, browser=browser)


FORMAT = I18nextFormat()
