"""What formats share whose files are JSON that translators exchange: read whole, spliced by path.

A file is decoded by the standard library's C scanner when it is opened; only when something is written is it walked
through again, to see where the strings stand. Segments are made when they are first looked at.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, overload

from translator.core.collecting import short_key
from translator.core.collector import collector_paused
from translator.core.document import RefusedTargetError
from translator.core.halves import joined
from translator.core.json_spans import JsonError, JsonReader, Span, Spelling, decoded, encode_string, told_in_bytes
from translator.core.lines import unified_breaks
from translator.core.links import link_file_or_colour
from translator.core.segment import Segment
from translator.core.splice import Edit, splice

Steps = tuple[str | int, ...]
"""How to get from a value to one inside: names and indices."""

_BOM = "\ufeff"
_BREAK = re.compile(r"\r\n|\n|\r")
_PLAIN_KEY = re.compile(r"[^\r\n\ud800-\udfff]{0,80}").fullmatch
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file, its value, where that starts in its text, and how its strings are spelled."""

    blob: bytes
    value: object
    start: int
    spelling: Spelling

    @property
    def text(self) -> str:
        """The file's text, decoded anew."""
        return self.blob.decode("utf-8")

    def locate(self, text: str, wanted: Collection[Steps]) -> dict[Steps, Span]:
        """Where the values at the ends of these paths stand; of a name that comes twice, the last. See `locate_all`.

        Raises FormatError where brackets lie too deep for how deep the caller is itself.
        """
        with collector_paused(), told_in_bytes(text):
            return locate_all(text, self.start, wanted)

    def spelled(self, new: str, token: str) -> str:
        """`new` as a string of this file where `token` stands, which may be no string (null)."""
        return encode_string(new, token if token.startswith('"') else '""', self.spelling)

    def spliced(self, text: str, edits: Sequence[Edit]) -> bytes:
        """The file with the edits made in its text."""
        return splice(text, edits).encode("utf-8")

    def with_strings(self, new: Mapping[Steps, str]) -> bytes:
        """The file with these strings as the values at the ends of their paths; see `locate`."""
        if not new:
            return self.blob
        text = self.text
        spans = self.locate(text, new.keys())
        return self.spliced(
            text, [Edit(*span, self.spelled(new[path], text[slice(*span)])) for path, span in spans.items()]
        )


def read_json(blob: bytes) -> JsonFile:
    """Read a file in UTF-8, a byte order mark before it or not. Raises FormatError."""
    text, start = decoded(blob)
    with told_in_bytes(text):
        reader = JsonReader(text, start)
        with collector_paused():
            value = reader.value()
        reader.finish()
    return JsonFile(blob, value, start, Spelling(ascii_only=text[start:].isascii() and "\\u" in text))


def locate_all(text: str, start: int, wanted: Collection[Steps]) -> dict[Steps, Span]:
    """Where the values at the ends of paths stand, in the value that starts at `start`.

    No path may be empty or lead into a value that is wanted itself. What is on no path is passed over by the C scanner.
    """
    wanted = frozenset(wanted)
    found: dict[Steps, Span] = {}
    above = {path[:length] for path in wanted for length in range(len(path))}
    reader = JsonReader(text, start)
    stack: list[tuple[Steps, Iterator[str | int]]] = [((), _inside(reader))]
    while stack:
        path, steps = stack[-1]
        for step in steps:
            here = (*path, step)
            if here in above and reader.peek() in ("{", "["):
                stack.append((here, _inside(reader)))
                break
            _, span = reader.located()
            if here in wanted:
                found[here] = span
        else:
            stack.pop()
    return found


def _inside(reader: JsonReader) -> Iterator[str | int]:
    """The names or indices of the container that comes next."""
    return reader.members() if reader.peek() == "{" else reader.elements()


