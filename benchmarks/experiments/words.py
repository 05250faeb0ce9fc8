"""Which form brings single words (items, skills, menus) through a model: bare, as quoted speech, or in groups.

    python benchmarks/experiments/words.py MODEL.gguf [--slots 4] [--target en zh-CN] [--groups 1 3 5 10 20]

60 words of games. Each form is asked as a few-shot completion, groups as blocks of lines with two blocks of examples of
the same size. An answer counts as `aligned` where as many lines came back as were asked, as a `word` where its line is
one short phrase and no sentence (in quotation marks where it was sent so), and as `right` where it holds one of the
words that a dictionary gives. Sampling without chance.
"""

import argparse
import asyncio
from collections.abc import Sequence

from asking import Asker

from translator.core.backend import Request, Sampling
from translator.core.languages import language

# The word, what an English and what a Chinese answer may hold.
WORDS = tuple(
    (word, english, chinese)
    for word, english, chinese in (
        line.split()
        for line in """
勇者の剣 hero|brave 勇者
毒消し草 antidote|herb|poison 解毒|毒草
回復薬 potion|heal|medicine|recover 药|恢复
鉄の盾 iron|shield 铁盾|盾
魔法の杖 magic|staff|wand 魔法|魔杖
銀の鍵 silver 银
古い地図 map 地图
聖水 holy|water 圣水
爆弾 bomb 炸弹
革の鎧 leather 皮
炎の指輪 ring|flame|fire 火|戒指|炎
世界樹の葉 tree|leaf|yggdrasil 世界树|叶
薬草 herb|medic 药草|草药
木の枝 branch|tree|wood 树枝|枝
宝箱 treasure|chest 宝箱
スライム slime 史莱姆|粘液
ドラゴン dragon 龙
ゴブリン goblin 哥布林|地精
スケルトン skeleton 骷髅|骨
オーク orc|oak 兽人|橡
吸血鬼 vampire 吸血鬼
狼男 wolf 狼
魔王 demon|devil|king 魔王
死神 death|reaper|god 死神
巨人 giant 巨人
人魚 mermaid 人鱼|美人鱼
妖精 fairy|spirit 妖精|精灵
騎士団長 knight|captain|commander 骑士|团长
村長 village|chief|mayor 村长
僧侶 priest|monk 僧
盗賊 thief|bandit 盗
魔法使い wizard|magic|witch|mage 魔法|法师
王女 princess 公主|王女
商人 merchant|trader 商人
鍛冶屋 smith|forge 铁匠|锻
宿屋 inn|hotel 旅馆|客栈|旅店
武器屋 weapon|arms 武器
酒場 bar|tavern|pub 酒
地下室 basement|cellar 地下室
氷の洞窟 ice|cave 冰|洞
迷いの森 forest|lost 森林|迷
攻撃力 attack|offen|power 攻击
防御力 defen 防御
経験値 experience|exp 经验
所持金 money|gold|cash 金|钱
最大体力 max|strength|hp|health|stamina 最大|体力
素早さ speed|agil|quick 速|敏捷
運 luck|fate|fortune 运|幸运
装備 equip 装备
道具 tool|item 道具|工具
設定 setting|option|config 设置|设定
はい yes 是|好
いいえ no 不|否
やめる stop|quit|cancel 停|放弃|算
戦う fight|battle 战
逃げる run|escape|flee 逃
ファイア fire 火
氷結斬り ice|freez|frost|slash 冰|斩
全体回復 heal|recover|all 恢复|回复|治疗|全体
毒 poison 毒
""".strip().split("\n")
    )
)
EXAMPLES = {
    "en": ("銅の剣|Copper Sword", "木の盾|Wooden Shield", "幽霊|Ghost", "会計士|Accountant", "塔|Tower", "眠り|Sleep",
           "知力|Intelligence", "終了|Exit", "買う|Buy", "雷|Thunder"),
    "zh-CN": ("銅の剣|铜剑", "木の盾|木盾", "幽霊|幽灵", "会計士|会计师", "塔|塔", "眠り|睡眠",
              "知力|智力", "終了|结束", "買う|购买", "雷|雷"),
}  # fmt: skip
_QUOTES = {"en": "“{}”", "zh-CN": "「{}」"}
_LONGEST = {"en": 32, "zh-CN": 10}


