"""How likely it is that decoded characters are a text in Japanese, Chinese or a language with letters.

The model is a coarse one: each language has classes of characters (kana, common characters, the first and second level
of its national standard, punctuation …), and each class a chance per character. It is there to tell apart several
readings of the same bytes, not to tell languages.
"""

from collections import Counter
from functools import cache

# The most frequent Han characters of running text, from counts over novels, games and their translations.
_JAPANESE = (
    "一草人物画見行出彼巻上装用体使杖備自動分定変時大示間像表方数中指全前化実言何下充置女撃気事生嫌思名面"
    "冬来子目狩作度能力手輪今選入眠御色回最単同持値理合系必後択盾場初切日知法位小二心立無毒僕再部音金屋特"
    "文所余明話字更矢云効内不読様取炎消的攻向通足成発始開月風本対少設要以期空次地水高込引強処身薬殊男壺別"
    "例睡口防石聞考態外々解意突乱十返当混移配魔主果終店先常白加者与追続罠顔点頭了殺世他会家三景年語長制性"
    "得火感青可落新多技正義情状雷光速具君剣木復然覚量番戻声書非現影絵転肢含起皮右有違打私減存山直適問種円"
    "員調黒左跳結確機利押近食誰死猫保相苦背印味着待付雑眼真歩放受容器側元戦形決平武土各遠帰増親封道列笑進"
    "春軍率投姿透棒割天注氷去予連隊識説際台接段仲寝横張式楽記仕闇題神訳域好供想観傍重街角五浮井縮簡馬倍詩"
    "俺複残固応組射爆急恐離界美母関古花飛刺四抜座斬逃夫念公隠象在過幕端夜詞完未茶縦爪呼踏悪属線恵反代除那"
    "換失限村振叫窟脱病命破描波半銅第娘拡耳洞活流我驚和料暗試止紙号構聖両治並老黙庫標婆芸階幅論海尋仮満腹"
    "沈銀品倒住細学般幸視赤計済達参共丈士敵基鋼擬父千隕錆周広察任短戸退折昨異庭緒寄照車信銃務整底商境件翻"
)
_SIMPLIFIED = (
    "的可一个是在用以我这有和面中们你为不时了到本来要性上使样于动它会大对后如文行定下能就小说作也出当自将"
    "过多他里地之些人而所子看同方然部其件生那发成进得都但种国么分前着道开家还法起没事现年界经想好此从只去"
    "点因学第者已制最心与或新意天间她理主实情无变更加很工果正日并两关向把力位外体重十机应长军明全知问相由"
    "三像式话公民被回高名又给物常什头二业月内等手数通度特见战合己美代西政表身入次义利提产组解先化视认属斯"
    "信场口任教及条比老世声东原门平水海量儿立处题论何许真语几员建别打走示活系各图电做结四气尔保直接放安目"
    "受女才总少必神再报太反游指设期空感置戏计色形命句务单区管展市显统资德您至山按金克队则决选便非程字基五"
    "社强白治完马科音听司书即让眼标转换达类却觉且难光告改象确钮权该记取思边存王例据住路运吗交求南格品值望"
    "需北张器击死复规创万拉菜项择切导共术读观档景移识清传领默跳右角参师候请包距带快签允简今滚左键玩除每添"
    "模符院缩试始控块吧启称容供言持速乐效争谢编整窗继背呢未载查写号啊况首侧画含码支渲染脚滑页括隐框串译调"
)
_TRADITIONAL = (
    "的可一個是在用以我這有和中們你不時了到本來要性上使樣於動它會大對後如文行定下能就小說作也出當自將過多"
    "他裏地之些人而所子看同方然部其件生那發成進得都但種國麼分前道開家還法起沒事現年界經想好此從只去點因學"
    "第者已制最心與或新意天間她理主實情無變更加很工果正日並兩關向把力位外體重十機應長軍明全知問相由三像式"
    "話公民被回高名又給物常什頭二業月內等手數通度特見戰合己美代西政表身入次義利提產組解先化視認屬斯信場口"
    "任教及條比老世聲東原門平水海量兒立處題論何許真語幾員建別打走示活系各圖電做結四氣爾保直接放安目受女才"
    "總少必神再報太反遊指設期空感置戲計色形命句務單區管展市顯統資德您至山按金克隊則決選便非程字基五社強白"
    "治完馬科音聽司書即讓眼標轉換達類卻覺且難光告改象確鈕權該記取思邊存王例據住路運嗎交求南格品值望需北張"
    "器擊死復規創萬拉菜項擇切導共術讀觀檔景移識清傳領默跳右角參師候請包距帶快籤允簡今滾左鍵玩除每添模符院"
    "縮試始控塊吧稱容供言持速樂效爭謝編整窗繼背呢未載查寫號啊況首側畫含碼支渲染腳滑頁括隱框串譯調"
)

