from collections.abc import Callable
from dataclasses import replace

import pytest

from translator.core.finding import Finding, Severity
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import GlossaryEntry, Unit
from translator.engine.checks import examine
from translator.engine.desk import Desk
from translator.profiles import all_profiles

Flaws = Callable[..., list[Finding]]
ZH, EN = ("ja", "zh-CN"), ("ja", "en")

IGNORED = [
    ("先輩、おはよう！", "前辈，早上好！", ZH, "先輩->学长|学姐"),
    ("アリスが来た。", "艾丽斯来了。", ZH, "アリス->爱丽丝"),
    ("アリスが来た。", "她来了。", ZH, "アリス->爱丽丝"),
    ("勇者よ、聞け。", "勇敢的人啊，听着。", ZH, "勇者->勇士"),
    ("アリスが来た。", "Alicia came.", EN, "アリス->Alice"),
    ("聖剣を抜け。", "Draw the saint blade.", EN, "聖剣->Holy Sword"),
    ("魔王が来る。", "The devil is coming.", EN, "魔王->Demon King|Demon Lord"),
    ("The cat came.", "Der Hund kam.", ("en", "de"), "cat->Katze"),
    ("アリスを見た。", "Я видел Бориса.", ("ja", "ru"), "アリス->Алиса"),
    ("ギルドへ行こう。", "去公会吧。", ZH, "ギルド->行会"),
    ("Alice came.", "艾丽斯来了。", ("en", "zh-CN"), "Alice->爱丽丝"),
    ("アリスが来た。", "앨리스가 왔다.", ("ja", "ko"), "アリス->아리스"),
    # letters of other words, and across their ends
    ("エリンだ。", "I saw her inn.", EN, "エリン->Erin"),
    ("アリスだ。", "A final issue.", EN, "アリス->Alis"),
    ("アンナだ。", "You can nap.", EN, "アンナ->Anna"),
    ("ステラだ。", "The best ella", EN, "ステラ->Stella"),
    ("ノエルだ。", "No else", EN, "ノエル->Noel"),
    ("キングだ。", "I was taking it.", EN, "キング->King"),
    ("ルナだ。", "That's lunatic.", EN, "ルナ->Luna"),
    ("マリアだ。", "malaria", EN, "マリア->Aria"),
    ("マークだ。", "the market", EN, "マーク->Mark"),
    # other names
    ("マリだ。", "Marin came.", EN, "マリ->Mari"),
    ("エマだ。", "Emaly came.", EN, "エマ->Ema"),
    ("ロイだ。", "Royal blood", EN, "ロイ->Roy"),
    ("アリスだ。", "Это Алина.", ("ja", "ru"), "アリス->Алиса"),
    ("リサだ。", "Lisbeth kam.", ("ja", "de"), "リサ->Lisa"),
]
FOLLOWED = [
    ("先輩、おはよう！", "学长，早上好！", ZH, "先輩->学长|学姐"),
    ("先輩、おはよう！", "学姐，早上好！", ZH, "先輩->学长|学姐"),
    ("先輩、おはよう！", "学姐，早上好！", ZH, "先輩->学长/学姐"),
    ("先輩、おはよう！", "學長，早安！", ("ja", "zh-TW"), "先輩->学长|学姐"),
    ("アリスが来た。", "愛麗絲來了。", ("ja", "zh-TW"), "アリス->爱丽丝"),
    ("アリス・リデルが来た。", "爱丽丝·利德尔来了。", ZH, "アリス・リデル->爱丽丝・利德尔"),
    ("アリス・リデルが来た。", "爱丽丝 利德尔来了。", ZH, "アリス・リデル->爱丽丝·利德尔"),
    ("ＨＰが回復した。", "ＨＰ恢复了。", ZH, "HP->HP"),
    ("剣士が来た。", "The swordsman came.", EN, "剣->blade"),
    ("魔法剣を使う。", "使用魔法刃。", ZH, "剣->剑"),
    ("ミカンを食べる。", "吃橘子。", ZH, "ミカ->美嘉"),
    ("お兄ちゃんが来た。", "My big brothers came.", EN, "お兄ちゃん->big brother"),
    ("剣を取れ。", "Take the swords.", EN, "剣->sword"),
    ("アリスの本。", "Alice's book.", EN, "アリス->Alice"),
    ("アリスの本。", "ALICE'S BOOK", EN, "アリス->Alice"),
    ("レベルアップした！", "You leveled up!", EN, "レベルアップ->level up"),
    ("レベルアップした！", "You levelled him up!", EN, "レベルアップ->level up"),
    ("ナイフ", "Knives", EN, "ナイフ->knife"),
    ("狼だ！", "Wolves!", EN, "狼->wolf"),
    ("盗賊たち", "The thieves", EN, "盗賊->thief"),
    ("都市", "cities", EN, "都市->city"),
    ("走る", "running", EN, "走る->run"),
    ("魔王の城", "the castle of the King of Demons", EN, "魔王->Demon King"),
    ("光の剣", "The Sword of the Light", EN, "光の剣->Sword of Light"),
    ("冒険者ギルド", "the Adventurer's Guild", EN, "冒険者ギルド->Adventurers' Guild"),
    ("ハイポーション", "Hi-Potion", EN, "ハイポーション->hi potion"),
    ("ハイポーション", "hipotion", EN, "ハイポーション->hi-potion"),
    ("勇者", "the hero", EN, "勇者->The Hero"),
    ("The castle.", "Die Schlösser.", ("en", "de"), "castle->das Schloss"),
    ("The hero.", "Dem Helden.", ("en", "de"), "hero->der Held"),
    ("The light sword.", "Das Lichtschwert.", ("en", "de"), "sword->Schwert"),
    ("アリスを見た。", "Я видел Алису.", ("ja", "ru"), "アリス->Алиса"),
    ("アリスに言え。", "Скажи Алисе.", ("ja", "ru"), "アリス->Алиса"),
    ("The horses.", "Les chevaux.", ("en", "fr"), "horse->le cheval"),
    ("The king.", "L'épée du roi.", ("en", "fr"), "king->le roi"),
    ("アリスが来た。", "아리스가 왔다.", ("ja", "ko"), "アリス->아리스"),
    ("the house", "evlerimizden", ("en", "tr"), "house->ev"),
    ("\\C[2]アリス\\C[0]だ。", "\\C[2]爱丽丝\\C[0]。", ZH, "アリス->爱丽丝"),
    # irregular words
    ("戦うぞ", "We fought.", EN, "戦う->fight"),
    ("盗む", "It was stolen.", EN, "盗む->steal"),
    ("走る", "He ran.", EN, "走る->run"),
    ("ネズミ", "the mice", EN, "ネズミ->mouse"),
    ("剣士", "swordsmen", EN, "剣士->swordsman"),
    # what is spelled in two ways
    ("鎧だ", "the armour", EN, "鎧->armor"),
    ("鎧だ", "armor", EN, "鎧->armour"),
    ("色だ", "many colours", EN, "色->color"),
    ("防御だ", "our defences", EN, "防御->defense"),
    ("灰色だ", "gray", EN, "灰色->grey"),
    ("中央だ", "the centre", EN, "中央->center"),
    # what is made of a word
    ("エルフの森", "the elven forest", EN, "エルフ->Elf"),
    ("勝利だ", "victorious", EN, "勝利->victory"),
    ("回復した", "You recovered.", EN, "回復->recovery"),
    ("回復する", "It heals.", EN, "回復->healing"),
    ("防御する", "Defend!", EN, "防御->defense"),
    ("死だ", "He is dead.", EN, "死->death"),
    ("魔法だ", "a magician", EN, "魔法->magic"),
    ("ドラゴン族", "Dragonborn", EN, "ドラゴン->Dragon"),
    ("ギルド長", "the guildmaster", EN, "ギルド->Guild"),
    ("カース！", "Cursed!", EN, "カース->Curse"),
    ("大剣を取る", "a broadsword", EN, "大剣->sword"),
    ("ジャン・ポール", "Jean Paul", EN, "ジャン・ポール->Jean-Paul"),
    ("エルフたち", "The Elves", EN, "エルフ->Elf"),
    ("ウルフだ", "Wolves!", EN, "ウルフ->Wolf"),
    ("シティ", "Cities fell.", EN, "シティ->City"),
    ("ロシア", "Russian", EN, "ロシア->Russia"),
    ("ゴッド", "Godly", EN, "ゴッド->God"),
    ("アイス", "Icy", EN, "アイス->Ice"),
    ("エルフ", "эльфийский лес", ("ja", "ru"), "エルフ->Эльф"),
    ("ポーション", "много зелий", ("ja", "ru"), "ポーション->Зелье"),
    ("スライム", "слизней", ("ja", "ru"), "スライム->Слизень"),
    ("カレンだ", "the Karens", EN, "カレン->Karen"),
    # vowels that come and go
    ("dog", "псы", ("en", "ru"), "dog->пёс"),
    ("father", "отца", ("en", "ru"), "father->отец"),
    ("day", "дня", ("en", "ru"), "day->день"),
    ("Lion", "льва", ("en", "ru"), "Lion->лев"),
    # names in their cases
    ("アリス", "с Алисой", ("ja", "ru"), "アリス->Алиса"),
    ("アリス", "Алисин дом", ("ja", "ru"), "アリス->Алиса"),
    ("Nikolai", "Николаем", ("en", "ru"), "Nikolai->Николай"),
    ("Maria", "Марии", ("en", "ru"), "Maria->Мария"),
    ("Pavel", "Павла", ("en", "ru"), "Pavel->Павел"),
    ("Tolstoi", "Толстого", ("en", "ru"), "Tolstoi->Толстой"),
    ("HP restored.", "HPが回復した。", ("en", "ja"), "HP->HP"),
    ("Alice came.", "Aliceが来たよ。", ("en", "ja"), "Alice->Alice"),
    ("The sword.", "L'épée.", ("en", "fr"), "sword->épée"),
]


