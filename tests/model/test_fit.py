import pytest

from translator.model.cache import Cache
from translator.model.fit import Need, Verdict, judge, largest_context, most_slots
from translator.model.machine import Gpu, Machine
from translator.model.weights import GIB, plain_weights

MIB = 1024**2
QWEN_7B = Cache(56 * 1024)
"""56 KiB a token: 224 MiB for 4,096."""


def need(
    billions: float = 7.62,
    quantisation: str = "Q4",
    *,
    cache: Cache | None = QWEN_7B,
    context: int = 4096,
    slots: int = 1,
    longest: int | None = 32768,
) -> Need:
    weights = plain_weights(billions, quantisation) * GIB
    return Need(weights, billions * 1e9, quantisation, cache, context, slots, longest)


def machine(free: float, gpu: float | None = None, *, shared: bool = False) -> Machine:
    gpus = () if gpu is None else (Gpu("NVIDIA", 24 * GIB, int(gpu * GIB)),)
    return Machine(64 * GIB, int(free * GIB), gpus, shared)


def test_the_cache_comes_on_top_of_the_overhead() -> None:
    assert need(slots=4).low / GIB == pytest.approx(4.258 + 0.875, abs=0.001)
    assert need(slots=4).high / GIB == pytest.approx(5.3225 + 0.875, abs=0.001)


@pytest.mark.parametrize(
    ("given", "verdict", "said"),
    [
        (machine(32, 24), Verdict.GPU, "fits on the GPU"),
        (machine(32, 3), Verdict.PARTLY, "several times slower"),
        (machine(32), Verdict.MEMORY, "run on the processor"),
        (machine(32, shared=True), Verdict.MEMORY, "which the GPU shares"),
        (machine(2), Verdict.NO, "does not fit"),
        (machine(1, 1), Verdict.NO, "at least 4.5 GiB are needed, 2.0 GiB are free"),
    ],
)
def test_the_verdict_says_where_the_model_runs(given: Machine, verdict: Verdict, said: str) -> None:
    judgement = judge(need(), given)
    assert judgement.verdict is verdict
    assert said in judgement.advice


def test_several_gpus_count_together() -> None:
    two = Machine(64 * GIB, 32 * GIB, (Gpu("A", 4 * GIB, 3 * GIB), Gpu("B", 4 * GIB, 3 * GIB)))
    assert judge(need(), two).verdict is Verdict.GPU


def test_between_the_least_and_the_most_it_is_tight() -> None:
    assert "tight" in judge(need(), machine(5)).advice
    assert "tight" not in judge(need(), machine(6)).advice


def test_fewer_slots_are_advised_first() -> None:
    advice = judge(need(slots=64), machine(6)).advice
    assert "With --slots 7 it would fit." in advice
    assert judge(need(slots=7), machine(6)).verdict is Verdict.MEMORY
    assert judge(need(slots=8), machine(6)).verdict is Verdict.NO


def test_then_a_smaller_window() -> None:
    advice = judge(need(context=32768), machine(5)).advice
    assert "With --context 13312 it would fit." in advice
    assert judge(need(context=13312), machine(5)).verdict is Verdict.MEMORY
    both = judge(need(context=32768, slots=2), machine(5)).advice
    assert "With --context 13312 --slots 1 it would fit." in both


def test_then_fewer_bits() -> None:
    advice = judge(need(quantisation="FP16"), machine(6)).advice
    assert "A 4-bit quantisation of it (Q4_K_M, IQ4_XS) would fit: about 4.5 GiB." in advice


def test_then_a_smaller_model() -> None:
    for quantisation in ("Q4_K_M", "FP16"):
        advice = judge(need(70.6, quantisation, cache=None), machine(6)).advice
        assert "up to about 10.7 billion parameters at Q4" in advice
    assert judge(need(10.7, cache=None), machine(6)).verdict is Verdict.MEMORY


def test_with_no_memory_at_all_no_model_is_advised() -> None:
    assert "Hardly any memory is free" in judge(need(), machine(0)).advice


def test_what_would_fit_on_the_gpu_is_told_where_a_part_does_not() -> None:
    advice = judge(need(slots=16), machine(32, 6)).advice
    assert "With --slots 7 it would fit on the GPU." in advice
    assert "12.2 billion" not in advice


def test_a_machine_whose_memory_is_in_use_is_told_to_free_it() -> None:
    assert "close other programs" in judge(need(), machine(2)).advice
    assert "close other programs" not in judge(need(200, cache=None), machine(2)).advice


def test_the_room_that_is_left_is_told() -> None:
    advice = judge(need(slots=2), machine(6)).advice
    assert "a context of 16,309 tokens with 2 slots, or for 7 slots of 4,096 tokens" in advice


@pytest.mark.parametrize("slots", [1, 2, 5])
@pytest.mark.parametrize("cache", [QWEN_7B, Cache(3072, 15360, 512), Cache(0, 4096, 512)])
def test_the_largest_context_fits_and_one_token_more_does_not(cache: Cache, slots: int) -> None:
    wanted = need(cache=cache, slots=slots, longest=10**7)
    room = wanted.weights * 1.2 + 300 * MIB
    most = largest_context(wanted, room)
    assert cache.bytes(most, slots) <= 300 * MIB
    assert most == 10**7 or cache.bytes(most + 1, slots) > 300 * MIB


def test_no_context_is_larger_than_the_model_s_own() -> None:
    assert largest_context(need(), 10**15) == 32768
    advice = judge(need(context=65536), machine(16)).advice
    assert "made for windows of 32,768 tokens at most" in advice
    assert "6 slots of 32,768 tokens" in advice


def test_without_a_cache_nothing_is_said_of_contexts() -> None:
    named = need(cache=None)
    assert (largest_context(named, 10**12), most_slots(named, 10**12)) == (0, 0)
    assert "The cache comes on top" in judge(named, machine(32)).advice


def test_an_unknown_pattern_of_windows_is_noted() -> None:
    assert "may need less" in judge(need(cache=Cache(1024, unknown=True)), machine(32)).advice
    assert "may need less" not in judge(need(), machine(32)).advice


def test_a_file_without_a_named_quantisation_is_judged_by_its_bytes() -> None:
    half = Need(plain_weights(7.62, "FP16") * GIB, 7.62e9, None, QWEN_7B, 4096, 1)
    assert "4-bit quantisation" in judge(half, machine(6)).advice
    quarter = Need(plain_weights(7.62, "Q4") * 1.2 * GIB, 7.62e9, None, QWEN_7B, 4096, 1)
    assert "smaller model" in judge(quarter, machine(3)).advice
