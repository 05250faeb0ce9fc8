"""Whether a model fits a machine, and what to choose when it does not."""

from dataclasses import dataclass, replace
from enum import StrEnum

from translator.model.cache import Cache
from translator.model.errors import UnknownSizeError
from translator.model.machine import Machine
from translator.model.weights import GIB, bytes_per_parameter, with_overhead

_LEAST_WINDOW = 1024
"""A window below this (tokens) holds no useful batch."""
_WINDOW_STEP = 1024
_FOUR_BITS = 0.5
_LEAST = 0.1
"""Billions of parameters below which no model translates anything."""


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
    quantisation: str | None
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
    both = machine.gpu_free + machine.free
    if machine.gpus and need.low <= machine.gpu_free:
        return _fits(Verdict.GPU, "It fits on the GPU.", need, machine.gpu_free)
    if machine.gpus and need.low <= both:
        said = (
            f"It does not fit on the GPU, which has {machine.gpu_free / GIB:.1f} GiB free: a part of it will run on "
            f"the processor, which is several times slower. {_instead(need, machine.gpu_free, ' on the GPU')}"
        )
        return _fits(Verdict.PARTLY, said, need, both)
    if need.low <= both:
        where = (
            "It fits in the memory, which the GPU shares."
            if machine.shared
            else "It fits in the memory and will run on the processor, which is slow for large models."
        )
        return _fits(Verdict.MEMORY, where, need, both)
    said = f"It does not fit: at least {need.low / GIB:.1f} GiB are needed, {both / GIB:.1f} GiB are free."
    if need.low <= machine.total:
        said += f" The machine has {machine.total / GIB:.1f} GiB: close other programs, or take less."
    return Judgement(Verdict.NO, f"{said} {_instead(need, both, '')}")


def largest_context(need: Need, room: float) -> int:
    """The longest window (tokens) that each of the slots can have within `room` bytes, never more than the model's.

    0 where none fits or the cache is not known.
    """
    if need.cache is None:
        return 0
    left = room - with_overhead(need.weights)[0]
    # The cache grows by at least full + windowed bytes a token and slot up to the window, by `full` above it.
    low, high = 0, need.longest or 2**20
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if need.cache.bytes(middle, need.slots) <= left else (low, middle - 1)
    return low


def most_slots(need: Need, room: float) -> int:
    """How many slots with the wanted window fit within `room` bytes; 0 where none does or the cache is not known."""
    if need.cache is None:
        return 0
    return max(int((room - with_overhead(need.weights)[0]) // need.cache.bytes(need.context, 1)), 0)


def _fits(verdict: Verdict, said: str, need: Need, room: float) -> Judgement:
    sentences = [said]
    if need.high > room:
        sentences.append("It will be tight: close what else needs memory.")
    if need.longest is not None and need.context > need.longest:
        sentences.append(f"The model was made for windows of {need.longest:,} tokens at most.")
    if need.cache is None:
        sentences.append("The cache comes on top; the model's GGUF file tells how large it is.")
        return Judgement(verdict, " ".join(sentences))
    if verdict is not Verdict.PARTLY:
        usual = replace(need, context=min(need.context, need.longest or need.context))
        sentences.append(
            f"There is room for a context of {largest_context(need, room):,} tokens with {_slots(need.slots)}, or for "
            f"{_slots(most_slots(usual, room))} of {usual.context:,} tokens."
        )
    if need.cache.unknown:
        sentences.append("Some of its layers look back a few tokens only: they may need less cache than counted here.")
    return Judgement(verdict, " ".join(sentences))


def _slots(number: int) -> str:
    return "1 slot" if number == 1 else f"{number} slots"


def _instead(need: Need, room: float, place: str) -> str:
    """What would fit into `room` bytes: fewer slots, a smaller window, fewer bits, a smaller model, in this order."""
    if slots := most_slots(need, room):
        return f"With --slots {slots} it would fit{place}."
    window = largest_context(replace(need, slots=1), room) // _WINDOW_STEP * _WINDOW_STEP
    if window >= _LEAST_WINDOW:
        return f"With --context {window}{' --slots 1' if need.slots > 1 else ''} it would fit{place}."
    one_slot = need.cache.bytes(need.context, 1) if need.cache else 0
    if need.parameters and _above_four_bits(need):
        four_bits = with_overhead(need.parameters * _FOUR_BITS)[0] + one_slot
        if four_bits <= room:
            return f"A 4-bit quantisation of it (Q4_K_M, IQ4_XS) would fit{place}: about {four_bits / GIB:.1f} GiB."
    billions = max(room - one_slot, 0) / with_overhead(_FOUR_BITS)[0] / 1e9
    if billions < _LEAST:
        return f"Hardly any memory is free{place}: close what else needs it."
    return f"Take a smaller model: up to about {billions:.1f} billion parameters at Q4 have room{place}."


def _above_four_bits(need: Need) -> bool:
    try:
        return bytes_per_parameter(need.quantisation or "") > _FOUR_BITS
    except UnknownSizeError:
        # A file that does not name it: its tensors tell, with room for the scales and the larger first and last layers.
        return bool(need.parameters) and need.weights / (need.parameters or 1) > 2 * _FOUR_BITS
