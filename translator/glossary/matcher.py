"""Which glossary entries occur in a text, fast enough for a look at every segment of a large game."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import add
from typing import NamedTuple

import regex

from translator.core.work import GlossaryEntry

_GROUP = regex.compile(r"\\([1-9])")
# Letters of these scripts form words between spaces: an entry must not begin or end inside one.
_WORD = regex.compile(r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]")
# So do the signs of katakana, which is what makes リン no part of プリン; yet ポーション is one of ハイポーション.
_KATAKANA = regex.compile(r"[\p{Script=Katakana}ー]")
_SHORT_NAME = regex.compile(r"[\p{Script=Katakana}ー]{1,3}")
# One Chinese character or two hiragana are a name only where nothing else can be read: 凛 is none in 凛々しい, ゆい is
# none in かゆい. What stands behind it shows that most: a particle, a form of address, a sign.
_TINY_NAME = regex.compile(r"\p{Script=Han}|\p{Script=Hiragana}{2}")
_BEFORE_TINY_HAN = regex.compile(r"[\p{Script=Han}々]")
_BEFORE_TINY_KANA = regex.compile(r"(?!(?<!\p{Script=Hiragana})[はがをにへともやの])[\p{Script=Hiragana}ー]")
_AFTER_TINY = regex.compile(
    r"(?![^\p{L}\p{M}\p{N}]|[はがをにへもやでだの]|と(?!し)|か(?!\p{L})|から|まで|より|なら|って|じゃ"
    r"|さん|ちゃん|さま|くん|たち|せんぱい|様|君|殿|先輩|先生|達|姉|兄|嬢|氏)"
)
_WHOLE = regex.compile(r"\^([^\\.^$*+?{}\[\]|()]+)\$")

NAME_KIND = "name"
"""The `kind` of entries that stand for names: what is found of them must not be the middle of another word."""


FORBIDDEN_KIND = "forbidden"
"""The `kind` of entries whose `dst` must not be in a translation."""


def is_forbidden(entry: GlossaryEntry) -> bool:
    """Whether an entry forbids its `dst`, instead of asking for it."""
    return entry.kind.strip().lower() == FORBIDDEN_KIND


class PatternError(ValueError):
    """An entry's pattern is no regular expression."""

    def __init__(self, entry: GlossaryEntry, reason: str) -> None:
        super().__init__(f"{entry.src!r} is no pattern: {reason}")
        self.entry = entry


class _Literal(NamedTuple):
    place: int
    folded: str
    exact: str | None
    not_before: "regex.Pattern[str] | None"
    not_after: "regex.Pattern[str] | None"


class _Pattern(NamedTuple):
    place: int
    compiled: "regex.Pattern[str]"


class _Span(NamedTuple):
    start: int
    end: int
    place: int
    match: "regex.Match[str] | None"


def normalised(text: str) -> str:
    """The spelling in which texts and entries are compared: NFKC (half-width kana, full-width letters and digits)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def folded(text: str) -> str:
    """`text` without upper case, each character still at its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def compile_pattern(entry: GlossaryEntry) -> "regex.Pattern[str]":
    """The pattern of an entry with `regex`, which is matched against NFKC text. Raises PatternError."""
    try:
        return regex.compile(entry.src, 0 if entry.case else regex.IGNORECASE)
    except regex.error as error:
        raise PatternError(entry, str(error)) from error


def is_tiny(name: str) -> bool:
    """Whether a name is so short that it is looked for only where nothing else can be read."""
    return _TINY_NAME.fullmatch(normalised(name.strip())) is not None


