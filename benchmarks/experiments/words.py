"""Which form brings single words (items, skills, menus) through a model: bare, as quoted speech, with their
descriptions on the line after each, or in groups.

    python benchmarks/experiments/words.py MODEL.gguf [--slots 4] [--target en zh-CN] [--groups 1 3 5 10 20]

60 words of games. Each form is asked as a few-shot completion, groups as blocks of lines with two blocks of examples of
the same size. An answer counts as `aligned` where as many lines came back as were asked, as a `word` where its line is
one short phrase and no sentence (in quotation marks where it was sent so), and as `right` where it holds one of the
words that a dictionary gives. Sampling without chance.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

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
DESCRIPTIONS = tuple(
    """
かつて勇者が振るった剣。
体の毒を消す草。
傷を少し癒す薬。
鉄でできた重い盾。
魔力を高める杖。
地下室の扉を開ける鍵。
宝のありかが書かれた地図。
清められた水。
敵全体を吹き飛ばす。
動きやすい軽い鎧。
炎の力が宿る指輪。
倒れた仲間を生き返らせる葉。
どこにでも生えている草。
ただの枝。武器にもなる。
何かが入っている箱。
ぷるぷるした弱い魔物。
火を吐く大きな竜。
森に住む小さな鬼。
骨だけになった兵士。
力の強い豚の魔物。
血を吸う夜の魔物。
満月の夜に変身する男。
魔物たちを従える王。
魂を刈り取る神。
山のように大きな人。
海に住む半分魚の娘。
羽の生えた小さな精霊。
城を守る騎士たちの長。
この村をまとめる老人。
神に仕え、傷を癒す者。
鍵を開けるのが得意な者。
魔法で敵と戦う者。
この国の王の娘。
品物を売り歩く人。
武器を打つ職人。
旅人が泊まる所。
武器を売る店。
酒を飲む所。
家の下にある部屋。
氷に覆われた洞窟。
入ると道に迷う森。
与える傷の大きさ。
受ける傷を減らす力。
強くなるために集める値。
今持っているお金。
体力の上限。
先に動ける早さ。
よいことが起こりやすくなる。
武器や鎧を身につける。
持ち物を使う。
音量などを変える。
そうする。
そうしない。
何もせずに戻る。
敵と戦う。
戦いから抜け出す。
敵一体に火の玉をぶつける。
凍った刃で敵を斬る。
味方全員の傷を癒す。
少しずつ体力が減る。
""".strip().split("\n")
)
"""What a game says of each word, in the same order."""

SAID_OF_EXAMPLES = {
    "en": (
        "銅でできた剣。|A sword made of copper.",
        "木でできた盾。|A shield made of wood.",
        "壁を抜ける霊。|A spirit that goes through walls.",
        "お金を数える人。|A person who counts money.",
        "高い建物。|A tall building.",
        "しばらく動けない。|Cannot move for a while.",
        "魔法の強さ。|The strength of magic.",
        "ゲームを終える。|Ends the game.",
        "品物を買う。|Buys goods.",
        "雷を落とす。|Drops lightning.",
    ),
    "zh-CN": (
        "銅でできた剣。|用铜做的剑。",
        "木でできた盾。|用木头做的盾。",
        "壁を抜ける霊。|能穿墙的灵魂。",
        "お金を数える人。|数钱的人。",
        "高い建物。|高高的建筑。",
        "しばらく動けない。|暂时不能动。",
        "魔法の強さ。|魔法的强度。",
        "ゲームを終える。|结束游戏。",
        "品物を買う。|购买物品。",
        "雷を落とす。|降下雷电。",
    ),
}
_QUOTES = {"en": "“{}”", "zh-CN": "「{}」"}
_LONGEST = {"en": 32, "zh-CN": 10}


@dataclass(frozen=True, slots=True)
class Form:
    """How words are sent. quoted: in quotation marks. described: what the game says of a word follows it."""

    quoted: bool
    described: bool

    def __str__(self) -> str:
        return ("in quotes" if self.quoted else "bare") + (", described" if self.described else "")


def prompt(words: Sequence[int], target: str, form: Form) -> str:
    """Two blocks of examples and the block that is asked for, all of one size. words: their places in WORDS."""
    names = ("Japanese", language(target).english)
    blocks: list[str] = []
    for block in range(2):
        places = [(block * len(words) + n) % len(EXAMPLES[target]) for n in range(len(words))]
        sources, targets = (_lines(places, target, form, side) for side in (0, 1))
        blocks.append(f"{names[0]}:\n" + "\n".join(sources) + f"\n{names[1]}:\n" + "\n".join(targets) + "\n\n")
    asked: list[str] = []
    for place in words:
        word = WORDS[place][0]
        asked.append(f"「{word}」" if form.quoted else word)
        asked += [DESCRIPTIONS[place]] if form.described else []
    return "".join(blocks) + f"{names[0]}:\n" + "\n".join(asked) + f"\n{names[1]}:\n"


def _lines(places: Sequence[int], target: str, form: Form, side: int) -> list[str]:
    """One side of the examples at these places: 0 the sources, 1 the translations."""
    marks = (_QUOTES[target] if side else "「{}」") if form.quoted else "{}"
    lines: list[str] = []
    for place in places:
        lines.append(marks.format(EXAMPLES[target][place].split("|")[side]))
        lines += [SAID_OF_EXAMPLES[target][place].split("|")[side]] if form.described else []
    return lines


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
                for quoted, described in product((False, True), repeat=2):
                    await measure(asker, target, size, Form(quoted, described), show=given.show)
    finally:
        await asker.close()
    print(f"\n{asker.asked} requests, {asker.tokens} tokens, {asker.seconds:.0f} s")


async def measure(asker: Asker, target: str, size: int, form: Form, *, show: bool) -> None:
    """One form for all words."""
    groups = [range(start, min(start + size, len(WORDS))) for start in range(0, len(WORDS), size)]
    limit = (48 if form.described else 16) * size + 16

    async def ask(group: Sequence[int]) -> str:
        text = prompt(group, target, form)
        sampling = Sampling(temperature=0.0)
        return await asker.text(Request("model", (), text, sampling, limit, 2048, ("\n\n", "\nJapanese")))

    answers = await asyncio.gather(*(ask(group) for group in groups))
    aligned = single = right = 0
    for group, answer in zip(groups, answers, strict=True):
        lines = [line.strip() for line in answer.split("\n") if line.strip()]
        if show:
            print("      ", [WORDS[place][0] for place in group], "->", lines)
        if len(lines) != len(group) * (1 + form.described):
            continue
        aligned += len(group)
        for line, place in zip(lines[:: 1 + form.described], group, strict=True):
            _, english, chinese = WORDS[place]
            said = word_of(line, target, quoted=form.quoted)
            single += said is not None
            wanted = english if target == "en" else chinese
            right += said is not None and any(w in said.lower() for w in wanted.split("|"))
    print(f"  groups of {size:>2}, {form!s:<20}: aligned {aligned}, a word {single}, right {right}", flush=True)


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