def head_values(head: bytes, *, most: int = 50) -> tuple[str, list[object]] | None:
    """What a JSON file holds as far as its beginning tells: its first sign, and the elements of an array or the
    `(name, value)` pairs of an object that are whole there (`most` at most). None for what is no JSON container.
    """
    text = head.decode("utf-8", "ignore").removeprefix(_BOM)
    reader = JsonReader(text)
    opening = reader.peek()
    if opening not in ("{", "["):
        return None
    found: list[object] = []
    try:
        for step in _inside(reader):
            value = reader.value()
            found.append((step, value) if opening == "{" else value)
            if len(found) >= most:
                break
    except JsonError:
        pass  # where the head ends, or where the file is no JSON: what was found before tells
    return opening, found


def head_objects(head: bytes) -> Sequence[Mapping[str, object]]:
    """The objects of a JSON array that are whole in its beginning (see `head_values`); none where it holds others."""
    found = head_values(head)
    if found is None or found[0] != "[":
        return ()
    objects = [entry for value in found[1] if (entry := object_or_none(value)) is not None]
    return objects if len(objects) == len(found[1]) else ()


def with_breaks_of(text: str, *likes: str) -> str:
    """`text` with its line feeds spelled as the breaks of the first of `likes` that has any: the first one as its
    first, and so on, further ones as its last. Read with unified breaks, it is `text` again.
    """
    if "\n" not in text:
        return text
    breaks: list[str] = []
    for like in likes:
        breaks = breaks or _BREAK.findall(like)
    if not breaks or set(breaks) == {"\n"}:
        return text
    lines = text.split("\n")
    ends = breaks[: len(lines) - 1] + [breaks[-1]] * (len(lines) - 1 - len(breaks))
    spelled = "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))
    return spelled if unified_breaks(spelled) == text else text


def refuse_carriage_return(key: str, target: str) -> None:
    """Raise RefusedTargetError for a target that would be read with other line breaks than it has."""
    if "\r" in target:
        raise RefusedTargetError(key, "a line break is a line feed here, not a carriage return")


def as_speaker(name: str) -> str:
    """A name as it is told beside what is said: on one line, without halves of characters."""
    return joined(unified_breaks(name)).replace("\n", " ")


def as_key(text: str) -> str:
    """A text as a key, or a part of one: on one line, without halves of characters, shortened where it is long."""
    text = joined(text)
    return short_key(text.replace("\r", "\\r").replace("\n", "\\n") if "\n" in text or "\r" in text else text)


def unique_keys(texts: Iterable[str]) -> Iterator[str]:
    """A key for each text, in order, as `as_key` gives it; `#2`, `#3` … follow one that another text has."""
    given: set[str] = set()
    again: Counter[str] = Counter()
    plain = _PLAIN_KEY
    for text in texts:
        key = name = text if plain(text) is not None else as_key(text)
        while key in given:
            again[name] += 1
            key = f"{name}#{again[name] + 1}"
        given.add(key)
        yield key


def no_text(text: str) -> str | None:
    """Why a string is none to translate: without a letter, a file, a link, a colour. None where it is a text."""
    if _LETTER.search(text) is None:
        return "no letter in it"
    return link_file_or_colour(text)


class LaterSegments(Sequence[Segment]):
    """The segments of a file, each made when its turn comes, and not kept, which would take a tenth of the time. They
    are kept from when they are counted, or one is asked for by its number.

    make: must not hold the document that holds these segments, or both would stay until cycles are looked for.
    """

    def __init__(self, make: Callable[[], Iterator[Segment]]) -> None:
        self._make = make
        self._kept: tuple[Segment, ...] | None = None

    def _all(self) -> tuple[Segment, ...]:
        if self._kept is None:
            with collector_paused():
                self._kept = tuple(self._make())
        return self._kept

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Segment]:
        return self._make() if self._kept is None else iter(self._kept)

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Segment]: ...
    def __getitem__(self, index: int | slice) -> Segment | Sequence[Segment]:
        return self._all()[index]


def object_or_none(value: object) -> Mapping[str, object] | None:
    """A value as an object of JSON, None where it is something else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def array_or_none(value: object) -> list[object] | None:
    """A value as an array of JSON, None where it is something else."""
    return cast("list[object]", value) if isinstance(value, list) else None
