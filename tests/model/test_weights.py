import pytest

from translator.model.errors import UnknownSizeError
from translator.model.weights import bytes_per_parameter, read_name, weights_range


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
def test_a_q4_model_needs_what_the_table_says(parameters: float, low: float, high: float) -> None:
    assert weights_range(parameters, "Q4") == pytest.approx((low, high), abs=0.01)


@pytest.mark.parametrize(
    ("quantisation", "wanted"),
    [
        *(("FP32", 4), ("F32", 4), ("FP16", 2), ("F16", 2), ("BF16", 2), ("INT8", 1), ("Q8", 1), ("Q8_0", 1)),
        *(("FP8", 1), ("INT4", 0.5), ("Q4", 0.5), ("q4_K_M", 0.5), ("IQ4_XS", 0.5), ("iq4xs", 0.5), ("MXFP4", 0.5)),
        *(("AWQ", 0.5), ("8bit", 1), ("4-bit", 0.5), ("Q2_K", 0.25), ("Q3_K_M", 0.375), ("Q5_K_M", 0.625)),
        *(("Q6_K", 0.75), ("IQ1_S", 0.125)),
    ],
)
def test_each_quantisation_has_its_bytes_per_parameter(quantisation: str, wanted: float) -> None:
    assert bytes_per_parameter(quantisation) == wanted


@pytest.mark.parametrize("name", ["", "sakura", "Q", "Q7", "FP12", "Q16_0", "q4" + "a" * 60 + "!"])
def test_what_is_no_quantisation_is_refused(name: str) -> None:
    with pytest.raises(UnknownSizeError, match="names no quantisation"):
        bytes_per_parameter(name)


@pytest.mark.parametrize(
    ("name", "parameters", "quantisation"),
    [
        ("7.62B Q4", 7.62, "Q4"),
        ("7.62b", 7.62, None),
        ("7,62 B INT8", 7.62, "INT8"),
        ("qwen2.5:7b-instruct-q4_K_M", 7, "Q4_K_M"),
        ("sakura-14b-q4", 14, "Q4"),
        ("sakura-1.5b-qwen2.5-v1.0-fp16", 1.5, "FP16"),
        ("deepseek-r1:14b", 14, None),
        ("gemma3:270m", 0.27, None),
        ("mixtral:8x7b", 56, None),
        ("qwen3:30b-a3b-q8_0", 30, "Q8_0"),
        ("sakura-32b-qwen2beta-v0.9-iq4xs", 32, "IQ4XS"),
        ("hf.co/SakuraLLM/Sakura-14B-Qwen2.5-v1.0-GGUF:IQ4_XS", 14, "IQ4_XS"),
        ("Sakura_7B_Q6_K", 7, "Q6_K"),
        ("Qwen2.5-7B-Instruct-AWQ", 7, "AWQ"),
        ("kimi-k2:1t", 1000, None),
    ],
)
def test_size_and_quantisation_are_read_from_a_name(name: str, parameters: float, quantisation: str | None) -> None:
    found = read_name(name)
    assert found.parameters == pytest.approx(parameters)
    assert found.quantisation == quantisation


@pytest.mark.parametrize("name", ["", "sakura", "qwen2.5", "llama3.3", "phi3:mini-q4", "gemma3n:e4b", "8bit", "a3b"])
def test_a_name_without_a_size_is_refused(name: str) -> None:
    with pytest.raises(UnknownSizeError, match="how many parameters"):
        read_name(name)


def test_a_model_of_no_parameters_is_refused() -> None:
    with pytest.raises(UnknownSizeError, match="no parameters"):
        read_name("0b")
