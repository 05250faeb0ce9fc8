import os
from pathlib import Path

import pytest

from translator.model.fit import ModelSize, UnknownModelError, Verdict, bits_per_weight, fit, from_name, weights_range
from translator.model.memory import GIB, Gpu, Machine, machine_memory, nvidia_gpus, parse_nvidia_smi


@pytest.mark.parametrize(
    ("parameters", "low", "high"),
    [
        (1.78, 0.99, 1.24),
        (7.62, 4.26, 5.32),
        (8.03, 4.49, 5.61),
        (14.8, 8.27, 10.34),
        (32.8, 18.33, 22.91),
        (70.6, 39.45, 49.31),
    ],
)
def test_four_bit_models_need_what_the_table_says(parameters: float, low: float, high: float) -> None:
    assert weights_range(parameters, "Q4") == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))


@pytest.mark.parametrize(
    ("quantisation", "bits"),
    [
        ("FP32", 32), ("fp16", 16), ("BF16", 16), ("INT8", 8), ("Q8_0", 8), ("INT4", 4), ("Q4", 4), ("q4_K_M", 4),
        ("Q4_0", 4), ("Q5_K_M", 5.69), ("Q6_K", 6.56), ("IQ4_XS", 4.25), ("iq4-xs", 4.25), ("Q2_K", 2.63),
    ],
)  # fmt: skip
def test_quantisations_have_their_usual_bits(quantisation: str, bits: float) -> None:
    assert bits_per_weight(quantisation) == bits


def test_an_unknown_quantisation_is_an_error() -> None:
    with pytest.raises(UnknownModelError, match="Q99"):
        bits_per_weight("Q99")


@pytest.mark.parametrize(
    ("name", "parameters", "quantisation"),
    [
        ("7.62B q4", 7.62, "Q4"),
        ("7.62b", 7.62, "Q4"),
        ("qwen2.5:7b-instruct-q4_K_M", 7, "Q4_K_M"),
        ("sakura-1.5b-qwen2.5-v1.0-fp16", 1.5, "FP16"),
        ("sakura-14b-qwen2.5-v1.0-q6k", 14, "Q6K"),
        ("Sakura-7B-Qwen2.5-v1.0-IQ4_XS.gguf", 7, "IQ4_XS"),
        ("deepseek-r1:14b", 14, "Q4"),
        ("gemma3:270m", 0.27, "Q4"),
        ("mixtral:8x7b-instruct-v0.1-q5_K_M", 56, "Q5_K_M"),
        ("hf.co/SakuraLLM/Sakura-GalTransl-7B-v3.7:Q6_K", 7, "Q6_K"),
        ("14.8 B int8", 14.8, "INT8"),
        ("qwen3:30b-a3b", 30, "Q4"),
    ],
)
def test_names_tell_size_and_quantisation(name: str, parameters: float, quantisation: str) -> None:
    size = from_name(name)
    assert size.parameters == pytest.approx(parameters)
    assert size.quantisation == quantisation
    assert not size.from_file
    assert size.cache(4096, 4) is None


@pytest.mark.parametrize("name", ["sakura", "gpt-4o", "qwen2.5:latest", "", "v1.0b2x"])
def test_a_name_without_a_size_is_an_error(name: str) -> None:
    with pytest.raises(UnknownModelError, match="how many parameters"):
        from_name(name)


def model(gib: float, cache_per_token: int | None = 1024) -> ModelSize:
    return ModelSize("m", gib * 2, "Q4", int(gib * GIB), from_file=True, cache_per_token=cache_per_token)


def machine(total: float, *gpus: float, free: float | None = None) -> Machine:
    cards = tuple(Gpu("RTX", int(gib * GIB), int(gib * GIB)) for gib in gpus)
    return Machine(int(total * GIB), int((total if free is None else free) * GIB), cards)


@pytest.mark.parametrize(
    ("weights", "on", "verdict", "tight"),
    [
        (4, machine(16, 8), Verdict.GPU, False),
        (6, machine(16, 8), Verdict.GPU, True),
        (10, machine(16, 8), Verdict.PARTLY, False),
        (10, machine(32, 8, 8), Verdict.GPU, False),
        (10, machine(32), Verdict.MEMORY, False),
        (12, machine(16), Verdict.MEMORY, True),
        (13, machine(16), Verdict.NO, True),
        (40, machine(16, 8), Verdict.NO, True),
    ],
)
def test_a_model_fits_where_its_weights_and_cache_have_room(
    weights: float, on: Machine, verdict: Verdict, *, tight: bool
) -> None:
    found = fit(model(weights), on, context=4096, slots=1)
    assert (found.verdict, found.tight) == (verdict, tight)
    assert found.advice


def test_the_cache_counts_for_every_slot() -> None:
    one = fit(model(4, 256 * 1024), machine(16, 8), context=4096, slots=1)
    many = fit(model(4, 256 * 1024), machine(16, 8), context=4096, slots=8)
    assert (one.cache, many.cache) == (GIB, 8 * GIB)
    assert (one.verdict, many.verdict) == (Verdict.GPU, Verdict.PARTLY)


def test_the_longest_window_just_fits() -> None:
    size, on = model(4), machine(16, 8)
    found = fit(size, on, context=4096, slots=1)
    assert found.most_tokens is not None
    assert fit(size, on, context=found.most_tokens, slots=1).verdict is Verdict.GPU
    assert fit(size, on, context=found.most_tokens + 1, slots=1).verdict is Verdict.PARTLY
    assert fit(model(40), on, context=1, slots=1).most_tokens == 0
    assert fit(model(4, None), on, context=1, slots=1).most_tokens is None


def test_memory_that_others_hold_now_is_said() -> None:
    busy = fit(model(4), machine(16, free=2), context=4096, slots=1)
    assert (busy.verdict, busy.now) == (Verdict.MEMORY, False)
    assert "Other programs" in busy.advice
    assert fit(model(4), machine(16), context=4096, slots=1).now


def test_a_coarser_quantisation_is_advised_only_where_there_is_one() -> None:
    wide = ModelSize("m", 32, "FP16", 64 * 10**9, from_file=False)
    narrow = ModelSize("m", 70, "Q4", 35 * 10**9, from_file=False)
    assert "Q4" in fit(wide, machine(16), context=1, slots=1).advice
    assert "Q4" not in fit(narrow, machine(16), context=1, slots=1).advice


def test_cards_are_read_from_nvidia_smi() -> None:
    text = "NVIDIA GeForce RTX 4090, 24564, 22013\nA, B, 8192, 100\nNVIDIA GB10, [N/A], [N/A]\n\n"
    assert parse_nvidia_smi(text) == (
        Gpu("NVIDIA GeForce RTX 4090", 24564 * 1024**2, 22013 * 1024**2),
        Gpu("A, B", 8192 * 1024**2, 100 * 1024**2),
    )


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for nvidia-smi is a shell script")
@pytest.mark.parametrize(
    ("script", "cards"), [("echo 'RTX, 1024, 512'", 1), ("echo no devices; exit 9", 0), ("printf '\\377'", 0)]
)
def test_a_driver_that_fails_means_no_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, cards: int
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert len(nvidia_gpus()) == cards


def test_this_machine_has_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    here = machine_memory()
    assert 0 < here.free <= here.total
    assert here.gpus == ()
