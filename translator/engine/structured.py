r"""The texts of an answer in JSON, by their numbers: past what is said around it and past bare backslashes."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import regex

from translator.core.halves import joined
from translator.core.markup import MarkupSyntax

Found = dict[int, str | None]
"""Texts by their numbers; None for a number that comes twice or whose text is not one line."""

_BEGINS: Final = regex.compile(r'\{(?=\s*+")|\[(?=\s*+\{)')
"""Where a value with texts may begin: no `{name}`, `[Translation]` or brace inside of a string looks so."""

_NUMBER: Final = regex.compile(r"\d{1,9}")

_MOST_TRIES: Final = 64
"""Values that are no JSON after all, of one answer; each may cost a look at all that follows it."""

_BACKSLASH: Final = regex.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\')
_READ_AS_CONTROL: Final = regex.compile(r"\\(?:[nrtbf]|u[0-9A-Fa-f]{4})")


def json_texts(text: str, asked: Sequence[tuple[str, MarkupSyntax]]) -> Found | None:
    r"""The texts of an answer in JSON, None where it holds none.

    asked: the lines in the order of their numbers, with their markup. Of an answer that was cut off, or has a slip
    somewhere, the whole objects {"id": …, "text": …} are taken: each says itself which text it is. A backslash that
    begins no escape stands for itself, so `\C[2]` is read as it is meant. So is `\n[1]`, which is a line feed in JSON:
    where the line asked has such a code, and the answer the control character in its place just as often as it is
    missing.
    """
    values = list(_values(_BACKSLASH.sub(_escaped, text) if "\\" in text else text))
    if not values:
        return None
    fullest = max(values, key=len)
    if len(fullest) < len(asked):
        # Not one value with all of them, so what there is: one with an example of the form may stand before it.
        together = Counter(number for value in values for number in value)
        fullest = {n: read if together[n] == 1 else None for value in values for n, read in value.items()}
    return {n: _one_line(read, asked[n - 1] if 1 <= n <= len(asked) else None) for n, read in fullest.items()}


def _escaped(match: "regex.Match[str]") -> str:
    return match.group() if len(match.group()) > 1 else r"\\"


def _values(text: str) -> Iterator[Found]:
    """What each JSON value of the answer holds, of those with texts; never one inside another that is whole."""
    decoder = json.JSONDecoder(strict=False)
    failed = at = 0
    while failed < _MOST_TRIES and (match := _BEGINS.search(text, at)) is not None:
        try:
            value, at = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            at = match.end()
            failed += 1
            continue
        if found := _texts_of(value):
            yield found


def _texts_of(value: object) -> Found | None:
    if isinstance(value, dict):
        holder = cast("dict[str, object]", value)
        listed = holder.get("translations")
        if listed is None and {"id", "text"} <= holder.keys():
            listed = [holder]
        if listed is None:
            return _keyed(holder)
        value = listed
    if not isinstance(value, list):
        return None
    found: Found = {}
    for item in cast("list[object]", value):
        if not isinstance(item, dict):
            return None
        _take(cast("dict[str, object]", item), found)
    return found


def _keyed(holder: Mapping[str, object]) -> Found | None:
    """An answer of the form {"1": "…", "2": "…"}."""
    if not all(_NUMBER.fullmatch(key) and isinstance(value, str) for key, value in holder.items()):
        return None
    return {int(key): cast("str", value) for key, value in holder.items()}


def _take(item: Mapping[str, object], found: Found) -> None:
    number, text = item.get("id"), item.get("text")
    if isinstance(number, str) and _NUMBER.fullmatch(number):
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(text, str):
        return
    found[number] = None if number in found else text


def _one_line(text: str | None, asked: tuple[str, MarkupSyntax] | None) -> str | None:
    """A text that was asked for as one line; None where it has become several, or nothing."""
    if text is None:
        return None
    text = joined(text)  # JSON may write half of a character
    if asked is not None and "\\" in asked[0]:
        text = _with_codes(text, *asked)
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    return lines[0] if len(lines) == 1 else None


def _with_codes(text: str, source: str, markup: MarkupSyntax) -> str:
    r"""`text` with the codes of its source that JSON has read as a control character and a rest (`\n[1]`)."""
    wanted = Counter(code for code in markup.codes(source) if _READ_AS_CONTROL.match(code))
    for code in sorted(wanted, key=len, reverse=True):
        escape = cast("regex.Match[str]", _READ_AS_CONTROL.match(code)).group()
        read = cast("str", json.loads(f'"{escape}"')) + code[len(escape) :]
        # A line feed alone may also be one that stands around the text.
        body = text.strip() if read.isspace() else text
        missing = wanted[code] - body.count(code)
        if missing > 0 and read not in source and body.count(read) == missing:
            text = body.replace(read, code)
    return text
