r"""Name and message: JSON lists of what is said, `[{"name": "咲", "message": "「おはよう」"}, {"message": "…"}]`.

GalTransl's input, SExtractor's `all.orig.json`, what GalTransl_DumpInjector and VNTextPatch's `JsonScript` write; in
several voices `names` is a list. A file holds no translations beside its texts: they are written in the place of those.
Other members (GalTransl's benchmark has a `ref`) stay. Its cache (`pre_jp`, `post_jp`) is another kind of file.

A line break in a message is `\r\n` for most of these tools: it is a line feed in a segment and written as the message
has it. Keys: the number of the entry, which the tools count by themselves (`12.message`, `12.names.1`). A name is a
text of its own and the speaker of its message; the same name is one decision everywhere. UTF-8 only.

Programs write lists of messages with names too (logs). Such a list is claimed for its name (`all.orig.json`, a folder
`gt_input`), for messages or names in a script of their own, or since who speaks does so in quotation marks; any other
one is read where a person names it (`takes`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePath
from typing import ClassVar

import regex

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
    RefusedTargetError,
)
from translator.core.game_codes import MARKUP
from translator.core.json_texts import (
    JsonFile,
    LaterSegments,
    Steps,
    array_or_none,
    as_speaker,
    head_objects,
    object_or_none,
    read_json,
    refuse_carriage_return,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.loose import is_spoken, said_or_told
from translator.core.scripts import beyond_latin
from translator.core.segment import NO_LIMITS, Role, Segment, quick_segment
from translator.core.textfile import require_utf8

_NAME, _NAMES, _MESSAGE = "name", "names", "message"
_EXPORTED, _FOLDER = "all.orig.json", "gt_input"
"""The names that SExtractor and GalTransl give."""

_KNOWN = frozenset({_NAME, _NAMES, _MESSAGE})
_OTHERS = frozenset({"original", "translation", "code", "level", "timestamp", "time", "severity", "line", "ruleId"})
"""Members that ParaTranz' entries and messages of programs have."""

_LETTER = regex.compile(r"\p{L}")
_JOINED = "、"

_Texts = Mapping[str, tuple[Steps, str]]
"""Texts by their keys, each after its path."""


class NameMessageDocument:
    """A file of names and messages."""

    def __init__(self, file: JsonFile) -> None:
        """Raises FormatError."""
        entries = array_or_none(file.value)
        if entries is None:
            raise FormatError("not a list of names and messages", offset=0)
        self._file = file
        self._texts: _Texts = dict(_texts(entries))
        self._entries = entries
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, self._texts))
        self.notices: Sequence[str] = () if self._texts else ("no text: it has no entry with a message",)
        self.charset: str | None = None

    @collector_paused()
    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            path, old = self._texts[key]
            refuse_carriage_return(key, target)
            if not target.strip():
                raise RefusedTargetError(key, "an empty text would be read as none")
            if path[1] != _MESSAGE and "\n" in target and "\n" not in unified_breaks(old):
                raise RefusedTargetError(key, "a name has one line")
            spelled = with_breaks_of(target, old, self._usual)
            if spelled != old:
                new[path] = spelled
        return self._file.with_strings(new)

    @cached_property
    def _usual(self) -> str:
        """The first text with a line break, for those that have none yet."""
        return next((text for _, text in self._texts.values() if "\n" in text or "\r" in text), "\r\n")


def _segments(texts: _Texts) -> Iterator[Segment]:
    speakers = _speakers(texts)
    for key, (path, text) in texts.items():
        source = unified_breaks(text)
        if path[1] != _MESSAGE:
            limits = NO_LIMITS if "\n" in source else SINGLE
            yield quick_segment(key, source, Role.NAME, limits=limits, binding=_NAME)
            continue
        speaker = speakers.get(path[0])
        role = said_or_told(source) if speaker is None else Role.DIALOGUE
        yield quick_segment(key, source, role, "", speaker)


