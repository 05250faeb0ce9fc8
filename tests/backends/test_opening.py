import pytest

from translator.backends.embedded import EmbeddedBackend
from translator.backends.ollama import OllamaBackend
from translator.backends.openai import OpenAIBackend
from translator.backends.opening import open_backend
from translator.backends.pool import Pool
from translator.backends.pseudo import PseudoBackend
from translator.core.backend import BackendError


async def test_ollama_is_where_the_option_says_else_where_the_environment_says_else_at_home() -> None:
    environ = {"OLLAMA_HOST": "0.0.0.0:5000"}
    cases: list[tuple[list[str], dict[str, str], str]] = [
        (["http://x:1"], environ, "http://x:1"),
        ([], environ, "http://127.0.0.1:5000"),
    ]
    for hosts, given, address in [*cases, ([], {}, "http://127.0.0.1:11434")]:
        backend = open_backend("ollama", hosts, model="m", environ=given)
        assert isinstance(backend, OllamaBackend)
        assert backend.address == address
        await backend.close()


async def test_an_openai_server_is_found_likewise() -> None:
    backend = open_backend("openai", [], model="m", environ={"OPENAI_BASE_URL": "http://x:9/v1"})
    assert isinstance(backend, OpenAIBackend)
    assert backend.address == "http://x:9/v1"
    await backend.close()


async def test_several_hosts_are_a_pool() -> None:
    backend = open_backend("ollama", ["a", "b"], model="m", environ={})
    assert isinstance(backend, Pool)
    assert backend.name == "ollama http://a:11434, ollama http://b:11434"
    await backend.close()


def test_the_others_are_opened_without_a_host() -> None:
    assert isinstance(open_backend("pseudo", [], model="m", environ={}), PseudoBackend)
    assert isinstance(open_backend("embedded", [], model="x.gguf", slots=2, environ={}), EmbeddedBackend)


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    with pytest.raises(BackendError) as caught:
        open_backend("gpt", [], model="m", environ={})
    assert "ollama" in caught.value.hint
