"""How many tokens a text will be, guessed from its scripts."""

import math
import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens per character of each kind of text; `turn` are the tokens that a chat template puts around one turn.

    The defaults are on the safe side for the vocabularies of Qwen (Sakura, GalTransl) and Gemma, which need about
    0.7 for kana and 0.7 to 1 for Chinese characters. A later correction from counted prompts makes new Rates.
    """

    kana: float = 0.95
    han: float = 1.1
    hangul: float = 1.1
    latin: float = 0.4
    digit: float = 1.0
    markup: float = 0.9
    other: float = 1.5
    turn: float = 8.0

    def values(self) -> tuple[float, ...]:
        """The rates in the order of the fields, `turn` last."""
        return self.kana, self.han, self.hangul, self.latin, self.digit, self.markup, self.other, self.turn

    @property
    def dearest(self) -> float:
        """No character costs more tokens than this."""
        return max(self.values()[:-1])

    def above(self, other: "Rates") -> float:
        """The largest factor by which a kind of text costs more here than by the `other` rates."""
        return max(mine / its for mine, its in zip(self.values(), other.values(), strict=True))

    def at_least(self, other: "Rates") -> "Rates":
        """Of each rate the larger one."""
        return Rates(*map(max, self.values(), other.values()))

    def times(self, factor: float) -> "Rates":
        """All rates, `factor` times as high."""
        return Rates(*(value * factor for value in self.values()))


DEFAULT: Final = Rates()

# Runs, not single characters: a text has few runs, so few matches are made. What no group takes (emoji, rare
# scripts) is `other`. Full-width punctuation (U+3000 to U+303F, U+FF00 to U+FFEF) costs about what kana do; full-width
# digits count as digits, which is what they may be sent as.
_KANA = re.compile("[\u3000-\u30ff\uff00-\uff0f\uff1a-\uffef\u2010-\u2027]+")
_HAN = re.compile("[\u3400-\u9fff]+")
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_LATIN = re.compile("[A-Za-z \u00c0-\u024f]+")
_DIGIT = re.compile("[0-9\uff10-\uff19]+")
_MARKUP = re.compile(r"""[\n!-/:-@\[-`{-~]+""")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len("".join(pattern.findall(text)))


Counts = tuple[int, int, int, int, int, int, int]
"""A text's characters of each kind, in the order of the fields of Rates."""


def counts(text: str) -> Counts:
    """How many characters of each kind a text has."""
    if text.isascii():
        kana = han = hangul = 0
    else:
        kana, han, hangul = _count(_KANA, text), _count(_HAN, text), _count(_HANGUL, text)
    rest = len(text) - kana - han - hangul
    latin = digit = markup = 0
    if rest:
        latin, digit, markup = _count(_LATIN, text), _count(_DIGIT, text), _count(_MARKUP, text)
    return kana, han, hangul, latin, digit, markup, rest - latin - digit - markup


def weight(text: str, rates: Rates = DEFAULT) -> float:
    """`tokens` before it is rounded up: the weights of a text's parts add up to its own."""
    kana, han, hangul, latin, digit, markup, other = counts(text)
    return (
        kana * rates.kana
        + han * rates.han
        + hangul * rates.hangul
        + latin * rates.latin
        + digit * rates.digit
        + markup * rates.markup
        + other * rates.other
    )


def tokens(text: str, rates: Rates = DEFAULT) -> int:
    """A careful guess (rather too many) of the tokens of `text`, without the template's around it; 0 for none."""
    return math.ceil(weight(text, rates)) if text else 0