def prompt(words: Sequence[str], target: str, *, quoted: bool) -> str:
    """Two blocks of examples and the block that is asked for, all of one size."""
    names = ("Japanese", language(target).english)
    examples = EXAMPLES[target]
    blocks: list[str] = []
    for block in range(2):
        pairs = [examples[(block * len(words) + n) % len(examples)].split("|") for n in range(len(words))]
        sources = [f"「{source}」" if quoted else source for source, _ in pairs]
        targets = [_QUOTES[target].format(answer) if quoted else answer for _, answer in pairs]
        blocks.append(f"{names[0]}:\n" + "\n".join(sources) + f"\n{names[1]}:\n" + "\n".join(targets) + "\n\n")
    asked = [f"「{word}」" if quoted else word for word in words]
    return "".join(blocks) + f"{names[0]}:\n" + "\n".join(asked) + f"\n{names[1]}:\n"


async def main() -> None:
    """Ask in every form and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--target", nargs="+", default=["en", "zh-CN"], choices=sorted(EXAMPLES))
    parser.add_argument("--groups", type=int, nargs="+", default=[1, 3, 5, 10, 20])
    parser.add_argument("--show", action="store_true", help="print every answer")
    given = parser.parse_args()
    asker = Asker(given.model, given.slots)
    try:
        for target in given.target:
            print(f"\nja to {target}, of {len(WORDS)} words")
            for size in given.groups:
                for quoted in (False, True):
                    await measure(asker, target, size, quoted=quoted, show=given.show)
    finally:
        await asker.close()
    print(f"\n{asker.asked} requests, {asker.tokens} tokens, {asker.seconds:.0f} s")


async def measure(asker: Asker, target: str, size: int, *, quoted: bool, show: bool) -> None:
    """One form for all words."""
    groups = [WORDS[start : start + size] for start in range(0, len(WORDS), size)]
    limit = 16 * size + 16

    async def ask(group: Sequence[tuple[str, str, str]]) -> str:
        text = prompt([word for word, _, _ in group], target, quoted=quoted)
        sampling = Sampling(temperature=0.0)
        return await asker.text(Request("model", (), text, sampling, limit, 1024, ("\n\n", "\nJapanese")))

    answers = await asyncio.gather(*(ask(group) for group in groups))
    aligned = single = right = 0
    for group, answer in zip(groups, answers, strict=True):
        lines = [line.strip() for line in answer.split("\n") if line.strip()]
        if show:
            print("      ", [word for word, _, _ in group], "->", lines)
        if len(lines) != len(group):
            continue
        aligned += len(group)
        for line, (_, english, chinese) in zip(lines, group, strict=True):
            said = word_of(line, target, quoted=quoted)
            single += said is not None
            wanted = english if target == "en" else chinese
            right += said is not None and any(w in said.lower() for w in wanted.split("|"))
    form = "in quotes" if quoted else "bare"
    print(f"  groups of {size:>2}, {form:<9}: aligned {aligned}, a word {single}, right {right}", flush=True)


def word_of(line: str, target: str, *, quoted: bool) -> str | None:
    """The word that a line is; None where it is none."""
    said = _unquoted(line) if quoted else line
    if said is None or len(said) > _LONGEST[target] or any(mark in said for mark in ".。!！?？,，、"):
        return None
    return said


def _unquoted(line: str) -> str | None:
    """What stands in the quotation marks around a line; None where they are not there."""
    return line[1:-1] if len(line) > 2 and line[0] in '「“"『' and line[-1] in '」”"』' else None


if __name__ == "__main__":
    asyncio.run(main())
