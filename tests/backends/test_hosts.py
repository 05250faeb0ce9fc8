import pytest

from translator.backends.hosts import HostSpec, host_spec, is_loopback, is_near, ollama_address, openai_address
from translator.core.backend import BackendError


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (None, "http://127.0.0.1:11434"),
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        ("1.2.3.4:", "http://1.2.3.4:11434"),
        ("1.2.3.4:1234", "http://1.2.3.4:1234"),
        (":1234", "http://127.0.0.1:1234"),
        (":0", "http://127.0.0.1:0"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104 - what people write; nothing is bound to it
        ("0.0.0.0:5000", "http://127.0.0.1:5000"),
        ("http://0.0.0.0", "http://127.0.0.1:80"),
        ("[::]:11435", "http://[::1]:11435"),
        ("::", "http://[::1]:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:11434", "http://[::1]:11434"),
        ("[2001:db8::1]:99", "http://[2001:db8::1]:99"),
        ("http://1.2.3.4", "http://1.2.3.4:80"),
        ("https://1.2.3.4", "https://1.2.3.4:443"),
        ("HTTPS://Example.com", "https://Example.com:443"),
        ("https://1.2.3.4:1234", "https://1.2.3.4:1234"),
        ("example.com:66000", "http://example.com:11434"),
        ("https://example.com:66000", "https://example.com:443"),
        ("example.com:-1", "http://example.com:11434"),
        ("example.com:port", "http://example.com:11434"),
        ("example.com/", "http://example.com:11434"),
        ("http://example.com/ollama/", "http://example.com:80/ollama"),
        ("https://example.com:8443/a/b", "https://example.com:8443/a/b"),
        (' "1.2.3.4" ', "http://1.2.3.4:11434"),
        ("'http://1.2.3.4:9'", "http://1.2.3.4:9"),
        ("ollama.com", "https://ollama.com:443"),
        ("localhost", "http://localhost:11434"),
    ],
)
def test_every_spelling_of_ollama_host_becomes_the_address_that_ollamas_own_client_asks(
    value: str | None, address: str
) -> None:
    assert ollama_address(value) == address


@pytest.mark.parametrize("value", ["ftp://x", "http://a b", "file:///x", "http://a|b:80", "http://a:b:c:d"])
def test_what_can_be_no_address_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(BackendError) as caught:
        ollama_address(value)
    assert value in str(caught.value)
    assert "http://127.0.0.1" in caught.value.hint


@pytest.mark.parametrize(
    ("value", "api", "root"),
    [
        (None, "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"),
        ("http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"),
        ("http://127.0.0.1:1234/v1/chat/completions", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"),
        ("localhost:8000", "http://localhost:8000/v1", "http://localhost:8000"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000/v1", "http://[::1]:8000"),
        ("api.example.com", "https://api.example.com/v1", "https://api.example.com"),
        ("https://example.com/api/v1", "https://example.com/api/v1", "https://example.com/api"),
        ("https://example.com/v1beta/openai", "https://example.com/v1beta/openai", "https://example.com"),
    ],
)
def test_an_openai_address_is_taken_with_and_without_its_version(value: str | None, api: str, root: str) -> None:
    place = openai_address(value)
    assert (place.api, place.root) == (api, root)


@pytest.mark.parametrize("value", ["ws://x", "http://", "http://a:99999", "http://a:x"])
def test_what_can_be_no_openai_address_is_refused(value: str) -> None:
    with pytest.raises(BackendError):
        openai_address(value)


def test_no_proxy_belongs_between_this_program_and_its_own_network() -> None:
    near = ["http://127.0.0.1:1", "http://[::1]:1", "http://192.168.1.5:1", "http://nas:1", "http://nas.local:1"]
    assert all(map(is_near, near))
    assert not is_near("https://ollama.com:443")
    assert is_loopback("http://localhost:1")
    assert not is_loopback("http://192.168.1.5:1")


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("gpu1", HostSpec("ollama", "http://gpu1:11434")),
        ("gpu1:", HostSpec("ollama", "http://gpu1:11434")),
        ("http://gpu1:65535", HostSpec("ollama", "http://gpu1:65535")),
        ("http://gpu1:11434#sakura:14b", HostSpec("ollama", "http://gpu1:11434", "sakura:14b")),
        ("openai+http://gpu2:8080", HostSpec("openai", "http://gpu2:8080/v1")),
        ("OpenAI+gpu2:8080", HostSpec("openai", "http://gpu2:8080/v1")),
        ("http://gpu2:8080/v1#sakura-14b", HostSpec("openai", "http://gpu2:8080/v1", "sakura-14b")),
        ("http://gpu2:8080/v1/chat/completions", HostSpec("openai", "http://gpu2:8080/v1")),
        ("gpu2:8080/v1/", HostSpec("openai", "http://gpu2:8080/v1")),
        ("ollama+https://x/ollama#org/m:q4", HostSpec("ollama", "https://x:443/ollama", "org/m:q4")),
        ("[::1]:11434 # m", HostSpec("ollama", "http://[::1]:11434", "m")),
        ("http://x/a+b", HostSpec("ollama", "http://x:80/a+b")),
    ],
)
def test_a_host_may_say_its_kind_and_its_model(text: str, spec: HostSpec) -> None:
    assert host_spec(text, "ollama") == spec


def test_a_host_that_does_not_say_its_kind_is_of_the_backend_s() -> None:
    assert host_spec("x:1", "openai") == HostSpec("openai", "http://x:1/v1")
    assert host_spec("ollama+x:1", "openai") == HostSpec("ollama", "http://x:1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gpt+http://x", "“gpt” is no kind of server"),
        ("+http://x", "“” is no kind of server"),
        ("openai+", "no address stands behind “openai+”"),
        ("http://x#", "no model stands behind “#”"),
        ("ollama+http://x/v1", "/v1 belongs to OpenAI's protocol"),
        ("openai+ftp://x", "“ftp://x” is no address"),
        ("http://127.0.0.1:99999", "“http://127.0.0.1:99999” is no address"),
        ("openai+http://127.0.0.1:99999", "“http://127.0.0.1:99999” is no address"),
        ("gpu1:1143x", "“gpu1:1143x” is no address"),
        ("gpu1:²", "“gpu1:²” is no address"),
        ("ollama+[::1]:66000", "“[::1]:66000” is no address"),
    ],
)
def test_the_part_of_a_host_that_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(BackendError) as caught:
        host_spec(text, "ollama")
    assert said in str(caught.value)
    assert caught.value.hint
