"""What a model makes of each kind of text, learnt from the counts that its server gives."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from translator.core.backend import Request
from translator.core.jsonvalue import as_list, as_object, get_list
from translator.engine.estimate import DEFAULT, Rates, counts

_KINDS: Final = len(DEFAULT.values())

_DOUBT: Final = tuple((0.05 / spread) ** 2 for spread in (0.4, 0.4, 0.5, 0.2, 0.4, 0.4, 0.7, 6.0))
"""How firmly the first rates are believed: a count's own error is taken as 5 %, a rate's as these, in tokens."""

_LOWEST, _HIGHEST = 0.2, 4.0
"""No rate goes below or above these multiples of the default."""

_FEW: Final = 5
"""With fewer counts than this, the first rates hold."""

_WELL: Final = 64
"""With so many counts the rates are well known."""

_MANY: Final = 400
"""Older counts are forgotten beyond about so many."""

_TRUSTED: Final = 0.4
"""A count of less than this part of the default's guess leaves out tokens that the server had in its cache, or is that
of a prompt that it cut: no vocabulary in use writes so few."""

_LIKELY: Final = 0.8
"""Once the rates are known, the same for what they say."""

_BELOW: Final = 0.2
"""The weight of a count that is below what was expected, against one that is above: a guess that is too low does harm,
one that is too high does not."""

_LEAST_MARGIN, _MOST_MARGIN = 1.05, 1.4


@dataclass(slots=True)
class _Sums:
    """What a fit needs to remember of the counts: sums of products of the characters, and with the tokens."""

    products: list[list[float]]
    tokens: list[float]
    number: float = 0.0
    spread: float = 0.0025

    def add(self, kinds: Sequence[float], tokens: float, importance: float) -> None:
        """One more count. It is its share that counts: long prompts are worth no more than short ones."""
        fade = 1.0 if self.number < _MANY else 1 - 1 / _MANY
        shares = [kind / tokens for kind in kinds]
        for row, mine in enumerate(shares):
            for column, other in enumerate(shares):
                self.products[row][column] = self.products[row][column] * fade + importance * mine * other
            self.tokens[row] = self.tokens[row] * fade + importance * mine
        self.number = min(self.number * fade + 1, _MANY)


class Calibration:
    """Rates that follow the counts of one model's server.

    It begins with given rates, which are careful guesses, and learns from each count; what it says is always above the
    best fit by a margin as wide as the counts scatter. Counts that leave something out are not learnt from. No clock,
    no file: `to_json` and `from_json` carry it over to the next run.
    """

    def __init__(self, start: Rates = DEFAULT) -> None:
        self._start = start
        self._sums = _Sums([[0.0] * _KINDS for _ in range(_KINDS)], [0.0] * _KINDS)
        self._raised = 1.0
        self._learnt = 0
        self._fit = start
        self._rates = start
        self._floor = start

    @property
    def rates(self) -> Rates:
        """The rates as they are known now, for what is planned from now on."""
        return self._rates

    @property
    def held(self) -> Rates:
        """The rates for what is planned already: never lower than those that it began with, so that its requests may
        become smaller and never larger.
        """
        return self._floor

    @property
    def known(self) -> bool:
        """Whether anything was learnt."""
        return self._sums.number > 0 or self._raised > 1

    @property
    def well_known(self) -> bool:
        """Whether further counts would tell little."""
        return self._sums.number >= _WELL

    def learn(self, request: Request, prompt_tokens: int) -> bool:
        """Learn from the server's count of a request's prompt; whether it was worth anything."""
        return self._learn(request.texts, request.turns, prompt_tokens)

    def learn_text(self, text: str, tokens: int) -> bool:
        """Learn from the server's count of a text without a template around it; whether it was worth anything."""
        return self._learn([text], 0, tokens)

    def overflowed(self, request: Request) -> None:
        """A request that was thought to fit did not: everything counts for more from now on."""
        kinds = _kinds(request.texts, request.turns)
        thought = _dot(kinds, self._rates.values())
        # What would not be sent by now was on its way when another one told the same.
        if 0 < thought <= request.num_ctx - request.max_tokens:
            step = min(max(request.num_ctx / thought, 1.1), 1.5)
            self._raised = min(self._raised * step, _HIGHEST)
            self._update()

    def to_json(self) -> str:
        """Everything that was learnt, for the store."""
        return json.dumps(
            {
                "products": self._sums.products,
                "tokens": self._sums.tokens,
                "number": self._sums.number,
                "spread": self._sums.spread,
                "raised": self._raised,
            }
        )

    @classmethod
    def from_json(cls, text: str | None, start: Rates = DEFAULT) -> "Calibration":
        """What `to_json` gave; what cannot be read (None, another version's) is a new beginning."""
        made = cls(start)
        try:
            read = as_object(json.loads(text or "{}"))
            products = [[_number(value) for value in as_list(row)] for row in get_list(read, "products")]
        except ValueError:
            return made
        tokens = [_number(value) for value in get_list(read, "tokens")]
        if [len(row) for row in products] != [_KINDS] * _KINDS or len(tokens) != _KINDS:
            return made
        made._sums = _Sums(products, tokens, _number(read.get("number")), _number(read.get("spread")))
        # What one overflow has raised is believed less and less, run by run.
        made._raised = 1 + (min(max(_number(read.get("raised")), 1.0), _HIGHEST) - 1) / 2
        made._solve()
        made._floor = made._rates
        return made

    def _learn(self, texts: Sequence[str], turns: int, tokens: int) -> bool:
        kinds = _kinds(texts, turns)
        expected = _dot(kinds, self._fit.values())
        if tokens < 1 or expected <= 0 or tokens < _TRUSTED * _dot(kinds, DEFAULT.values()):
            return False
        sure = self._sums.number >= _FEW
        if sure and tokens < _LIKELY * expected:
            return False
        if sure:
            above = max(tokens / expected - 1, 0.0)
            self._sums.spread += (above * above - self._sums.spread) / 50
        self._sums.add(kinds, float(tokens), _BELOW if sure and tokens < expected else 1.0)
        self._learnt += 1
        # What is well known is looked at again from time to time: solving takes longer than all else here.
        if self._sums.number < _WELL or self._learnt % 16 == 0:
            self._solve()
        return True

    def _solve(self) -> None:
        """The rates that fit best: those that the first ones and the counts agree on (ridge regression)."""
        if self._sums.number < _FEW:
            self._update()
            return
        first = self._start.values()
        matrix = [[*row, total] for row, total in zip(self._sums.products, self._sums.tokens, strict=True)]
        for place, doubt in enumerate(_DOUBT):
            matrix[place][place] += doubt
            matrix[place][-1] += doubt * first[place]
        found = _solved(matrix)
        bounds = zip(found, DEFAULT.values(), strict=True)
        self._fit = Rates(*(min(max(value, _LOWEST * usual), _HIGHEST * usual) for value, usual in bounds))
        self._update()

    def _update(self) -> None:
        sure = self._sums.number >= _FEW
        margin = min(max(1 + 3 * math.sqrt(self._sums.spread), _LEAST_MARGIN), _MOST_MARGIN) if sure else 1.0
        self._rates = self._fit.times(margin * self._raised)
        self._floor = self._floor.at_least(self._rates)


def _kinds(texts: Sequence[str], turns: int) -> list[float]:
    """The characters of each kind in all the texts, and the turns."""
    kinds = [0.0] * _KINDS
    for text in texts:
        for place, count in enumerate(counts(text)):
            kinds[place] += count
    kinds[-1] = float(turns)
    return kinds


def _dot(kinds: Sequence[float], rates: Sequence[float]) -> float:
    return sum(kind * rate for kind, rate in zip(kinds, rates, strict=True))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _solved(matrix: list[list[float]]) -> list[float]:
    """The solution of linear equations, one a row, each with its right side last; every diagonal entry is positive and
    the matrix symmetric and definite, so that no rows need to change places.
    """
    size = len(matrix)
    for place in range(size):
        pivot = matrix[place][place]
        for row in range(place + 1, size):
            factor = matrix[row][place] / pivot
            for column in range(place, size + 1):
                matrix[row][column] -= factor * matrix[place][column]
    found = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(matrix[place][column] * found[column] for column in range(place + 1, size))
        found[place] = (matrix[place][-1] - rest) / matrix[place][place]
    return found
