"""How well a model stays in step, by context policy and batch size: whether it answers with the lines it was asked for.

    python benchmarks/in_step.py [--model FILE.gguf] [--profile ID] [--target CODE] [--texts 96] [--text FILE]
        [--policies none pair assistant] [--lines 1 5 10 20] [--show]

The sentences of the sample novel (or the lines of FILE) in four scenes, side by side, each in order: the engine's
prompts, context and reading of answers, without its second attempts. A text is in step when the engine is certain which
line of the answer is its own; a request is when all its texts are. What one request lost is no context for the next, as
in a job. Prompt tokens are as the server counts them.

`--profile bare` is for models that were trained on no profile and follow no instruction: the lines alone, as a chat,
and before each scene the examples of the `completion` profile that have no codes, as texts that are translated already.
A policy that shows nothing of that leaves such a model without any hint of what to do.
"""

import argparse
import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prompts import Record

from translator.backends.embedded import EmbeddedBackend
from translator.core.backend import Backend, Stop
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Batch, Unit
from translator.engine import plan, reply
from translator.engine.context import Histories
from translator.engine.desk import Desk
from translator.engine.prepare import prepare
from translator.engine.restore import restore
from translator.profiles import Profile, all_profiles
from translator.profiles.profile import Context, ContextPolicy, Words

SCENES = 4
NUM_CTX = 2048
SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "text" / "kusamakura.txt"
_NOTES = re.compile(r"《[^》]*》|［＃[^］]*］|｜")


def sentences(novel: Path) -> Iterator[str]:
    """The sentences of an Aozora text behind its head, without readings and notes."""
    body = novel.read_text(encoding="utf-8").rpartition("-------\n")[2].partition("\n底本：")[0]
    for line in _NOTES.sub("", body).split("\n"):
        yield from (f"{part.strip()}。" for part in line.split("。") if len(part.strip()) > 4)


def chosen(name: str) -> Profile:
    """The profile to ask by, without special treatment of single words."""
    known = all_profiles(Path("/nonexistent"))
    if name != "bare":
        return replace(known[name], words=Words())
    lines, examples = known["sakura-v1.0"], known["completion"]
    templates = replace(lines.templates, system="", user="{text}", user_with_glossary="")
    told = tuple(e for e in examples.examples if not set("\\%") & set(dict(e.texts)["ja"]))
    return replace(lines, templates=templates, languages=examples.languages, words=Words(), examples=told)


def scenes(texts: Sequence[str], desk: Desk) -> tuple[Record, list[list[Batch]]]:
    """The texts as batches of four scenes, each behind the profile's examples, which are recorded as translated."""
    record, found = Record({}), list[list[Batch]]()
    told = [(dict(e.texts)["ja"], dict(e.texts)[desk.target.code]) for e in desk.profile.examples]
    for scene in range(SCENES):
        first = 1000 * scene
        own = texts[len(texts) * scene // SCENES : len(texts) * (scene + 1) // SCENES]
        parts = [[source for source, _ in told], own]
        batches = list[Batch]()
        for part in parts:
            units = [Unit(first + n, text, Role.NARRATION, str(scene), "novel") for n, text in enumerate(part)]
            planned = list(plan.plan(units, desk=desk, first_id=first))
            if batches and planned:
                planned[0] = replace(planned[0], after=batches[-1].id)
            record.batches.update((batch.id, batch) for batch in planned)
            if part is parts[0]:
                record.targets.update((unit.id, told[n][1]) for n, unit in enumerate(units))
            batches, first = planned, first + len(units)
        found.append(batches)
    return record, found


@dataclass(slots=True)
class Figures:
    """What came of one way to ask."""

    requests: int = 0
    whole: int = 0
    texts: int = 0
    tokens: int = 0


async def ask(backend: Backend, desk: Desk, texts: Sequence[str], *, show: bool) -> Figures:
    """Ask for all texts once."""
    record, queues = scenes(texts, desk)
    histories = Histories(desk, record)
    found = Figures()

    async def scene(batches: Sequence[Batch]) -> None:
        for batch in batches:
            await one(batch)

    async def one(batch: Batch) -> None:
        asked = [prepare(unit, desk) for unit in batch.units]
        request = plan.fitted(desk, asked, context=histories.before(batch), sampling=desk.profile.sampling).request
        answer = await backend.complete(request)
        read = reply.read(desk, answer.text, asked, cut=answer.stop is not Stop.DONE)
        for ready, lines in zip(asked, read.lines, strict=True):
            if lines is not None:
                record.targets[ready.unit.id] = restore(ready, lines, desk).target
        found.requests += 1
        found.whole += read.complete
        found.texts += sum(lines is not None for lines in read.lines)
        found.tokens += answer.prompt_tokens or 0
        if show:
            print([unit.source for unit in batch.units], "->", answer.text.split("\n"))

    await asyncio.gather(*map(scene, queues))
    return found


async def main() -> None:
    """Ask in every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="demo")
    parser.add_argument("--profile", default="sakura-v1.0")
    parser.add_argument("--target", default="zh-CN")
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--text", type=Path, help="a UTF-8 file, one text a line")
    parser.add_argument("--policies", nargs="+", default=["none", "pair", "assistant"], choices=list(ContextPolicy))
    parser.add_argument("--lines", type=int, nargs="+", default=[1, 5, 10, 20])
    parser.add_argument("--show", action="store_true", help="print every answer")
    given = parser.parse_args()
    texts = given.text.read_text(encoding="utf-8").splitlines() if given.text else sentences(SAMPLE)
    texts = list(dict.fromkeys(text for text in texts if text.strip()))[: given.texts]
    profile = chosen(given.profile)
    most = profile.context.tokens or 1300
    backend = EmbeddedBackend(given.model, slots=SCENES, num_ctx=NUM_CTX)
    print(f"{given.model}, profile {given.profile}, {len(texts)} texts, Japanese to {given.target}")
    print(f"{'context':10} {'lines':>5} {'requests':>8} {'in step':>8} {'texts in step':>13} {'prompt tokens':>13}")
    try:
        for policy in map(ContextPolicy, given.policies):
            for lines in given.lines:
                context = Context(policy, 0 if policy is ContextPolicy.NONE else most)
                budget = replace(profile.budget, lines=lines)
                asking = replace(profile, context=context, budget=budget)
                desk = Desk(asking, language("ja"), language(given.target), "model", NUM_CTX, {})
                found = await ask(backend, desk, texts, show=given.show)
                print(
                    f"{policy:10} {lines:>5} {found.requests:>8} {found.whole:>8} {found.texts:>13} {found.tokens:>13}",
                    flush=True,
                )
    finally:
        await backend.close()


if __name__ == "__main__":
    asyncio.run(main())
