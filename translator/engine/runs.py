"""Signs and syllables that repeat for long (laughter, moans, dashes): shortened before sending, lengthened after.

Long ones are what makes small models repeat themselves without end.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from translator.profiles.profile import Runs

_LAUGHTER = "ハはﾊヒひﾋフふﾌヘへﾍホほﾎクくｸケけｹ哈呵嘻嘿嗬咯桀ㅋㅎｗＷw笑草"
_HANGUL_LAUGHTER = "하히헤호후흐크키"
_SYLLABLES = "ha|he|hi|ho|hu|fu|ku|ke|kya|gya|х[аеио]"
_BETWEEN = "[、，・ \u3000]"
# What stands between three or more of a kind; it may be nothing.
_APART = r"(?:[…‥⋯]{1,2}|\.{3}[ ]?|-|[,、，・。!！~～〜♥♡♪]?[ \u3000]?)"
_DASHES = "―—─━–"
_DRAWN_OUT = "ーｰ－‐−-"
_MARKS = "!！?？♥♡❤♪♫★☆"
_LETTERS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ーｰ]"
_ALPHABET = r"[\p{Latin}\p{Cyrillic}]"
# No piece begins with these: of あっはっはっは it is はっ.
_SECOND = "っッｯーｰんンぁぃぅぇぉゃゅょァィゥェォャュョ"
# Sounds, and never the doubled syllable of a word.
_SOUNDS = "啊呀哇哦喔噢嗯呜嗚唔诶欸呃哎唉あアんンうウおオえエ"
# In the order in which they are tried. A sign that words are written with (ー, ・, a full stop) is a run only where
# two of it stand together, a letter or a piece where three do; a dash or an ellipsis is one alone too.
_PATTERN: Final = regex.compile(
    rf"(?P<laughter>(?P<u>[{_LAUGHTER}][っッｯ]?)(?P<t>{_BETWEEN}?)(?P=u)(?:(?P=t)(?P=u))*"
    rf"|(?P<u>[{_LAUGHTER}{_HANGUL_LAUGHTER}][っッｯ]?)(?P<t>{_APART})(?P=u)(?:(?P=t)(?P=u))+"
    rf"|(?P<u>[{_HANGUL_LAUGHTER}])(?P=u)+"
    rf"|(?P<u>{_SYLLABLES})(?P=u)+(?=[hх]?\b)|(?P<u>j[aeio])(?P=u){{2,}}(?=j?\b)"
    rf"|\b(?P<u>(?:{_SYLLABLES})h?)(?P<t>[ \-])(?P=u)(?:(?P=t)(?P=u))*\b)"
    rf"|(?P<dashes>(?P<u>[{_DASHES}])(?P=u)*|(?P<u>[{_DRAWN_OUT}])(?P=u)+)"
    r"|(?P<ellipses>(?P<u>[…‥⋯])(?P=u)*|(?P<u>[・･。．.])(?P=u)+)"
    r"|(?P<waves>(?P<u>[～〜~∼])(?P=u)*)"
    r"|(?P<stops>(?P<u>[っッｯ])(?P=u)+)"
    rf"|(?P<marks>(?P<u>[{_MARKS}]|[!！][?？]|[?？][!！])(?P=u)+)"
    r"|(?P<cries>(?P<u>\p{L})(?P=u){2,})"
    rf"|(?P<pieces>(?P<u>(?![{_SECOND}]){_LETTERS}{{2,4}}?)(?P<t>{_APART})(?P=u)(?:(?P=t)(?P=u))+"
    rf"|(?P<u>{_LETTERS})(?P<t>{_APART})(?P=u)(?:(?P=t)(?P=u))+"
    rf"|\b(?P<u>{_ALPHABET}{{1,8}})(?P<t>(?!\p{{L}}){_APART})(?P=u)(?:(?P=t)(?P=u))+\b"
    rf"|(?P<u>(?![aeiou][hj]|[аеио]х){_ALPHABET}{{2,4}}?)(?P=u){{2,}}(?!\p{{L}}))"
    rf"|(?P<doubled>(?P<u>[{_SOUNDS}])(?P=u))",
    regex.IGNORECASE,
)
# Pieces that are laughter: くす, ケラ, ひゃ, アハハ, うふっ, hah.
_LAUGHS: Final = regex.compile(
    r"[あアうウえエおオふフげゲわワ]?[ゃャ]?(?P<s>[ハはﾊヒひﾋフふﾌヘへﾍホほﾎ哈呵嘻嘿嗬咯桀하히헤호후흐크키])(?P=s)*[っッｯ]?"
    rf"|くす|クス|[けげケゲ][らラ]|[ひきぎヒキギ][ゃャ][っッ]?|[っッ][しシ]|[しシ][っッ]|(?:{_SYLLABLES})h?|j[aeio]",
    regex.IGNORECASE,
)
# Only these are shortened: what repeats in other scripts are words.
_KANA: Final = regex.compile(r"[\p{Hiragana}\p{Katakana}ーｰ]+")
_KINDS: Final = tuple(name for name in _PATTERN.groupindex if len(name) > 1)
_VOICES: Final = frozenset({"laughter", "cries", "pieces"})
_LEAST: Final = 3
"""How many of a voice are a run for certain, so that what was shortened is found again."""
_ONE_WIDTH: Final = str.maketrans("！？", "!?")
# Anything three times in a row, with what may stand between; `re` looks four times as fast as `regex` here.
THRICE: Final = r"(.{1,6}?)\1\1"
"""A text where this is not found has no run that is too long (group 1; syntax of `re`)."""
_THRICE: Final = re.compile(THRICE)


@dataclass(frozen=True, slots=True)
class Run:
    """A run in a source. kind: the field of `Runs` that rules it; unit: what repeats; was, sent: how many times."""

    kind: str
    unit: str
    was: int
    sent: int


def shortened(texts: Sequence[str], rules: Runs) -> tuple[list[str], tuple[Run, ...]]:
    """The texts between a paragraph's codes with their runs as short as `rules` say, and the runs in order.

    The runs that are short already are among them, as they count when an answer's runs are looked for; no run is given
    where none is too long.
    """
    if not any(_THRICE.search(text) for text in texts):
        return list(texts), ()
    seen: list[Run] = []

    def shorten(match: "regex.Match[str]") -> str:
        kind, unit, between, count = _told(match)
        most: int = getattr(rules, kind, 0)
        if kind in _VOICES and (between or kind != "laughter"):
            most = most and max(most, _LEAST)
        if kind == "pieces" and not _KANA.fullmatch(unit):
            most = 0
        run = match.group()
        # Only what can be made again: after the first, which may have a capital letter, all are the same.
        again = run[len(unit) :] == (between + run[-len(unit) :]) * (count - 1)
        sent = min(count, most) if most and again else count
        seen.append(Run(kind, _sign(unit), count, sent))
        return run if sent == count else run[: sent * (len(unit) + len(between)) - len(between)]

    found = [_PATTERN.sub(shorten, text) for text in texts]
    # What is left may have other runs than the whole: then it could not be undone.
    if all(run.was == run.sent for run in seen) or lengthened(found, seen) != list(texts):
        return list(texts), ()
    return found, tuple(seen)


def lengthened(texts: Sequence[str], runs: Iterable[Run]) -> list[str]:
    """The texts between an answer's codes, with each run that certainly stands for one of `runs` as long as that was.

    Certain is: the answer has as many runs of the same sign as the source; or else, beside those, of the kind (laughter
    for laughter, dashes for dashes); or else of cries with doubled sounds (哇啊啊); or else of voices (laughter,
    cries, pieces). They stand in the same order. All others stay as they are, and no run becomes shorter.
    """
    there = [(index, match, *_told(match)) for index, text in enumerate(texts) for match in _PATTERN.finditer(text)]
    matched: dict[int, Run] = {}
    source = dict(enumerate(runs))
    answer = {number: Run(kind, _sign(unit), count, count) for number, (_, _, kind, unit, _, count) in enumerate(there)}
    for alike in (_same_sign, _same_kind, _cry, _voice):
        wanted, found = _together(source, alike), _together(answer, alike)
        for key, its in wanted.items():
            if key and len(its) == len(found.get(key, ())):
                matched.update({at: source.pop(number) for number, at in zip(its, found[key], strict=True)})
                for at in found[key]:
                    del answer[at]
    made = list(texts)
    for at in sorted(matched, reverse=True):
        index, match, _, unit, between, count = there[at]
        run = matched[at]
        if run.sent < run.was > count:
            end = match.end()
            last = match.group()[-len(unit) :]
            made[index] = made[index][:end] + (between + last) * (run.was - count) + made[index][end:]
    return made


def _together(runs: Mapping[int, Run], alike: Callable[[Run], str]) -> dict[str, list[int]]:
    """The numbers of runs that are alike, in order."""
    found: dict[str, list[int]] = {}
    for number, run in runs.items():
        found.setdefault(alike(run), []).append(number)
    return found


def _same_sign(run: Run) -> str:
    return f"{run.kind} {run.unit}"


def _same_kind(run: Run) -> str:
    return run.kind


def _cry(run: Run) -> str:
    return "cries" if run.kind in {"cries", "doubled"} else ""


def _voice(run: Run) -> str:
    return "voices" if run.kind in _VOICES else ""


def _sign(unit: str) -> str:
    return unit.casefold().translate(_ONE_WIDTH)


def _told(match: "regex.Match[str]") -> tuple[str, str, str, int]:
    """A match's kind, what repeats, what stands between two of them, and how many there are."""
    kind = next(kind for kind in _KINDS if match[kind])
    unit: str = match["u"]
    between: str = match["t"] or ""
    count = (len(match.group()) + len(between)) // (len(unit) + len(between))
    if kind == "pieces" and _LAUGHS.fullmatch(unit):
        kind = "laughter"
    return kind, unit, between, count