def _speakers(texts: _Texts) -> dict[str | int, str]:
    """Who speaks, by the numbers of the entries."""
    found: dict[str | int, list[str]] = {}
    for path, text in texts.values():
        if path[1] != _MESSAGE:
            found.setdefault(path[0], []).append(as_speaker(text))
    return {number: _JOINED.join(names) for number, names in found.items()}


def _texts(entries: Sequence[object]) -> Iterator[tuple[str, tuple[Steps, str]]]:
    """The keys of all texts, with their paths: each entry's names, then its message."""
    for number, value in enumerate(entries):
        entry = object_or_none(value)
        if entry is None:
            continue
        name = entry.get(_NAME)
        if isinstance(name, str) and name.strip():
            yield f"{number}.{_NAME}", ((number, _NAME), name)
        else:
            for place, one in enumerate(array_or_none(entry.get(_NAMES)) or ()):
                if isinstance(one, str) and one.strip():
                    yield f"{number}.{_NAMES}.{place}", ((number, _NAMES, place), one)
        message = entry.get(_MESSAGE)
        if isinstance(message, str) and message.strip():
            yield f"{number}.{_MESSAGE}", ((number, _MESSAGE), message)


class NameMessageFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="name_message",
        title="Names and messages in JSON (GalTransl, VNTextPatch, SExtractor)",
        family=Family.EXCHANGE,
        patterns=(f"{_FOLDER}/*.json", _EXPORTED),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a list of objects with messages and names alone, if the file has a name that the tools give, or
        most messages or names are in a script of their own. LIKELY where some have other members too, if most messages
        are in such a script; and where most that have a name are in quotation marks. Messages of programs are not
        claimed.
        """
        entries = _entries_of(name, head)
        messages = [message for entry in entries if isinstance(message := entry.get(_MESSAGE), str)]
        if not messages or any(entry.keys() & _OTHERS for entry in entries):
            return Confidence.NONE
        foreign = _mostly(beyond_latin(message) for message in messages if _LETTER.search(message))
        if not all(entry.keys() <= _KNOWN for entry in entries):
            return Confidence.LIKELY if foreign else Confidence.NONE
        names = [said for entry in entries if isinstance(said := entry.get(_NAME), str) and said.strip()]
        if _is_known(name) or foreign or _mostly(map(beyond_latin, names)):
            return Confidence.CERTAIN
        spoken = [str(entry.get(_MESSAGE)) for entry in entries if entry.get(_NAME) or entry.get(_NAMES)]
        quoted = _mostly(map(is_spoken, spoken))
        return Confidence.LIKELY if quoted else Confidence.NONE

    def takes(self, name: PurePath, head: bytes) -> bool:
        """Any list of objects with messages or names (see `TakesNamed.takes`)."""
        return bool(_entries_of(name, head))

    @collector_paused()
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "lists of names and messages are JSON in UTF-8")
        return NameMessageDocument(read_json(blob))


def _entries_of(name: PurePath, head: bytes) -> Sequence[Mapping[str, object]]:
    """The first entries of a JSON list that has nothing but messages and names; none of another file."""
    entries = head_objects(head) if name.suffix.lower() == ".json" else ()
    return entries if all(map(_is_entry, entries)) else ()


def _is_known(name: PurePath) -> bool:
    return name.name.lower() == _EXPORTED or _FOLDER in (part.lower() for part in name.parts[:-1])


def _mostly(found: Iterable[bool]) -> bool:
    """Whether more than half of them are so."""
    every = list(found)
    return sum(every) * 2 > len(every)


def _is_entry(entry: Mapping[str, object]) -> bool:
    """Whether an object is a message, with or without a name, or a name alone."""
    names = array_or_none(entry.get(_NAMES, []))
    return (
        (_MESSAGE in entry or _NAME in entry)
        and isinstance(entry.get(_MESSAGE, ""), str | None)
        and isinstance(entry.get(_NAME, ""), str | None)
        and (names is not None or entry.get(_NAMES) is None)
    )


FORMAT: Format = NameMessageFormat()
