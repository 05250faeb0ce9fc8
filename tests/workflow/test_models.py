import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.backends.demo import demo_model
from translator.model.machine import machine_memory
from translator.profiles import all_profiles
from translator.testing.instant import InstantServer
from translator.testing.ollama_server import MODEL
from translator.testing.scripted_server import ScriptedServer, lines
from translator.workflow.errors import InputError, ServerError, UsageError
from translator.workflow.models import fit, import_model, list_models, model_name, show_model, template_fits
from translator.workflow.options import BackendKind, ServerOptions

GIB = 1024**3


def no_progress(_done: int, _total: int) -> None:
    """For imports whose progress does not matter."""


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def gguf(path: Path, **numbers: int) -> Path:
    """The smallest whole GGUF file: one tensor of 32 f32 numbers, and `general.` or `split.` numbers."""
    pairs = b""
    for key, value in numbers.items():
        name = key.replace("_", ".").encode()
        pairs += struct.pack("<Q", len(name)) + name + struct.pack("<II", 4, value)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(numbers)) + pairs
    head += struct.pack("<Q", 1) + b"w" + struct.pack("<IQIQ", 1, 32, 0, 0)
    path.write_bytes(head + bytes(-len(head) % 32) + bytes(128))
    return path


def takes_models(server: ScriptedServer, digest: str) -> None:
    server.say(f"/api/blobs/sha256:{digest}", {}, status=404)
    server.say(f"/api/blobs/sha256:{digest}", {}, status=201)
    server.on("/api/create", lines({"status": "success"}))


def test_the_server_s_models_are_listed_with_their_profiles(server: InstantServer) -> None:
    (model,) = list_models(ServerOptions(hosts=(server.host,)))
    assert (model.name, model.profile, model.quantisation) == (MODEL, "sakura-v1.0", "Q4_K_M")
    assert model.size == 4_700_000_000


def test_the_environment_names_the_server_where_nothing_else_does(
    server: InstantServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.host.removeprefix("http://"))
    assert [model.name for model in list_models(ServerOptions())] == [MODEL]


def test_a_chosen_profile_is_the_profile(server: InstantServer) -> None:
    (model,) = list_models(ServerOptions(hosts=(server.host,), profile="chat"))
    assert model.profile == "chat"
    with pytest.raises(UsageError, match="no profile nix"):
        list_models(ServerOptions(hosts=(server.host,), profile="nix"))


@pytest.mark.parametrize("name", ["sakura", MODEL, MODEL.removesuffix(":latest")])
def test_a_model_is_shown_by_its_name_or_its_family(server: InstantServer, name: str) -> None:
    (model,) = show_model(ServerOptions(hosts=(server.host,)), name)
    assert (model.name, model.profile, model.context) == (MODEL, "sakura-v1.0", 32768)
    assert model.template_fits is True
    assert model.digest == hashlib.sha256(MODEL.encode()).hexdigest()
    assert model.parameters == {"stop": "<|im_end|>"}
    assert model.server == "ollama 0.33.0"


def test_a_model_that_is_not_there_is_a_server_error_with_the_command_that_gets_it(server: InstantServer) -> None:
    with pytest.raises(ServerError, match="qwen3:8b") as caught:
        show_model(ServerOptions(hosts=(server.host,)), "qwen3:8b")
    assert "ollama pull qwen3:8b" in caught.value.hint


def test_a_server_that_is_not_there_is_a_server_error(scripted: ScriptedServer) -> None:
    scripted.on("/api/tags", b"<html>Bad gateway</html>", status=200, content_type="text/html")
    with pytest.raises(ServerError, match=scripted.url):
        list_models(ServerOptions(hosts=(scripted.url,)))


@pytest.mark.model
def test_the_program_s_own_model_is_listed_and_shown() -> None:
    (listed,) = list_models(ServerOptions(backend=BackendKind.EMBEDDED))
    (shown,) = show_model(ServerOptions(), "demo")
    assert listed.name == shown.name == demo_model().name
    assert shown.profile == "completion"
    assert shown.context == all_profiles()["completion"].budget.num_ctx


