import pytest

from translator.profiles import best_installed, for_model


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("sakura-1.5b-qwen2.5-v1.0-fp16", "sakura-v1.0"),
        ("sakura-14b-qwen2.5-v1.0-iq4xs", "sakura-v1.0"),
        ("hf.co/SakuraLLM/Sakura-1.5B-Qwen2.5-v1.0-GGUF:fp16", "sakura-v1.0"),
        ("sakura", "sakura-v1.0"),
        ("sakura:latest", "sakura-v1.0"),
        (r"C:\models\Sakura-7B-Qwen2.5-v1.0-Q6K.gguf", "sakura-v1.0"),
        ("sakura-14b-qwen3-v1.5-q6k", "sakura-v1.5"),
        ("hf.co/SakuraLLM/Sakura-14B-Qwen3-v1.5-GGUF", "sakura-v1.5"),
        ("sakura-32b-qwen2beta-v0.10pre1-iq4xs", "sakura-v0.10"),
        ("sakura-13b-lnovel-v0.9b", "sakura-v0.9"),
        ("sakura-14b-qwen2beta-v0.9.2-iq4xs", "sakura-v0.9"),
        ("Sakura-GalTransl-7B-v3.7", "galtransl-v3"),
        ("hf.co/SakuraLLM/Sakura-GalTransl-14B-v3.8:Q5_K_S", "galtransl-v3"),
        ("galtransl:7b", "galtransl-v3"),
        ("deepseek-r1:14b", "reasoning"),
        ("DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", "reasoning"),
        ("qwq:32b", "reasoning"),
        ("qwen3:30b-a3b-thinking-2507-q4_K_M", "reasoning"),
        ("gpt-oss:20b", "reasoning"),
        ("qwen3:8b", "chat"),
        ("qwen2.5:7b-instruct", "chat"),
        ("gemma3:4b", "chat"),
        ("translategemma:4b", "chat"),
        ("llama3.1:8b-instruct-q4_K_M", "chat"),
        ("gemma3:270m", "completion"),
        ("gemma-3-270m-q4_k_m.gguf", "completion"),
        ("demo", "completion"),
        ("llama3:text", "completion"),
        ("qwen3-8b-base", "completion"),
        ("gemma-3-4b-pt", "completion"),
        ("pseudo", "pseudo"),
    ],
)
def test_a_models_name_tells_its_profile(model: str, profile: str) -> None:
    assert for_model(model).id == profile


def test_the_folders_of_a_file_do_not_count() -> None:
    assert for_model("/home/sakura/galtransl/qwen2.5-7b.gguf").id == "chat"


def test_an_alias_means_the_models_of_its_profiles_the_best_first() -> None:
    installed = [
        "qwen3:8b",
        "sakura-1.5b-qwen2.5-v1.0-fp16",
        "sakura-14b-qwen2beta-v0.9.2-iq4xs",
        "Sakura-GalTransl-7B-v3.7",
        "sakura-14b-qwen2.5-v1.0-iq4xs",
        "sakura-7b-qwen2.5-v1.0-iq4xs",
        "sakura-7b-qwen2.5-v1.0-q6k",
    ]
    assert best_installed("sakura", installed) == [
        "sakura-14b-qwen2.5-v1.0-iq4xs",
        "sakura-7b-qwen2.5-v1.0-q6k",
        "sakura-7b-qwen2.5-v1.0-iq4xs",
        "sakura-1.5b-qwen2.5-v1.0-fp16",
        "Sakura-GalTransl-7B-v3.7",
        "sakura-14b-qwen2beta-v0.9.2-iq4xs",
    ]
    assert best_installed("galtransl", installed) == ["Sakura-GalTransl-7B-v3.7"]


def test_a_model_that_is_installed_by_that_very_name_comes_first() -> None:
    names = ["sakura-14b-qwen2.5-v1.0-iq4xs", "sakura:latest"]
    assert best_installed("sakura", names) == ["sakura:latest", "sakura-14b-qwen2.5-v1.0-iq4xs"]
    assert best_installed("qwen3", ["qwen3:latest", "qwen3:8b"]) == ["qwen3:latest"]


def test_an_alias_of_nothing_installed_means_nothing() -> None:
    assert best_installed("sakura", ["qwen3:8b", "gemma3:4b"]) == []
    assert best_installed("mistral", ["qwen3:8b"]) == []
