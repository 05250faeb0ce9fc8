"""Which means brings the control codes of a text through a model: in place, as stand-ins, or kept apart from it.

    python benchmarks/experiments/codes.py MODEL.gguf [--slots 4] [--target en zh-CN] [--profile completion lines]

30 sentences of games, ten for each of three kinds of code: one that stands for a word, a pair around some words, and a
mark between two parts. In place, each sentence is asked with each code of its kind; with stand-ins it makes no
difference which code they stand for. Right is an answer with exactly the codes of the source, pairs in their order; in
place is one that has, besides, text on the same sides of its codes as the source. Sampling without chance.

The style `lines` asks as Sakura is asked (a chat, one text), for models that know such prompts or not.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import regex
from asking import Answer, Asker, desk, shipped, unit

from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.profiles import load_profile
from translator.profiles.profile import CodeStyle, Example, Profile

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\[CNV]\[\d+\]"),
        MarkupRule(r"\\[!.]"),
        MarkupRule(r"\{[a-z]+\}", cells=8),
        MarkupRule(r"<b>", Fate.OPEN),
        MarkupRule(r"</b>", Fate.CLOSE),
        MarkupRule(r"\[r\]"),
        MarkupRule(r"%[s\d]"),
    )
)
WORDS = ("\\N[1]", "\\V[3]", "{name}", "%s", "%1")
PAIRS = (("\\C[2]", "\\C[0]"), ("<b>", "</b>"))
MARKS = ("[r]", "\\!", "\\.")
SPELLINGS = ("⟦{}⟧", "<{}>", "[{}]", "{{}}", "【{}】", "@{}@")

WITH_WORD = (
    "昨日、{}は宿屋に泊まった。",
    "どうやら{}が鍵を持っているようだ。",
    "これは{}の大切な本です。",
    "今から{}に会いに行こう。",
    "あの塔で{}を待っている。",
    "村人たちは{}を信じている。",
    "ねえ、{}、一緒に来てくれる？",
    "王様は{}に剣を渡した。",
    "まさか{}がここにいるとは……。",
    "扉の向こうから{}の声が聞こえる。",
)
WITH_PAIR = (
    "君に{}鉄の剣{}をやろう。",
    "北の{}氷の洞窟{}には近づくな。",
    "まずは{}村長{}に話を聞こう。",
    "この{}古い地図{}を見てくれ。",
    "敵の弱点は{}炎{}だ。",
    "私は{}世界樹の葉{}を探しています。",
    "今夜、{}魔王{}が目を覚ます。",
    "机の上に{}赤い手紙{}がある。",
    "二つの{}水晶{}を集めなさい。",
    "彼は{}王国一の騎士{}と呼ばれた。",
)
WITH_MARK = (
    "待ってくれ、{}話を聞いてほしい。",
    "誰もいない……{}いや、足音がする。",
    "ありがとう。{}君のおかげで助かった。",
    "宝箱を開けた。{}中には薬草が入っていた。",
    "もう夜だ。{}今日は休もう。",
    "お前が、{}犯人だったのか！",
    "雨が降ってきた。{}急いで帰ろう。",
    "ここは危険だ。{}早く逃げろ！",
    "父は死んだ。{}私が十歳の時だった。",
    "さあ、{}冒険の始まりだ！",
)
_EXAMPLE_CODE = regex.compile(r"%\d")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with codes, the kind of its codes, and the code's own name."""

    text: str
    kind: str
    code: str


def cases(count: int, *, one_code: bool) -> list[Case]:
    """The first `count` sentences of each kind with every code of the kind, or with the first alone."""
    return [
        *(Case(s.replace("{}", c), "word", c) for s in WITH_WORD[:count] for c in WORDS[: 1 if one_code else None]),
        *(Case(s.format(*c), "pair", "…".join(c)) for s in WITH_PAIR[:count] for c in PAIRS[: 1 if one_code else None]),
        *(Case(s.replace("{}", c), "mark", c) for s in WITH_MARK[:count] for c in MARKS[: 1 if one_code else None]),
    ]


def with_standins(profile: Profile, spelling: str, style: CodeStyle) -> Profile:
    """The profile with stand-ins, in its examples too."""

    def spelled(text: str) -> str:
        return _EXAMPLE_CODE.sub(lambda m: spelling.replace("{}", m.group()[1:]), text)

    examples = tuple(Example(tuple((code, spelled(t)) for code, t in e.texts)) for e in profile.examples)
    return replace(profile, codes=style, standin=spelling, examples=examples)