@pytest.mark.parametrize(("source", "target", "pair", "entry"), IGNORED)
def test_a_term_that_is_not_there(flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str) -> None:
    assert [f.severity for f in flaws("glossary", source, target, pair, glossary=[entry])] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target", "pair", "entry"), FOLLOWED)
def test_a_term_that_is_there_in_some_form(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str
) -> None:
    assert flaws("glossary", source, target, pair, glossary=[entry]) == []


def test_each_term_that_is_missing_is_told(flaws: Flaws) -> None:
    found = flaws("glossary", "アリスとボブ", "他们", glossary=["アリス->爱丽丝|艾丽斯", "ボブ->鲍勃"])
    assert [("アリス" in f.message, "鲍勃" in f.message) for f in found] == [(True, False), (False, True)]
    assert "爱丽丝 or 艾丽斯" in found[0].message


def test_letters_case_counts_where_the_entry_says_so() -> None:
    desk = Desk(all_profiles()["chat"], language("ja"), language("en"), "model", 2048, {})
    for case, codes in ((False, []), (True, ["glossary"])):
        entry = GlossaryEntry("レン", "Ren", case=case)
        unit = Unit(0, "レンだ", Role.DIALOGUE, "", "", glossary=(entry,))
        assert [f.code for f in examine(desk, unit, "It's ren")] == codes


