"""What a model's weights need, by the number of its parameters and their quantisation, or by its name."""

import re
from dataclasses import dataclass

from translator.model.errors import UnknownSizeError

GIB = 1024**3
OVERHEAD = (1.2, 1.5)
"""What a running model needs beside its weights: 20 % at least, 50 % at most."""
DEFAULT_QUANTISATION = "Q4"
"""What Ollama serves under a name that says none."""

# Q4_K_M, IQ4_XS, iq4xs, TQ2_0, INT8, FP16, F16, BF16, FP8, MXFP4, NVFP4, NF4, Q4. The digits are the bits.
_QUANTISATION = re.compile(
    r"(?<![a-z0-9])(?:(?:[it]?q|int)(?P<whole>[1-68])|(?:(?:mx|nv)?fp|nf|b?f)(?P<floating>32|16|8|4))"
    r"(?!\d)[a-z0-9_]{0,8}(?![a-z0-9])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![a-z0-9])(?:(?P<bits>[2-68])-?bit|awq|gptq)(?![a-z0-9])", re.IGNORECASE)
# 7b, 7.62B, 270m, 8x7b; but not the 3b of 30b-a3b (parameters in use at once) nor the 4b of e4b (not all of them).
_SIZE = re.compile(
    r"(?<![a-z0-9.,])(?:(?P<experts>\d{1,3})x)?(?P<number>\d{1,4}(?:[.,]\d{1,3})?) ?(?P<unit>[mbt])(?![a-z0-9])",
    re.IGNORECASE,
)
_BILLIONS = {"m": 0.001, "b": 1.0, "t": 1000.0}


@dataclass(frozen=True, slots=True)
class NamedModel:
    """What a model's name tells: its parameters (billions), and its quantisation where it is named."""

    parameters: float
    quantisation: str | None


def bytes_per_parameter(quantisation: str) -> float:
    """FP32 4, FP16 and BF16 2, INT8 and Q8 1, INT4 and Q4 (every kind: Q4_K_M, IQ4_XS, MXFP4, AWQ) 0.5, others bits/8.

    This is the plain rule: the scales that a block of quantised numbers shares are part of the 20 % to 50 % on top.
    Raises UnknownSizeError for what names no quantisation.
    """
    if (match := _QUANTISATION.fullmatch(quantisation.strip())) is not None:
        return int(match["whole"] or match["floating"]) / 8
    if (match := _WORDS.fullmatch(quantisation.strip())) is not None:
        return int(match["bits"] or "4") / 8
    raise UnknownSizeError(f"“{quantisation}” names no quantisation")


def plain_weights(parameters: float, quantisation: str) -> float:
    """The weights' size in GiB: parameters (billions) × bytes per parameter. Raises UnknownSizeError."""
    return parameters * 1e9 * bytes_per_parameter(quantisation) / GIB


def with_overhead(weights: float) -> tuple[float, float]:
    """The least and the most that a model with such weights needs, in the unit of the weights."""
    return weights * OVERHEAD[0], weights * OVERHEAD[1]


def weights_range(parameters: float, quantisation: str) -> tuple[float, float]:
    """What a model with so many parameters (billions) needs without its cache: from, to, in GiB.

    Raises UnknownSizeError for what names no quantisation.
    """
    return with_overhead(plain_weights(parameters, quantisation))


def read_name(name: str) -> NamedModel:
    """Parameters and quantisation out of a name such as `7.62B Q4`, `qwen2.5:7b-instruct-q4_K_M`, `gemma3:270m`.

    A mixture of experts counts whole (`8x7b` as 56, an upper bound). Raises UnknownSizeError for a name without size.
    """
    size = _SIZE.search(name.replace("_", "-"))
    if size is None:
        raise UnknownSizeError(f"“{name}” does not say how many parameters the model has")
    billions = float(size["number"].replace(",", ".")) * _BILLIONS[size["unit"].lower()] * int(size["experts"] or "1")
    if not billions:
        raise UnknownSizeError(f"“{name}” says that the model has no parameters")
    quantisation = _QUANTISATION.search(name) or _WORDS.search(name)
    return NamedModel(billions, quantisation[0].upper() if quantisation else None)
