"""What a job's record keeps of a request and its answer."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache

from translator.core.backend import Reply, Request, Sampling
from translator.core.finding import Finding
from translator.core.work import Attempt


def attempt(
    request: Request, answer: Reply, *, units: tuple[int, ...], number: int, host: str, stop: str,
    findings: Sequence[Finding],
) -> Attempt:  # fmt: skip
    """The record of a request and its answer as it came, blanks and all; of findings that say the same, one is kept.

    The model's thought goes along, between the marks of one, where something was wrong.
    """
    thought = f"<think>{answer.thought}</think>\n" if answer.thought and findings else ""
    return Attempt(
        units=units,
        number=number,
        host=host,
        prompt_hash=prompt_hash(request),
        sampling=_as_json(request.sampling),
        reply=thought + answer.text,
        stop=stop,
        prompt_tokens=answer.prompt_tokens,
        output_tokens=answer.output_tokens,
        seconds=answer.seconds,
        findings=tuple(dict.fromkeys(findings)),
        model=request.model,
    )


@lru_cache(maxsize=64)
def _as_json(sampling: Sampling) -> str:
    return json.dumps(asdict(sampling))


def prompt_hash(request: Request) -> str:
    """Names the exact request, sampling and limits included: 32 hexadecimal digits."""
    parts = (
        request.model,
        [(m.role, m.content) for m in request.messages],
        request.prompt,
        _as_json(request.sampling),
        request.max_tokens,
        request.num_ctx,
        request.stop,
        request.schema,
        request.think,
    )
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