def in_place(case: Case, answer: Answer) -> bool:
    """Whether the answer has text where the source has some: before the first code, between two, after the last."""
    if answer.target is None or not answer.codes_right:
        return False

    def sides(text: str) -> list[bool]:
        found = [""]
        for piece in MARKUP.tokenize(text):
            if piece.is_code:
                found.append("")
            else:
                found[-1] += piece.text
        return [any(c.isalnum() for c in side) for side in found]

    before, after = sides(case.text), sides(answer.target)
    if case.kind == "word":  # a word may move to an end of its sentence
        return any(after)
    return len(before) == len(after) and all(there or not own for own, there in zip(before, after, strict=True))


def profiles(names: Sequence[str]) -> dict[str, Profile]:
    """The ways to ask: few-shot completion, and a chat of one plain text."""
    known = {"completion": shipped("completion"), "lines": replace(shipped("sakura-v1.0"), stop=())}
    chat = known["lines"]
    asked = "Translate from {source} to {target}. Copy codes such as \\C[2], {name}, <b> or %1 exactly.\n{text}"
    templates = replace(chat.templates, system="", user=asked, user_with_glossary="")
    known["lines"] = replace(chat, templates=templates, languages=known["completion"].languages)
    return {name: known[name] for name in names}


async def main() -> None:
    """Ask for everything and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--target", nargs="+", default=["en", "zh-CN"])
    parser.add_argument("--profile", nargs="+", default=["completion", "lines"], choices=["completion", "lines"])
    parser.add_argument("--sentences", type=int, default=10, help="of each kind")
    parser.add_argument("--spellings", nargs="+", default=list(SPELLINGS))
    parser.add_argument("--means", nargs="+", help="only those whose names begin so")
    parser.add_argument("--toml", type=Path, help="measure this profile, a completion, and nothing else")
    parser.add_argument("--kinds", nargs="+", default=["word", "pair", "mark"], help="of code")
    parser.add_argument("--show", action="store_true", help="print every answer")
    given = parser.parse_args()
    asker = Asker(given.model, given.slots)
    try:
        for target in given.target:
            for name, profile in profiles(given.profile).items():
                print(f"\n{name}, ja to {target}: codes right (and in place), of the sentences asked")
                await measure(asker, target, profile, given)
    finally:
        await asker.close()
    print(f"\n{asker.asked} requests, {asker.tokens} tokens, {asker.seconds:.0f} s")


async def measure(asker: Asker, target: str, profile: Profile, given: argparse.Namespace) -> None:
    """All means for one way to ask."""
    ways = [("in place", replace(profile, codes=CodeStyle.KEEP), False)]
    for style, name in ((CodeStyle.STANDIN, ""), (CodeStyle.APART_STANDIN, "apart, ")):
        for spelling in given.spellings:
            sign = spelling.replace("{}", "1")
            ways.append((f"{name}stand-in {sign}", with_standins(profile, spelling, style), True))
    ways.append(("apart", replace(profile, codes=CodeStyle.APART), False))
    if given.toml:
        ways = [("the file's profile", load_profile(given.toml), False)]
    ways = [way for way in ways if not given.means or any(way[0].startswith(name) for name in given.means)]
    for label, way, one_code in ways:
        asked = [case for case in cases(given.sentences, one_code=one_code) if case.kind in given.kinds]
        where = desk(way, target, MARKUP)
        ask = partial(asker.alone, where)
        answers = await asyncio.gather(*(ask(unit(case.text)) for case in asked))
        pairs = list(zip(asked, answers, strict=True))
        print(f"  {label:<20} {share(pairs)}  " + ", ".join(
            f"{kind} {share([p for p in pairs if p[0].kind == kind])}" for kind in ("word", "pair", "mark")
        ), flush=True)  # fmt: skip
        if not one_code:
            codes = dict.fromkeys(case.code for case in asked)
            print("      " + ", ".join(f"{code} {share([p for p in pairs if p[0].code == code])}" for code in codes))
        if given.show:
            for case, answer in pairs:
                print(f"        {case.text!r} -> {answer.target!r} {answer.codes_right} {answer.raw!r}")


def share(pairs: Sequence[tuple[Case, Answer]]) -> str:
    """How many are right, and how many of them in place, of all."""
    right = sum(answer.target is not None and answer.codes_right for _, answer in pairs)
    placed = sum(in_place(case, answer) for case, answer in pairs)
    return f"{right} ({placed}) of {len(pairs)}"


if __name__ == "__main__":
    asyncio.run(main())
