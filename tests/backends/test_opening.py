import pytest

from translator.backends.embedded import EmbeddedBackend
from translator.backends.hosts import HostSpec
from translator.backends.ollama import OllamaBackend
from translator.backends.openai import OpenAIBackend
from translator.backends.opening import host_specs, open_host
from translator.backends.pseudo import PseudoBackend
from translator.core.backend import BackendError


@pytest.mark.parametrize(
    ("kind", "hosts", "environ", "names"),
    [
        ("ollama", [], {}, ["ollama http://127.0.0.1:11434"]),
        ("ollama", [], {"OLLAMA_HOST": "0.0.0.0:5000"}, ["ollama http://127.0.0.1:5000"]),
        ("ollama", ["http://x:1"], {"OLLAMA_HOST": "0.0.0.0:5000"}, ["ollama http://x:1"]),
        ("openai", [], {"OPENAI_BASE_URL": "http://x:9/v1"}, ["openai http://x:9/v1"]),
        ("openai", ["a:1", "ollama+b"], {}, ["openai http://a:1/v1", "ollama http://b:11434"]),
        (
            "ollama",
            ["a", "b", "http://c/v1"],
            {},
            ["ollama http://a:11434", "ollama http://b:11434", "openai http://c/v1"],
        ),
        ("ollama", ["a", "http://a:11434/"], {}, ["ollama http://a:11434"]),
        ("pseudo", ["a"], {}, ["pseudo"]),
        ("embedded", [], {}, ["embedded m.gguf"]),
    ],
)
def test_servers_are_where_the_options_say_else_where_the_environment_says_else_at_home(
    kind: str, hosts: list[str], environ: dict[str, str], names: list[str]
) -> None:
    assert [spec.name for spec in host_specs(kind, hosts, model="m.gguf", environ=environ)] == names


async def test_a_server_is_called_as_its_backend_is() -> None:
    kinds = {
        HostSpec("ollama", "http://x:1"): OllamaBackend,
        HostSpec("openai", "http://x:1/v1"): OpenAIBackend,
        HostSpec("embedded", "x.gguf"): EmbeddedBackend,
        HostSpec("pseudo", ""): PseudoBackend,
    }
    for spec, kind in kinds.items():
        backend = open_host(spec, slots=2)
        assert isinstance(backend, kind)
        assert backend.name == spec.name
        await backend.close()


def test_a_server_named_with_two_models_is_refused() -> None:
    with pytest.raises(BackendError, match="http://a:11434 is named with two models: x and that of --model"):
        host_specs("ollama", ["a#x", "http://a:11434"], model="m", environ={})


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    with pytest.raises(BackendError) as caught:
        host_specs("gpt", [], model="m", environ={})
    assert "ollama" in caught.value.hint