def test_advice_is_no_error_but_where_somebody_decides_so() -> None:
    desk = Desk(all_profiles()["chat"], language("ja"), language("zh-CN"), "model", 2048, {})
    unit = Unit(0, "兄さん！", Role.DIALOGUE, "", "", glossary=(GlossaryEntry("兄さん", "哥哥", advice=True),))
    assert [f.severity for f in examine(desk, unit, "老兄！")] == [Severity.WARNING]
    strict = replace(desk, checks=(("glossary", Severity.ERROR),))
    assert [f.severity for f in examine(strict, unit, "老兄！")] == [Severity.ERROR]


FORBIDDEN = [
    ("ご主人様、お帰りなさい。", "主人，欢迎回来。", ZH, "->主人"),
    ("ご主人様、お帰りなさい。", "主人，欢迎回来。", ZH, "ご主人様->主人"),
    ("ご主人様、お帰りなさい。", "奴家在此，主人。", ZH, "->奴家|贱妾"),
    ("畜生！", "Damn it!", EN, "->damn"),
    ("畜生！", "DAMN!", EN, "->damn"),
]
ALLOWED = [
    ("ご主人様、お帰りなさい。", "老爷，欢迎回来。", ZH, "->主人"),
    ("店の主人だ。", "是店主人。", ZH, "ご主人様->主人"),
    ("授業だ。", "Class begins.", EN, "->ass"),
    ("やめろ", "住手", ZH, "->主人"),
]


@pytest.mark.parametrize(("source", "target", "pair", "entry"), FORBIDDEN)
def test_a_forbidden_word(flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str) -> None:
    (finding,) = flaws("forbidden", source, target, pair, forbidden=[entry])
    assert finding.severity is Severity.ERROR
    assert finding.span is not None


@pytest.mark.parametrize(("source", "target", "pair", "entry"), ALLOWED)
def test_a_word_that_is_not_forbidden(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str
) -> None:
    assert flaws("forbidden", source, target, pair, forbidden=[entry]) == []


def test_a_longer_word_of_the_glossary_may_hold_a_forbidden_one(flaws: Flaws) -> None:
    assert flaws("forbidden", "主人公だ", "是主人公", forbidden=["->主人"], glossary=["主人公->主人公"]) == []
    assert flaws("forbidden", "主人公だ", "是主人公，主人", forbidden=["->主人"], glossary=["主人公->主人公"]) != []


@pytest.mark.parametrize(("target", "found"), [("Marin!", 1), ("Dwarfson!", 1), ("dwarves", 0), ("the Dwarf's", 0)])
def test_of_a_name_fewer_forms_count(target: str, found: int) -> None:
    desk = Desk(all_profiles()["chat"], language("ja"), language("en"), "model", 2048, {})
    entry = GlossaryEntry("工匠", "Mari" if "Mari" in target else "Dwarf", kind="person")
    unit = Unit(0, "工匠だ", Role.DIALOGUE, "", "", glossary=(entry,))
    assert sum(f.code == "glossary" for f in examine(desk, unit, target)) == found
