"""How many tokens a text will be, guessed from its scripts."""

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
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

    @cached_property
    def usual(self) -> float:
        """No character but a rare one (`has_rare`) costs more tokens than this."""
        return max(self.values()[:-2])

    @cached_property
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

# Most characters of the texts that are counted are told by the upper byte of their UTF-16 form: kana with the wide
# punctuation before them (U+3000 to U+30FF), Chinese characters (U+3400 to U+9FFF), hangul (U+AC00 to U+D7FF). The rest
# is found in runs: a text has few. Other full-width punctuation costs about what kana do; full-width digits count as
# digits, which is what they may be sent as. What no group takes (emoji, rare scripts) is `other`.
_NONE, _KANA, _HAN, _HANGUL = range(4)
_KINDS = {0x30: _KANA, **dict.fromkeys(range(0x34, 0xA0), _HAN), **dict.fromkeys(range(0xAC, 0xD8), _HANGUL)}
_UPPER = bytes(_KINDS.get(byte, _NONE) for byte in range(256))
_WIDE = re.compile("[\uff00-\uff0f\uff1a-\uffef\u2010-\u2027]+")
_LATIN = re.compile("[A-Za-z \u00c0-\u024f]+")
_DIGIT = re.compile("[0-9\uff10-\uff19]+")
_MARKUP = re.compile(r"""[\n!-/:-@\[-`{-~]+""")
_RARE = re.compile("[^\n -~\u00c0-\u024f\u2010-\u2027\u3000-\u30ff\u3400-\u9fff\uac00-\ud7ff\uff00-\uffef]")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len("".join(pattern.findall(text)))


Counts = tuple[int, int, int, int, int, int, int]
"""A text's characters of each kind, in the order of the fields of Rates."""


def counts(text: str) -> Counts:
    """How many characters of each kind a text has."""
    kana = han = hangul = latin = digit = markup = 0
    if not text.isascii():
        upper = text.encode("utf-16-le", "surrogatepass")[1::2].translate(_UPPER)
        kana, han, hangul = upper.count(_KANA), upper.count(_HAN), upper.count(_HANGUL)
    rest = len(text) - kana - han - hangul
    if rest:
        wide = _count(_WIDE, text)
        kana += wide
        rest -= wide
    if rest:
        latin, digit, markup = _count(_LATIN, text), _count(_DIGIT, text), _count(_MARKUP, text)
    return kana, han, hangul, latin, digit, markup, rest - latin - digit - markup


def has_rare(text: str) -> bool:
    """Whether some character of a text is of no kind that has a rate of its own."""
    return _RARE.search(text) is not None


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
