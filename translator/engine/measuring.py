"""How long a model's prompts are, learnt while they are answered, and counted exactly where that is in doubt."""

from dataclasses import replace

from translator.core.backend import OverflowedError, Reply, Request
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.estimate import Rates
from translator.engine.plan import Fixed, request_tokens

_NEAR = 0.9
"""From this share of the context window on, a request is counted where the server can count."""

_ROOM = 0.5
"""The share of an answer's limit that is enough room for it; the limits are generous."""


class Measure:
    """The rates of one desk's model during a run. Requests may become smaller by what is learnt, never larger: what is
    planned already is then asked in smaller parts.
    """

    def __init__(self, desk: Desk, calibration: Calibration) -> None:
        self.desk = desk
        self._calibration = calibration
        self._rates = calibration.held
        self._fixed = Fixed.of(desk, self._rates)

    @property
    def rates(self) -> Rates:
        """What requests are measured by now."""
        if self._calibration.held != self._rates:
            self._rates = self._calibration.held
            self._fixed = Fixed.of(self.desk, self._rates)
        return self._rates

    @property
    def fixed(self) -> Fixed:
        """The tokens that do not depend on the texts, by the same rates."""
        return self._fixed if self.rates is self._rates else Fixed.of(self.desk, self.rates)

    def in_doubt(self, request: Request) -> bool:
        """Whether a request is so near the window that it is worth having it counted."""
        return request_tokens(request, self.rates) + request.max_tokens >= _NEAR * request.num_ctx

    def counted(self, request: Request, tokens: int) -> Request:
        """What to send of a request whose texts a server has counted: it has less room for its answer where the window
        has no more. Raises OverflowedError where that would be too little.
        """
        # The template around the turns is not counted there.
        tokens += round(self.rates.turn * request.turns)
        room = request.num_ctx - tokens
        if room >= request.max_tokens:
            return request
        self._calibration.learn(request, tokens)
        if room < _ROOM * request.max_tokens:
            raise OverflowedError(
                f"a prompt of {tokens} tokens and an answer of up to {request.max_tokens} do not fit a window of "
                f"{request.num_ctx}"
            )
        return replace(request, max_tokens=room)

    def answered(self, request: Request, reply: Reply) -> None:
        """Learn from the server's own count."""
        self._calibration.learn(request, reply.prompt_tokens)

    def overflowed(self, request: Request) -> None:
        """A request did not fit, though it had been planned to."""
        self._calibration.overflowed(request)