def test_a_file_becomes_a_model_with_what_its_profile_needs(scripted: ScriptedServer, tmp_path: Path) -> None:
    file = gguf(tmp_path / "Sakura-1.5B (Qwen2.5) v1.0.gguf")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    takes_models(scripted, digest)
    told: list[tuple[int, int]] = []
    report = import_model(
        ServerOptions(hosts=(scripted.url,)), file, None, None, lambda done, total: told.append((done, total))
    )
    assert (report.model, report.profile, report.digest) == ("sakura-1.5b-qwen2.5-v1.0", "sakura-v1.0", digest)
    assert report.server == scripted.url
    assert report.next_step == "translate game FOLDER --model sakura-1.5b-qwen2.5-v1.0"
    blob, create = scripted.requests[1:]
    assert blob.body == file.read_bytes()
    profile = all_profiles()["sakura-v1.0"]
    assert create.json["model"] == report.model
    assert create.json["template"] == profile.server.template
    assert create.json["system"] == profile.server.system
    assert create.json["parameters"] == json.loads(json.dumps(dict(profile.server.parameters)))
    size = file.stat().st_size
    assert (size, size) in told


def test_the_file_s_name_tells_the_profile_of_a_model_with_another_name(
    scripted: ScriptedServer, tmp_path: Path
) -> None:
    file = gguf(tmp_path / "sakura-7b-qwen2.5-v1.0.gguf")
    takes_models(scripted, hashlib.sha256(file.read_bytes()).hexdigest())
    server = ServerOptions(hosts=(scripted.url,))
    assert import_model(server, file, "mine", None, no_progress).profile == "sakura-v1.0"
    assert import_model(server, file, "mine", "chat", no_progress).profile == "chat"


def test_each_server_that_is_named_gets_the_model_and_the_key(
    scripted: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    file = gguf(tmp_path / "m.gguf")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    scripted.say(f"/api/blobs/sha256:{digest}", {})
    scripted.on("/api/create", lines({"status": "success"}))
    other = scripted.url.replace("127.0.0.1", "localhost")
    report = import_model(ServerOptions(hosts=(scripted.url, other)), file, None, None, no_progress)
    assert report.server == f"{scripted.url}, {other}"
    assert [request.path for request in scripted.requests].count("/api/create") == 2
    assert {request.headers.get("authorization") for request in scripted.requests} == {"Bearer secret"}


def test_what_is_no_whole_model_is_refused_before_anything_is_sent(scripted: ScriptedServer, tmp_path: Path) -> None:
    server = ServerOptions(hosts=(scripted.url,))
    text = tmp_path / "book.txt"
    text.write_text("こんにちは")
    with pytest.raises(InputError, match="no GGUF"):
        import_model(server, text, None, None, no_progress)
    short = gguf(tmp_path / "short.gguf")
    short.write_bytes(short.read_bytes()[:-1])
    with pytest.raises(InputError, match="cut short"):
        import_model(server, short, None, None, no_progress)
    part = gguf(tmp_path / "m-00001-of-00003.gguf", split_count=3)
    with pytest.raises(InputError, match="one of 3 parts"):
        import_model(server, part, None, None, no_progress)
    with pytest.raises(InputError, match="No such file"):
        import_model(server, tmp_path / "none.gguf", None, None, no_progress)
    assert not scripted.requests


def test_a_server_that_refuses_the_model_says_why(scripted: ScriptedServer, tmp_path: Path) -> None:
    file = gguf(tmp_path / "m.gguf")
    scripted.say(f"/api/blobs/sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}", {})
    scripted.on("/api/create", lines({"error": "unknown architecture"}))
    with pytest.raises(ServerError, match="unknown architecture"):
        import_model(ServerOptions(hosts=(scripted.url,)), file, None, None, no_progress)


def test_only_ollama_is_given_models(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only an Ollama"):
        import_model(ServerOptions(backend=BackendKind.OPENAI), tmp_path / "m.gguf", None, None, no_progress)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Sakura 14B (Q4).gguf", "sakura-14b-q4"),
        ("桜.gguf", "model"),
        ("a__b.c-d.gguf", "a__b.c-d"),
        ("--.gguf", "model"),
    ],
)
def test_a_file_s_name_becomes_a_name_that_ollama_takes(file: str, name: str) -> None:
    assert model_name(Path(file)) == name


