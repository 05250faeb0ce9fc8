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
    ("1.5 km", "15 km", ("en", "de")),
    ("1000 gold", "10.000 Gold", ("en", "de")),
    ("10万", "10 тысяч, 20", ("ja", "ru")),
    ("10 Gold", "20 золотых", ("en", "ru")),
    ("25時", "凌晨3点", ("ja", "zh-CN")),
    ("3時間", "120分钟", ("ja", "zh-CN")),
    ("1500メートル", "15 km", ("ja", "en")),
    ("2024年5月3日", "4.5.2024", ("ja", "de")),
    ("90%", "八成，80%", ("ja", "zh-CN")),
    # one of two equal numbers has become another
    ("攻撃力が10上がり、防御力が10下がった", "攻击力上升10，防御力下降100", ("ja", "zh-CN")),
    ("100Gで100個", "100G买1000个", ("ja", "zh-CN")),
    ("7月7日", "7月17日", ("ja", "zh-CN")),
    ("10%の確率で10ダメージ", "10%概率造成100点伤害", ("ja", "zh-CN")),
    ("5対5", "5比15", ("ja", "zh-CN")),
    ("今度は100個", "这里有10个", ("ja", "zh-CN")),
    ("10km", "6公里", ("ja", "zh-CN")),
    ("1億円の借金", "1000万日元的债务", ("ja", "zh-CN")),
]
LOST = [
    ("100ゴールド手に入れた！", "获得了金币！", ("ja", "zh-CN")),
    ("あと5分だ。", "没时间了。", ("ja", "zh-CN")),
    ("第7章　旅立ち", "启程", ("ja", "zh-CN")),
    ("HPが250回復した。", "HP was restored.", ("ja", "en")),
    ("I have 42 apples.", "Ich habe Äpfel.", ("en", "de")),
    ("攻撃力+15", "攻击力提升", ("ja", "zh-CN")),
    ("42 Euro", "Geld", ("de", "fr")),
]
MEASURED_ELSEWHERE = [
    ("10km", "6 miles", ("ja", "en")),
    ("180cm", "5'11\"", ("ja", "en")),
    ("72°F", "22℃", ("en", "zh-CN")),
    ("200円", "1.5美元", ("ja", "zh-CN")),
    ("1/4", "25%", ("ja", "zh-CN")),
]
ONLY_THERE = [
    ("レベルが上がった！", "升到了5级！", ("ja", "zh-CN")),
    ("薬を手に入れた", "获得了3个药", ("ja", "zh-CN")),
    ("Wait for me!", "等我15分钟！", ("en", "zh-CN")),
]
NOT_ONLY_THERE = [
    ("絶対だ！", "100%没错！", ("ja", "zh-CN")),
    ("好き♥", "I love you <3", ("ja", "en")),
    ("ｗｗｗ", "23333", ("ja", "zh-CN")),
    ("すごいな", "666啊", ("ja", "zh-CN")),
    ("立体映像だ", "是3D影像", ("ja", "zh-CN")),
    ("三人で行く", "3个人去", ("ja", "zh-CN")),
    ("みっつください", "请给我3个", ("ja", "zh-CN")),
    ("正午に会おう", "12点见", ("ja", "zh-CN")),
    ("セブン、行くぞ", "7号，走了", ("ja", "zh-CN")),
    ("半年後", "6个月后", ("ja", "zh-CN")),
    ("数人来る", "来3、4个人", ("ja", "zh-CN")),
    ("The hex code", "16進数のコード", ("en", "ja")),
    ("двадцать лет", "20年", ("ru", "zh-CN")),
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
    # thousands and fractions as other languages write them
    ("The price is 1000 gold.", "Der Preis beträgt 1.000 Gold.", ("en", "de")),
    ("10,000", "10.000", ("en", "de")),
    ("1,000,000", "1.000.000", ("en", "de")),
    ("1.5 km", "1,5 km", ("en", "de")),
    ("3.14", "3,14", ("en", "de")),
    ("12:30 PM", "12.30 Uhr", ("en", "de")),
    ("2,500円", "2.500 Yen", ("ja", "de")),
    ("0.5秒", "0,5 Sekunden", ("ja", "de")),
    ("10万", "100.000", ("ja", "de")),
    ("100万", "1 Mio.", ("ja", "de")),
    ("1000 gold", "1 000 золота", ("en", "ru")),
    ("10,000 gold", "10 000 золотых", ("en", "ru")),
    ("10万", "100 тысяч", ("ja", "ru")),
    ("10万", "100 тыс.", ("ja", "ru")),
    ("2億", "200 миллионов", ("ja", "ru")),
    ("1000 gold", "1 000 pièces d’or", ("en", "fr")),
    ("1000 gold", "1\u202f000 pièces d’or", ("en", "fr")),
    ("1000 gold", "1.000 de oro", ("en", "es")),
    ("1000 gold", "1.000 vàng", ("en", "vi")),
    ("1.000 Gold", "1000金币", ("de", "zh-CN")),
    ("1,5 km", "1.5公里", ("de", "zh-CN")),
    ("1 000 euros", "1000 euros", ("fr", "en")),
    ("10 000 золотых", "一万金币", ("ru", "zh-CN")),
    ("1万2千", "1만 2천", ("ja", "ko")),
    ("10万ゴールド", "10 万金币", ("ja", "zh-CN")),
    ("5000兆円", "5 quadrillion yen", ("ja", "en")),
    ("2024年5月3日", "3.5.2024", ("ja", "de")),
    ("2024年5月3日", "03.05.2024", ("ja", "ru")),
    ("2024年5月3日", "2024.5.3", ("ja", "zh-CN")),
    # round numbers in languages whose words are not known
    ("100 people", "hundert Leute", ("en", "de")),
    ("50人", "fünfzig Leute", ("ja", "de")),
    ("1000年", "тысяча лет", ("ja", "ru")),
    ("30 days", "тридцать дней", ("en", "ru")),
    ("100", "cent", ("en", "fr")),
    ("5千", "오천", ("ja", "ko")),
    ("10万", "십만", ("ja", "ko")),
    ("35分", "삼십오 분", ("ja", "ko")),
    ("25歳", "스물다섯 살", ("ja", "ko")),
    # other units
    ("1時間", "60分钟", ("ja", "zh-CN")),
    ("90分", "一个半小时", ("ja", "zh-CN")),
    ("1週間", "7天", ("ja", "zh-CN")),
    ("1500メートル", "1.5 km", ("ja", "en")),
    ("1m80", "1.80m", ("ja", "en")),
    ("170cm", "一米七", ("ja", "zh-CN")),
    ("36 eggs", "三打鸡蛋", ("en", "zh-CN")),
    # times
    ("25時", "凌晨1点", ("ja", "zh-CN")),
    ("26時", "2 a.m.", ("ja", "en")),
    ("24時", "midnight", ("ja", "en")),
    ("12時", "noon", ("ja", "en")),
    ("12時", "正午", ("ja", "zh-CN")),
    ("6:45", "quarter to seven", ("ja", "en")),
    ("3時から3時半まで", "15:00 to 15:30", ("ja", "en")),
    # shares
    ("99%", "九成九", ("ja", "zh-CN")),
    ("5割", "一半", ("ja", "zh-CN")),
    ("7/10", "七成", ("en", "zh-CN")),
    ("50/50", "五五开", ("en", "zh-CN")),
    # words
    ("24時間365日", "全年无休", ("ja", "zh-CN")),
    ("100点満点", "满分", ("ja", "zh-CN")),
    ("4人組", "quartet", ("ja", "en")),
    ("1990年代", "the nineties", ("ja", "en")),
    ("1945年", "nineteen forty-five", ("ja", "en")),
    ("150", "one-fifty", ("ja", "en")),
    ("1000年", "a millennium", ("ja", "en")),
    ("110番", "报警", ("ja", "zh-CN")),
    # equal numbers that are said once
    ("攻撃力が10、防御力が10上がった", "攻击力和防御力各上升10", ("ja", "zh-CN")),
    ("1日1回、3日間", "每天1次，持续3天", ("ja", "zh-CN")),
    ("10:10", "十点10分", ("ja", "zh-CN")),
]


@pytest.mark.parametrize(("source", "target", "pair"), CHANGED)
def test_a_changed_number_is_an_error(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target", "pair"), LOST)
def test_a_lost_number_is_flagged(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), MEASURED_ELSEWHERE)
def test_a_number_that_may_be_converted_is_no_error(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str]
) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), ONLY_THERE)
def test_a_number_that_the_source_has_not(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("numbers", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), NOT_ONLY_THERE)
def test_a_number_that_the_source_says_in_a_word_or_that_is_none(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str]
) -> None:
    assert flaws("numbers", source, target, pair) == []


@pytest.mark.parametrize(("source", "target", "pair"), THERE)
def test_a_number_may_be_written_in_any_way(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("numbers", source, target, pair) == []


def test_a_number_in_a_term_is_the_glossarys_matter(flaws: Flaws) -> None:
    assert flaws("numbers", "F-15発進", "鹰式出击", glossary=["F-15->鹰式"]) == []
    assert flaws("numbers", "F-15発進", "鹰式出击") != []
