"""From prepared units to the request that asks for them."""

from collections.abc import Sequence

from translator.core.backend import Request, Sampling
from translator.engine.desk import Desk
from translator.engine.prepare import Prepared


def build(
    desk: Desk,
    prepared: Sequence[Prepared],
    *,
    context: Sequence[tuple[str, str]],
    sampling: Sampling,
) -> Request:
    """The request for some units.

    context: (source, translation) of the texts before them in their scene, the nearest last; how much of it is
    shown, and how, is the profile's policy. Under ContextPolicy.SOURCE the translations are not looked at.
    """
    ...