class Matcher:
    """Finds the entries of one glossary. Entries without `src` or without `dst`, and those that forbid, match nothing.

    A longer match takes its place in the text from all shorter ones. What begins or ends with a letter of an alphabet
    matches whole words only, so `AT` is not found in `CAT`; Chinese and Japanese have no such ends, except that a name
    (NAME_KIND) of up to three katakana is not found inside a longer run of them, and one of a single Chinese character
    or of two hiragana only before a particle, a form of address, a sign or the text's end.
    Raises PatternError for an entry whose pattern is none.
    """

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        self._entries = tuple(
            entry for entry in entries if entry.src.strip() and entry.dst.strip() and not is_forbidden(entry)
        )
        self._by_pair: dict[str, list[_Literal]] = {}
        self._by_character: dict[str, list[_Literal]] = {}
        self._whole: dict[str, list[tuple[int, str]]] = {}
        self._patterns: list[_Pattern] = []
        for place, entry in enumerate(self._entries):
            self._add(place, entry)
        self._pairs = frozenset(self._by_pair)
        self._characters = frozenset(self._by_character)

    def _add(self, place: int, entry: GlossaryEntry) -> None:
        if not entry.regex:
            text = normalised(entry.src.strip())
            low = folded(text)
            literal = _Literal(place, low, text if entry.case else None, *_not_beside(low, entry.kind))
            index = self._by_pair if len(low) > 1 else self._by_character
            index.setdefault(low[:2], []).append(literal)
            return
        whole = _WHOLE.fullmatch(entry.src)
        if whole is None:
            self._patterns.append(_Pattern(place, compile_pattern(entry)))
            return
        # `^word$` is what glossaries of menu words are made of; looking it up beats trying hundreds of patterns.
        text = normalised(whole[1])
        self._whole.setdefault(folded(text), []).append((place, text if entry.case else ""))

    def hits(self, text: str, beside: str = "") -> tuple[GlossaryEntry, ...]:
        r"""The entries that occur in `text`, or in what stands `beside` it, in the order of the glossary.

        An entry with a pattern comes as what it matched: `src` is the matched text, `dst` has its groups (`\1`)
        filled in, `regex` is off; it comes as often as it matched different texts.
        """
        chosen: dict[tuple[int, str], GlossaryEntry] = {}
        for each in (text, beside) if beside else (text,):
            plain = normalised(each)
            if spans := self._spans(plain):
                chosen |= self._chosen(spans, plain)
        return tuple(chosen[key] for key in sorted(chosen)) if chosen else ()

    def inside(self, text: str) -> set[str]:
        """The `src` of all entries that occur in `text` beside others, those inside longer ones too.

        An entry that is all of the text is none of them.
        """
        text = normalised(text).strip()
        spans = (span for span in self._spans(text) if span.end - span.start < len(text))
        return {self._entries[span.place].src for span in spans}

    def _spans(self, text: str) -> list[_Span]:
        """Where entries occur in a normalised text, one above the other too."""
        low = folded(text)
        spans: list[_Span] = []
        for pair in self._pairs.intersection(map(add, low, low[1:])):
            spans += _occurrences(self._by_pair[pair], low, text)
        if self._characters:
            for character in self._characters.intersection(low):
                spans += _occurrences(self._by_character[character], low, text)
        if self._patterns:
            spans += _matches(self._patterns, text)
        whole = self._whole.get(low)
        if whole:
            spans += (_Span(0, len(text), place, None) for place, exact in whole if exact in ("", text))
        return spans

    def _chosen(self, spans: list[_Span], text: str) -> dict[tuple[int, str], GlossaryEntry]:
        """The longest matches by their entry's place and what they matched."""
        # Of two that match the same, the later entry is the one: it comes from the layer that wins.
        spans.sort(key=lambda span: (span.start - span.end, span.start, -span.place))
        taken = bytearray(len(text))
        chosen: dict[tuple[int, str], GlossaryEntry] = {}
        for start, end, place, match in spans:
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            entry = self._entries[place]
            if entry.regex:
                entry = replace(entry, src=text[start:end], dst=_filled(entry.dst, match), regex=False)
            chosen[place, entry.src] = entry
        return chosen


def _not_beside(low: str, kind: str) -> "tuple[regex.Pattern[str] | None, regex.Pattern[str] | None]":
    """What must not stand before and behind a term, as it would be a part of another word there."""
    if kind == NAME_KIND and _SHORT_NAME.fullmatch(low):
        return _KATAKANA, _KATAKANA
    if kind == NAME_KIND and _TINY_NAME.fullmatch(low):
        return _BEFORE_TINY_KANA if len(low) > 1 else _BEFORE_TINY_HAN, _AFTER_TINY
    return _WORD if _WORD.match(low) else None, _WORD if _WORD.match(low[-1:]) else None


def _occurrences(literals: list[_Literal], low: str, text: str) -> Iterator[_Span]:
    for place, wanted, exact, not_before, not_after in literals:
        start = low.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            inside_a_word = (not_before and start > 0 and not_before.match(low, start - 1)) or (
                not_after and end < len(low) and not_after.match(low, end)
            )
            if not inside_a_word and (exact is None or text.startswith(exact, start)):
                yield _Span(start, end, place, None)
            start = low.find(wanted, start + 1)


def _matches(patterns: list[_Pattern], text: str) -> Iterator[_Span]:
    for place, compiled in patterns:
        for match in compiled.finditer(text):
            if match.end() > match.start():
                yield _Span(match.start(), match.end(), place, match)


def _filled(dst: str, match: "regex.Match[str] | None") -> str:
    r"""`dst` with the groups of the match in place of `\1` … `\9`; a number that is no group stays."""
    if match is None or "\\" not in dst:
        return dst
    groups = (match.group(), *match.groups(""))
    return _GROUP.sub(lambda m: groups[int(m[1])] if int(m[1]) < len(groups) else m[0], dst)
