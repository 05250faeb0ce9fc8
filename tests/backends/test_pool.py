import asyncio
from dataclasses import replace

import pytest

from translator.backends.pool import Pool
from translator.core.backend import (
    Backend,
    BrokenReplyError,
    BusyError,
    ModelInfo,
    NoSuchModelError,
    OnBegin,
    OnToken,
    RefusedError,
    Reply,
    Request,
    UnreachableError,
)

REQUEST = Request(model="m", prompt="p")
INFO = ModelInfo(name="m", digest="d", context=4096, slots=2, server="s")


class Server:
    """A backend whose answers wait for the test."""

    def __init__(self, name: str, *, error: Exception | None = None, info: ModelInfo = INFO) -> None:
        self.name = name
        self.error = error
        self.info = info
        self.running = 0
        self.asked = 0
        self.closed = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def models(self) -> list[ModelInfo]:
        return [await self.describe("m")]

    async def describe(self, model: str) -> ModelInfo:
        del model
        if self.error is not None:
            raise self.error
        return self.info

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        del request, on_token, on_begin
        self.asked += 1
        if self.error is not None:
            raise self.error
        self.running += 1
        await self.gate.wait()
        self.running -= 1
        return Reply(self.name)

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def pair() -> tuple[Server, Server]:
    return Server("a"), Server("b")


async def test_each_request_goes_to_the_server_with_the_fewest_in_flight(pair: tuple[Server, Server]) -> None:
    for server in pair:
        server.gate.clear()
    pool = Pool(pair)
    tasks = [asyncio.create_task(pool.complete(REQUEST)) for _ in range(6)]
    await asyncio.sleep(0.01)
    assert [server.running for server in pair] == [3, 3]
    for server in pair:
        server.gate.set()
    assert sorted(reply.text for reply in await asyncio.gather(*tasks)) == ["a"] * 3 + ["b"] * 3


@pytest.mark.parametrize("error", [UnreachableError("gone"), BusyError("busy", retry_after=30)])
async def test_a_server_that_fails_is_left_alone_and_the_other_one_answers(
    pair: tuple[Server, Server], error: Exception
) -> None:
    pair[0].error = error
    pool = Pool(pair)
    assert [(await pool.complete(REQUEST)).text for _ in range(5)] == ["b"] * 5
    assert pair[0].asked == 1


async def test_a_request_fails_only_when_each_server_has_failed(pair: tuple[Server, Server]) -> None:
    for server in pair:
        server.error = UnreachableError(f"{server.name} is gone")
    pool = Pool(pair)
    for count in (1, 2):
        with pytest.raises(UnreachableError):
            await pool.complete(REQUEST)
        assert [server.asked for server in pair] == [count, count]
    for server in pair:
        server.error = None
    assert (await pool.complete(REQUEST)).text in "ab"


async def test_an_answer_that_broke_is_the_askers_business(pair: tuple[Server, Server]) -> None:
    pair[0].error = BrokenReplyError("half")
    with pytest.raises(BrokenReplyError):
        await Pool(pair).complete(REQUEST)
    assert pair[1].asked == 0


async def test_slots_add_up_and_the_smallest_window_counts(pair: tuple[Server, Server]) -> None:
    pair[1].info = replace(INFO, slots=3, context=2048)
    told = await Pool(pair).describe("m")
    assert (told.slots, told.context) == (5, 2048)
    pair[1].info = replace(INFO, slots=None)
    assert (await Pool(pair).describe("m")).slots is None


async def test_servers_with_different_models_under_one_name_are_refused(pair: tuple[Server, Server]) -> None:
    pair[1].info = replace(INFO, digest="other")
    with pytest.raises(RefusedError, match="different models"):
        await Pool(pair).describe("m")


async def test_a_server_that_is_away_does_not_hide_the_others_but_one_without_the_model_is_told(
    pair: tuple[Server, Server],
) -> None:
    pair[0].error = UnreachableError("gone")
    assert (await Pool(pair).describe("m")).slots == 2
    assert [entry.name for entry in await Pool(pair).models()] == ["m"]
    pair[0].error = NoSuchModelError("no")
    with pytest.raises(NoSuchModelError):
        await Pool(pair).describe("m")
    pair[0].error = pair[1].error = UnreachableError("all gone")
    with pytest.raises(UnreachableError):
        await Pool(pair).describe("m")


async def test_closing_closes_all(pair: tuple[Server, Server]) -> None:
    backend: Backend = Pool(pair)
    await backend.close()
    assert all(server.closed for server in pair)