def test_a_template_fits_when_it_has_the_marks_and_not_the_prompt() -> None:
    sakura = all_profiles()["sakura-v1.0"]
    marks = "<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>"
    assert template_fits(sakura.server.template, sakura) is True
    assert template_fits(f"{{{{ range .Messages }}}}{marks}{{{{ end }}}}", sakura) is True
    assert template_fits("{{ .Prompt }}", sakura) is False
    assert template_fits("[INST] {{ .Prompt }} [/INST]", sakura) is False
    assert template_fits(f"{marks}将下面的日文文本翻译成中文：{{{{ .Prompt }}}}", sakura) is False
    assert template_fits(None, sakura) is None
    assert template_fits(marks, all_profiles()["chat"]) is None


@pytest.mark.parametrize(
    ("name", "parameters", "quantisation", "low", "high"),
    [
        ("7.62B Q4", 7.62, "Q4", 4.26, 5.32),
        ("7.62b", 7.62, "Q4", 4.26, 5.32),
        ("deepseek-r1:14.8b", 14.8, "Q4", 8.27, 10.34),
        ("sakura-1.5b-qwen2.5-v1.0-fp16", 1.5, "FP16", 3.35, 4.19),
        ("qwen2.5:7b-instruct-q4_K_M", 7.0, "Q4_K_M", 3.91, 4.89),
    ],
)
def test_a_name_tells_what_its_model_needs(
    name: str, parameters: float, quantisation: str, low: float, high: float
) -> None:
    report = fit(name, 4096, 2)
    assert (report.model, report.quantisation, report.weights_from) == (name, quantisation, "name")
    assert report.parameters == pytest.approx(parameters)
    assert (report.low, report.high) == pytest.approx((low, high), abs=0.01)
    assert (report.total_low, report.total_high) == (report.low, report.high)
    assert (report.context, report.slots, report.kv_cache) == (4096, 2, None)
    assert report.memory_total == pytest.approx(machine_memory().total / GIB)


def test_a_file_tells_its_cache_too() -> None:
    report = fit(str(demo_model()), 4096, 4)
    assert report.weights == pytest.approx(246_587_904 / GIB)
    assert report.kv_cache == pytest.approx(108 / 1024)
    assert report.total_low == pytest.approx(report.weights * 1.2 + 108 / 1024)
    assert report.total_high == pytest.approx(report.weights * 1.5 + 108 / 1024)
    assert (report.weights_from, report.quantisation) == ("file", "Q4_K_M")
    assert fit("demo", 4096, 4).weights == report.weights


def test_a_model_that_is_too_large_for_any_machine_fits_nowhere() -> None:
    report = fit("9999T FP32", 4096, 1)
    assert report.verdict == "no"
    assert "does not fit" in report.advice


def test_a_name_without_a_size_is_refused_with_one_that_has_it() -> None:
    with pytest.raises(UsageError, match="how many parameters") as caught:
        fit("sakura", 4096, 1)
    assert "sakura-7b-q4" in caught.value.hint


@pytest.mark.parametrize("name", ["none.gguf", "folder", "sakura-14b-q4.gguf"])
def test_a_file_that_cannot_be_read_is_an_input_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / name) if name != "folder" else f"{tmp_path / name}.gguf"
    with pytest.raises(InputError, match="No such file"):
        fit(path, 4096, 1)


def test_a_file_that_is_no_model_is_an_input_error(tmp_path: Path, corrupt: Callable[[Path], Path]) -> None:
    with pytest.raises(InputError, match=r"damaged|cut short"):
        fit(str(corrupt(gguf(tmp_path / "m.gguf"))), 4096, 1)


@pytest.fixture
def corrupt() -> Callable[[Path], Path]:
    """Cut a file in the middle."""

    def cut(path: Path) -> Path:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        return path

    return cut
