"""How a job's model counts its texts: what earlier runs learnt, and what its server says of a sample."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import islice

from translator.core.backend import BackendError, Counts, Host
from translator.engine.calibration import Calibration
from translator.store import Store

_SAMPLE = 200
"""Texts of the job that a server is asked to count, where it can."""

_SPREAD = 10
"""Every tenth text is taken, so that the sample is not all of one scene."""

_TOGETHER = 2
"""Texts in one question: few, so that the kinds of characters in them differ from one to the next."""

_AT_ONCE = 8


def recalled(store: Store, hosts: Sequence[Host]) -> Calibration:
    """What was learnt of the hosts' model in earlier runs, with a new beginning where nothing was."""
    for host in hosts:
        known = store.recall_server(host.name, host.model)
        if known is not None and known.rates is not None:
            return Calibration.from_json(known.rates)
    return Calibration()


def remember(store: Store, hosts: Sequence[Host], calibration: Calibration) -> None:
    """Keep what was learnt for the next run."""
    if calibration.known:
        for host in hosts:
            store.remember_server(host.name, host.model, rates=calibration.to_json())


async def count_sample(hosts: Sequence[Host], texts: Iterable[str], calibration: Calibration) -> None:
    """Let the first host that can count some of the job's texts, unless enough is known."""
    host = next((host for host in hosts if isinstance(host.backend, Counts)), None)
    if host is None or calibration.well_known or not isinstance(host.backend, Counts):
        return
    backend, model = host.backend, host.model
    sample = list(islice(texts, 0, _SAMPLE * _SPREAD, _SPREAD))
    asked = ["\n".join(sample[start : start + _TOGETHER]) for start in range(0, len(sample), _TOGETHER)]
    for start in range(0, len(asked), _AT_ONCE):
        group = asked[start : start + _AT_ONCE]
        counted = await asyncio.gather(*(_counted(backend, text, model) for text in group))
        if counted[0] is None:
            return  # it cannot count after all, or not now
        for text, tokens in zip(group, counted, strict=True):
            calibration.learn_text(text, tokens or 0)


async def _counted(backend: Counts, text: str, model: str) -> int | None:
    try:
        return await backend.tokens(text, model)
    except BackendError:
        return None  # guesses will do until answers teach better; whether the job can be done, its requests will tell
