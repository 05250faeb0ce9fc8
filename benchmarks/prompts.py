"""How many prompt tokens a server has to read anew, beyond the source's own, for each token of the source.

    python benchmarks/prompts.py [--profile ID]

3,000 distinct lines in 40 scenes, with the profile's default context and batch size, with and without a glossary of 200
names of which every third line has one. Four scenes are asked at a time of a server with four slots, each of which has
the tokens of its last prompt and answer: a request goes to the only slot that is free, which is the one that its scene
(or the one before it) had. What a prompt shares with its slot is not read again. Nothing is measured in seconds: the
figures are the same on each run.

Tokens are counted by the estimate, at the rates of Qwen2.5's vocabulary for such texts (RATES below), and the marks of
ChatML around a turn as five. The least that the template allows is what is read anew with no context at all: what
stands around each batch's lines behind their common beginning, and the glossary entries that apply to them.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from generated import sentence

from translator.core.backend import Request
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, GlossaryEntry, Outcome, Recorded, Unit
from translator.engine import plan
from translator.engine.context import Histories
from translator.engine.desk import Desk
from translator.engine.estimate import Rates, weight
from translator.engine.prepare import prepare
from translator.profiles import Profile, all_profiles
from translator.profiles.profile import Context, ContextPolicy

LINES, SCENES, SLOTS, ENTRIES = 3000, 40, 4, 200
RATES = Rates(kana=0.70, han=0.80, hangul=0.9, latin=0.25, digit=1.0, markup=0.6, other=1.5, turn=5.0)

_TURN = 5
_SYLLABLES = "アイウエカキクケサシスセタチツテナニヌネハヒフヘマミムメラリルレ"


def names() -> list[GlossaryEntry]:
    """A glossary of people."""
    chance = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < ENTRIES:
        found["".join(chance.sample(_SYLLABLES, 4))] = None
    return [GlossaryEntry(name, f"人名{n:03}", "角色" if n % 2 else "") for n, name in enumerate(found)]


def units(*, glossary: bool) -> Iterator[Unit]:
    """The job's texts, the same with and without the glossary."""
    chance, entries = random.Random(1), names()
    for number in range(LINES):
        text = sentence(chance, number).partition("、")
        line = text[0][:12] + "、" + text[2][:10] + "。"
        hits: tuple[GlossaryEntry, ...] = ()
        if number % 3 == 0:
            entry = entries[chance.randrange(ENTRIES)]
            line = f"{entry.src}は" + line
            hits = (entry,) if glossary else ()
        yield Unit(number, line, Role.DIALOGUE, str(number * SCENES // LINES), "f", glossary=hits)


def answer_to(line: str) -> str:
    """A translation of about the usual length: Chinese needs seven characters for ten of Japanese."""
    return "译" + "这是那个勇者在村里所说的话语之一他们听了都沉默不语"[: len(line) * 7 // 10]


@dataclass
class Record:
    """The job's batches with their translations."""

    batches: dict[int, Batch]
    targets: dict[int, str] = field(default_factory=dict[int, str])

    def pending(self) -> Iterator[Batch]:
        """All of them."""
        return iter(self.batches.values())

    def recorded(self, batch: int) -> Recorded | None:
        """A batch and what it has been given."""
        found = self.batches[batch]
        return Recorded(found, tuple(self.targets.get(unit.id) for unit in found.units))

    def chain(self, batch: int) -> Sequence[int]:
        """The batches of its scene up to it."""
        after = self.batches[batch].after
        return [batch] if after is None else [*self.chain(after), batch]

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        """Not used: answers are put into `targets`."""
        raise NotImplementedError


Piece = tuple[str, str]
"""A turn as it lies in a slot: who speaks, and what."""


def pieces(request: Request) -> list[Piece]:
    """A prompt's turns; the last one is opened for the answer."""
    return [(message.role, message.content) for message in request.messages] + [("assistant", "")]


def tokens(turns: Sequence[Piece]) -> float:
    """The tokens of turns with the marks around them."""
    return sum(weight(text, RATES) + _TURN for _, text in turns)


def shared(one: Sequence[Piece], other: Sequence[Piece]) -> float:
    """The tokens of the common beginning."""
    total = 0.0
    for mine, its in zip(one, other, strict=False):
        if mine == its:
            total += tokens([mine])
            continue
        if mine[0] != its[0]:
            return total
        same = next((n for n, (a, b) in enumerate(zip(mine[1], its[1], strict=False)) if a != b), None)
        same = min(len(mine[1]), len(its[1])) if same is None else same
        # The marks before the text are the same; those after it are not.
        return total + _TURN - 2 + weight(mine[1][:same], RATES)
    return total


@dataclass
class Figures:
    """What a job's prompts came to, in tokens."""

    requests: int = 0
    source: float = 0.0
    prompts: float = 0.0
    anew: float = 0.0

    def told(self) -> str:
        """As a line of a table."""
        return (
            f"{self.requests:5} {self.source:8,.0f} {self.prompts:9,.0f} {self.anew:9,.0f}"
            f" {1 - self.anew / self.prompts:8.0%} {self.anew / self.source - 1:7.2f}"
        )


def measure(profile: Profile, *, glossary: bool) -> Figures:
    """Ask for the whole job."""
    desk = Desk(profile, language("ja"), language("zh-CN"), "m", profile.budget.num_ctx, {})
    planned = list(plan.plan(units(glossary=glossary), desk=desk))
    record = Record({batch.id: batch for batch in planned})
    histories = Histories(desk, record)
    scenes: dict[str, list[Batch]] = {}
    for batch in planned:
        scenes.setdefault(batch.scene, []).append(batch)
    slots: list[list[Piece]] = [[] for _ in range(SLOTS)]
    found = Figures()
    for slot, batch in side_by_side(list(scenes.values())):
        asked = [prepare(unit, desk) for unit in batch.units]
        request = plan.fitted(desk, asked, context=histories.before(batch), sampling=profile.sampling).request
        turns = pieces(request)
        kept = shared(turns, slots[slot])
        lines = [line for ready in asked for line in ready.lines]
        answers = [answer_to(line) for line in lines]
        slots[slot] = [*turns[:-1], ("assistant", "\n".join(answers))]
        record.targets.update((ready.unit.id, answer) for ready, answer in zip(asked, answers, strict=True))
        found.requests += 1
        found.source += weight("\n".join(lines), RATES)
        found.prompts += tokens(turns)
        found.anew += tokens(turns) - kept
    return found


def side_by_side(scenes: Sequence[Sequence[Batch]]) -> Iterator[tuple[int, Batch]]:
    """The batches in the order in which four at a time are asked for, each with its slot."""
    queues = [scenes[number::SLOTS] for number in range(SLOTS)]
    lanes = [[batch for scene in queue for batch in scene] for queue in queues]
    for row in zip_longest(*lanes):
        yield from ((slot, batch) for slot, batch in enumerate(row) if batch is not None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="sakura-v1.0")
    given = parser.parse_args()
    profile = all_profiles(Path("/nonexistent"))[given.profile]
    print(f"{profile.id}: {LINES:,} lines in {SCENES} scenes, {SLOTS} slots; extra: for each source token")
    print(f"{'context':22} {'glossary':>8} {'asked':>5} {'source':>8} {'prompts':>9} {'anew':>9} {'cached':>8}", end="")
    print(f" {'extra':>7}")
    default = profile.context
    policies = {"none (the least)": Context(), f"{default.policy} {default.tokens} (default)": default}
    if default.policy is ContextPolicy.PAIR:
        policies["assistant 500"] = Context(ContextPolicy.ASSISTANT, 500)
    for title, context in policies.items():
        for glossary in (False, True) if profile.takes_glossary else (False,):
            figures = measure(replace(profile, context=context), glossary=glossary)
            print(f"{title:22} {ENTRIES if glossary else 'none':>8} {figures.told()}")


if __name__ == "__main__":
    main()
