"""Whether a model fits a machine, and what to choose when it does not."""

from dataclasses import dataclass
from enum import StrEnum

from translator.model.cache import Cache
from translator.model.machine import Machine
from translator.model.weights import GIB, with_overhead

_USUAL_WINDOWS = (262144, 131072, 65536, 32768, 16384, 8192, 4096, 2048, 1024)
_LEAST = 0.1
"""Billions of parameters below which no model translates anything."""
_FOUR_BITS = 0.6
"""Bytes per parameter up to which weights count as 4-bit: their blocks' scales come on top of the half byte."""


class Verdict(StrEnum):
    """Where the model runs: on the GPU, partly there, in memory on the processor, or nowhere."""

    GPU = "gpu"
    PARTLY = "partly"
    MEMORY = "memory"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Need:
    """What a model needs, in bytes. weights: without any overhead. parameters: their number, None where unknown.

    cache: None where it is not known. longest: the longest window that the model was made for (tokens).
    """

    weights: float
    parameters: float | None
    cache: Cache | None
    context: int
    slots: int
    longest: int | None = None

    @property
    def cache_bytes(self) -> int:
        """What the cache needs; 0 where that is not known."""
        return self.cache.bytes(self.context, self.slots) if self.cache else 0

    @property
    def low(self) -> float:
        """The least that all needs together."""
        return with_overhead(self.weights)[0] + self.cache_bytes

    @property
    def high(self) -> float:
        """The most that all needs together."""
        return with_overhead(self.weights)[1] + self.cache_bytes


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where the model runs, and a few sentences about that."""

    verdict: Verdict
    advice: str


def judge(need: Need, machine: Machine) -> Judgement:
    """Where a model runs on a machine: it fits where the least that it needs is free."""
    if machine.gpus and need.low <= machine.gpu_free:
        verdict, room = Verdict.GPU, machine.gpu_free
        said = "It fits on the GPU."
    elif machine.gpus and need.low <= machine.gpu_free + machine.free:
        verdict, room = Verdict.PARTLY, machine.gpu_free + machine.free
        said = (
            f"It does not fit on the GPU ({machine.gpu_free / GIB:.1f} GiB free): a part of it will run on the "
            "processor, which is several times slower."
        )
    elif need.low <= machine.free:
        verdict, room = Verdict.MEMORY, machine.free
        said = (
            "It fits in the memory, which the GPU shares."
            if machine.shared
            else "It fits in the memory and will run on the processor, which is slow for large models."
        )
    else:
        verdict, room = Verdict.NO, machine.gpu_free + machine.free
        said = f"It does not fit: {need.low / GIB:.1f} GiB are needed at least, {room / GIB:.1f} GiB are free."
    sentences = [said]
    if verdict is not Verdict.NO and need.high > room:
        sentences.append("It will be tight: close what else needs memory.")
    if verdict in (Verdict.NO, Verdict.PARTLY):
        wanted = machine.gpu_free if verdict is Verdict.PARTLY else room
        sentences.append(_instead(need, machine, wanted))
    sentences += _about_cache(need, room)
    return Judgement(verdict, " ".join(filter(None, sentences)))


def largest_context(need: Need, room: float) -> int:
    """How many tokens of context, in all slots together, have room beside the weights; 0 where that is not known."""
    if need.cache is None:
        return 0
    return max(int((room - with_overhead(need.weights)[0]) // need.cache.bytes_per_token), 0)


def _instead(need: Need, machine: Machine, room: float) -> str:
    """What would fit into `room` bytes: less cache, smaller numbers, a smaller model, in this order."""
    tokens = largest_context(need, room)
    if need.cache and tokens >= _USUAL_WINDOWS[-1]:
        if need.slots > 1 and tokens >= need.context:
            return f"It would fit with --slots {tokens // need.context}."
        window = next(usual for usual in _USUAL_WINDOWS if usual <= tokens)
        return f"It would fit with --context {window} --slots 1."
    if need.parameters and need.weights / need.parameters > _FOUR_BITS:
        four_bits = with_overhead(need.parameters * 0.5)[0] + need.cache_bytes
        if four_bits <= room:
            return f"A 4-bit quantisation of it (Q4_K_M, IQ4_XS) would fit: about {four_bits / GIB:.1f} GiB."
    billions = max(room - need.cache_bytes, 0) / with_overhead(1.0)[0] / 0.5 / 1e9
    smaller = f"Take a smaller model: up to about {billions:.1f} billion parameters at Q4 have room"
    place = " on the GPU" if machine.gpus and room == machine.gpu_free else ""
    return f"{smaller}{place}." if billions >= _LEAST else "Free some memory first: hardly any is left for a model."


def _about_cache(need: Need, room: float) -> list[str]:
    if need.cache is None:
        return ["The cache comes on top; a GGUF file tells how large it is."]
    sentences: list[str] = []
    if need.longest is not None and need.context > need.longest:
        sentences.append(f"The model was made for windows of {need.longest:,} tokens at most.")
    tokens = largest_context(need, room)
    if tokens >= need.context * need.slots:
        bound = f", one slot {need.longest:,} at most" if need.longest and tokens > need.longest else ""
        sentences.append(f"There is room for {tokens:,} tokens of context in all slots together{bound}.")
    if need.cache.window is not None and need.cache.window < need.context:
        sentences.append(
            f"Layers that look back {need.cache.window:,} tokens only may need less cache than is counted here."
        )
    return sentences