_COMMON = {"ja": frozenset(_JAPANESE), "zh-CN": frozenset(_SIMPLIFIED), "zh-TW": frozenset(_TRADITIONAL)}
_STANDARD = {"ja": ("euc_jp", 0xCF), "zh-CN": ("gb2312", 0xD7), "zh-TW": ("big5", 0xC6)}
"""The national standard of each language: its codec, and the last first byte of the characters in common use."""

_PUNCTUATION = frozenset("　、。，．・：；？！…‥「」『』（）【】《》〈〉“”‘’—―ー～〜々－")
_PLAIN = frozenset("\n\r\t ")
_ODD_CONTROLS = frozenset("\f\x1a\x1b")

# Natural logarithms of the chance of one character of a class. Only their differences matter, and those only roughly.
_WHITE, _ASCII, _CONTROL, _NONE = -4.0, -4.8, -25.0, -25.0
_KANA_RANGES = (("\u3041", "\u309e"), ("\u30a1", "\u30fe"), ("\uff61", "\uff9f"))
"""Hiragana, katakana, half-width katakana."""
_KANA = {"ja": (-4.8, -6.5, -7.0)}
_NO_KANA = (-13.0, -13.0, -17.0)
_LEVELS = {"ja": (-7.3, -9.5, -12.5, -15.0), "zh-CN": (-6.4, -9.0, -12.5, -15.0), "zh-TW": (-6.4, -9.0, -13.0, -15.0)}
_MARKS, _FULL_WIDTH, _SYMBOL, _LETTER, _OTHER_HAN, _OTHER = -5.2, -9.0, -12.0, -12.0, -15.0, -16.0
_WESTERN = "western"

MODELS = ("ja", "zh-CN", "zh-TW", _WESTERN)
"""The models by name; the last is for every language that is written with letters."""


def likelihood(text: str, models: tuple[str, ...]) -> float:
    """The natural logarithm of the chance of `text` under the best of `models`, a negative number; 0.0 for no text."""
    counts = Counter(text)
    return max(sum(number * _weight(c, model) for c, number in counts.items()) for model in models)


@cache
def _weight(character: str, model: str) -> float:
    """The chance of one character under a model, as a logarithm."""
    if character in _PLAIN:
        return _WHITE
    if character < "\x7f":
        if character < " ":
            return _OTHER if character in _ODD_CONTROLS else _CONTROL
        return _ASCII if model != _WESTERN else -4.3
    return _western(character) if model == _WESTERN else _eastern(character, model)


def _western(character: str) -> float:
    if character.isalpha() and character < "\u2000":
        return -7.0
    if "\u2010" <= character <= "\u203a" or "\xa0" <= character <= "\xbf":
        return -8.0
    if "\uac00" <= character <= "\ud7a3":
        return -9.0
    return _CONTROL if character < "\xa0" else _unusual(character)


def _eastern(character: str, model: str) -> float:
    if character in _PUNCTUATION:
        return _MARKS
    if "\u4e00" <= character <= "\u9fff":
        return _han(character, model)
    if "\uff01" <= character <= "\uff5e":
        return _FULL_WIDTH
    for (start, end), weight in zip(_KANA_RANGES, _KANA.get(model, _NO_KANA), strict=True):
        if start <= character <= end:
            return weight
    return _unusual(character)


def _han(character: str, model: str) -> float:
    common, first, second, beyond = _LEVELS[model]
    if character in _COMMON[model]:
        return common
    codec, last = _STANDARD[model]
    try:
        encoded = character.encode(codec)
    except UnicodeEncodeError:
        return beyond
    return first if encoded[0] <= last else second


def _unusual(character: str) -> float:
    if not character.isprintable():  # private use, unassigned, controls of the C1 range, format characters
        return _NONE
    if character < "\u0500":  # Latin, Greek and Cyrillic letters with their marks
        return _LETTER
    if "\u2000" <= character <= "\u2bff" or "\u3000" <= character <= "\u33ff":
        return _SYMBOL
    return _OTHER_HAN if "\u3400" <= character <= "\u4dbf" or character > "\uffff" else _OTHER
