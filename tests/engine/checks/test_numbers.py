from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]

CHANGED = [
    ("100ゴールド手に入れた！", "获得了1000金币！", ("ja", "zh-CN")),
    ("１００Ｇです。", "一共是10G。", ("ja", "zh-CN")),
    ("午後3時に来て。", "下午4点来。", ("ja", "zh-CN")),
    ("3万円", "3000日元", ("ja", "zh-CN")),
    ("あと5分だ。", "Only 15 minutes left.", ("ja", "en")),
    ("2024年5月3日", "May 13, 2024", ("ja", "en")),
    ("レベル12になった！", "升到了21级！", ("ja", "zh-CN")),
    ("It costs 1,500 gold.", "需要15000金币。", ("en", "zh-CN")),
    ("v1.2.3が必要です。", "需要v1.2.4，共2个文件。", ("ja", "zh-CN")),
    ("30%回復する", "恢复13%", ("ja", "zh-CN")),
    ("Room 204", "Zimmer 402", ("en", "de")),
]
LOST = [
    ("100ゴールド手に入れた！", "获得了金币！", ("ja", "zh-CN")),
    ("あと5分だ。", "没时间了。", ("ja", "zh-CN")),
    ("第7章　旅立ち", "启程", ("ja", "zh-CN")),
    ("HPが250回復した。", "HP was restored.", ("ja", "en")),
    ("I have 42 apples.", "Ich habe Äpfel.", ("en", "de")),
    ("攻撃力+15", "攻击力提升", ("ja", "zh-CN")),
]
THERE = [
    ("23人の勇者", "二十三名勇者", ("ja", "zh-CN")),
    ("１２３", "123", ("ja", "zh-CN")),
    ("1,000円", "1000日元", ("ja", "zh-CN")),
    ("1000円", "1,000 yen", ("ja", "en")),
    ("10万ゴールド", "100,000 gold", ("ja", "en")),
    ("3万5000人", "35000人", ("ja", "zh-CN")),
    ("1億2000万", "120 million", ("ja", "en")),
    ("5000", "五千", ("ja", "zh-CN")),
    ("250メートル", "两百五十米", ("ja", "zh-CN")),
    ("25回", "twenty-five times", ("ja", "en")),
    ("100回言った", "I told you a hundred times", ("ja", "en")),
    ("350人", "three hundred and fifty people", ("ja", "en")),
    ("3番目の扉", "the third door", ("ja", "en")),
    ("第4章", "Chapter IV", ("ja", "en")),
    ("第4章", "第四章", ("ja", "zh-CN")),
    ("5月3日", "May 3rd", ("ja", "en")),
    ("2020年", "二〇二〇年", ("ja", "zh-CN")),
    ("午後3時", "15:00", ("ja", "en")),
    ("15時に集合", "下午三点集合", ("ja", "zh-CN")),
    ("12:30", "12点30分", ("ja", "zh-CN")),
    ("12:30", "十二点半", ("ja", "zh-CN")),
    ("3/4", "四分之三", ("ja", "zh-CN")),
    ("50%オフ", "半价", ("ja", "zh-CN")),
    ("50%", "half of it", ("ja", "en")),
    ("3割引き", "30% off", ("ja", "en")),
    ("100%勝てる", "我们绝对能赢", ("ja", "zh-CN")),
    ("24時間営業", "全天营业", ("ja", "zh-CN")),
    ("7日間", "a week", ("ja", "en")),
    ("1人で行く", "独自前往", ("ja", "zh-CN")),
    ("2人とも", "both of you", ("ja", "en")),
    ("2人とも来い", "都过来", ("ja", "zh-CN")),
    ("1つください", "Give me a potion", ("ja", "en")),
    ("１０代の頃", "in my teens", ("ja", "en")),
    ("12個", "a dozen", ("ja", "en")),
    ("1.5倍", "1.5倍", ("ja", "zh-CN")),
    ("11.5秒間", "eleven and a half seconds", ("ja", "en")),
    ("v1.2.3", "v１.２.３", ("ja", "zh-CN")),
    ("16進数のコード", "the hex code", ("ja", "en")),
    ("２、３の質問", "几个问题", ("ja", "zh-CN")),
    ("一緒に行こう", "一起走吧", ("ja", "zh-CN")),
    ("二人は千里を一日で走った", "他们疾驰而去", ("ja", "zh-CN")),
    ("一人前だな", "You're a real man now", ("ja", "en")),
    ("万が一のために", "以防万一", ("ja", "zh-CN")),
    ("\\C[2]剣\\C[0]を\\V[15]本", "\\V[15]把\\C[2]剑\\C[0]", ("ja", "zh-CN")),
    ("%2s手に入れた", "获得%2s", ("ja", "zh-CN")),
    ("03号室", "3号房间", ("ja", "zh-CN")),
    ("20 Männer", "二十个男人", ("de", "zh-CN")),
    ("12 apples", "douze pommes", ("en", "fr")),
    ("2nd floor", "二楼", ("en", "zh-CN")),
    ("Lv5", "5级", ("ja", "zh-CN")),
    ("20k gold", "两万金币", ("en", "zh-CN")),
    ("365日", "一整年", ("ja", "zh-CN")),
    ("③を選べ", "选③", ("ja", "zh-CN")),
    ("やめろ！", "住手！", ("ja", "zh-CN")),
    ("二人だけだ", "只有我们2个", ("ja", "zh-CN")),
    ("3時15分", "三点一刻", ("ja", "zh-CN")),
]


@pytest.mark.parametrize(("source", "target", "pair"), CHANGED)
def test_a_changed_number_is_an_error(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target", "pair"), LOST)
def test_a_lost_number_is_flagged(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), THERE)
def test_a_number_may_be_written_in_any_way(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("numbers", source, target, pair) == []


def test_a_number_in_a_term_is_the_glossarys_matter(flaws: Flaws) -> None:
    assert flaws("numbers", "F-15発進", "鹰式出击", glossary=["F-15->鹰式"]) == []
    assert flaws("numbers", "F-15発進", "鹰式出击") != []
