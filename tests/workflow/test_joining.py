from dataclasses import replace

import pytest

from translator.backends.hosts import HostSpec
from translator.core.backend import ModelInfo, UnreachableError
from translator.core.recipe import Recipe
from translator.workflow.errors import ServerError
from translator.workflow.joining import Found, check, leader, refusal, remarks, wide_enough

MODEL = ModelInfo("sakura:latest", "d1", context=4096, structured=True)
RECIPE = Recipe("ja", "zh-CN", "sakura:latest", "d1", "sakura-v1.0", "1", "[]", "none", 2048)
AWAY = UnreachableError("away", hint="start it")


def ollama(place: str, info: ModelInfo | None = MODEL, *, model: str | None = None, away: bool = False) -> Found:
    return Found(HostSpec("ollama", place, model), model or "sakura", info, error=AWAY if away else None)


def openai(place: str, info: ModelInfo | None, *, away: bool = False) -> Found:
    return Found(HostSpec("openai", place), "sakura", info, error=AWAY if away else None)


OTHER = replace(MODEL, digest="d2")
LLAMA = ModelInfo("sakura.gguf", "x1", size=1000)


def test_the_first_server_leads() -> None:
    pair = [ollama("a"), openai("b", LLAMA)]
    assert leader(pair, None)[0] is pair[0]
    assert leader(pair[::-1], None)[0] is pair[1]


def test_the_server_that_a_job_was_begun_with_leads_wherever_it_stands() -> None:
    pair = [openai("b", LLAMA), ollama("a")]
    assert leader(pair, RECIPE)[0] is pair[1]
    assert leader(pair, replace(RECIPE, model_digest="gone"))[0] is pair[0]


def test_a_server_that_is_off_leads_by_what_is_remembered_of_it() -> None:
    pair = [ollama("a", away=True), openai("b", LLAMA)]
    assert leader(pair, None)[0] is pair[0]
    unknown = [ollama("a", None, away=True), openai("b", LLAMA)]
    assert leader(unknown, None)[0] is unknown[1]


def test_what_is_remembered_does_not_outweigh_what_a_server_says_now() -> None:
    pair = [ollama("a", away=True), ollama("b", OTHER)]
    assert leader(pair, None)[0] is pair[1]
    assert leader(pair, RECIPE)[0] is pair[1]


def test_with_no_server_at_all_each_is_named() -> None:
    other = Found(HostSpec("ollama", "b"), "sakura", MODEL, error=UnreachableError("b is away, too"))
    with pytest.raises(ServerError, match="away\nb is away, too") as caught:
        leader([ollama("a", away=True), other], RECIPE)
    assert caught.value.hint == "start it"


def test_two_ollamas_must_have_the_same_model() -> None:
    pair = [ollama("http://a:1"), ollama("http://b:1", OTHER)]
    with pytest.raises(ServerError, match="different models under the name “sakura”") as caught:
        check(pair[0], pair)
    assert "http://b:1#sakura:latest" in caught.value.hint
    check(pair[0], [pair[0], ollama("c"), ollama("d", OTHER, away=True), openai("e", LLAMA)])


def test_a_model_that_was_named_for_its_server_is_the_user_s_decision() -> None:
    pair = [ollama("a"), ollama("b", replace(OTHER, name="sakura:7b"), model="sakura:7b")]
    check(pair[0], pair)
    (sentence,) = remarks(pair[0], pair)
    assert sentence == "ollama b asks sakura:7b, as you said; its answers count as those of sakura:latest."


def test_where_kinds_differ_it_is_said_that_it_cannot_be_told() -> None:
    pair = [ollama("a"), openai("b", LLAMA)]
    check(pair[0], pair)
    (sentence,) = remarks(pair[0], pair)
    assert "cannot be told" in sentence
    assert not list(remarks(pair[0], [pair[0], ollama("c")]))


def test_other_servers_are_compared_by_the_size_of_the_weights() -> None:
    renamed, larger = replace(LLAMA, name="m", digest="x2"), replace(LLAMA, digest="x3", size=2000)
    check(openai("a", LLAMA), [openai("a", LLAMA), openai("b", renamed), openai("c", replace(renamed, size=None))])
    with pytest.raises(ServerError, match="1,000 bytes"):
        check(openai("a", LLAMA), [openai("a", LLAMA), openai("b", larger)])


def test_a_server_that_comes_later_must_fit_the_job_as_it_was_begun() -> None:
    lead, late = ollama("a"), ollama("b", None, away=True)
    assert refusal(lead, late, MODEL, num_ctx=4096, structured=True) == ""
    assert "different models" in refusal(lead, late, OTHER, num_ctx=4096, structured=True)
    assert "window of 4096" in refusal(lead, late, MODEL, num_ctx=8192, structured=True)
    free = replace(MODEL, structured=False)
    assert "schema" in refusal(lead, late, free, num_ctx=4096, structured=True)
    assert refusal(lead, late, free, num_ctx=4096, structured=False) == ""
    assert refusal(lead, late, replace(MODEL, context=None), num_ctx=8192, structured=True) == ""


def test_a_server_with_a_small_window_does_not_join_a_job_that_has_begun_with_a_larger_one() -> None:
    lead, small, away = ollama("a"), ollama("b", replace(MODEL, context=1024)), ollama("c", None, away=True)
    kept, said = wide_enough(lead, [lead, small, away], 2048)
    assert kept == [lead, away]
    assert said == ["ollama b has a window of 1024 tokens only, the job was begun with 2048"]
    assert wide_enough(lead, [lead, small], 1024) == ([lead, small], [])
    assert wide_enough(small, [lead, small], 2048) == ([lead, small], [])
