"""Names that a job has translated, as glossary entries of the lowest layer."""

import math
from collections.abc import Sequence

import regex

from translator.core.scripts import width
from translator.core.work import GlossaryEntry
from translator.glossary.matcher import NAME_KIND, folded, normalised

LONGEST = 32
"""Half-width cells of a name: what is longer is a phrase, which no text repeats word by word."""

_LETTER = regex.compile(r"\p{L}")
_SENTENCE = regex.compile(r"[\n\r。．！？!?…‥、，,;；:：♪♡♥「」『』“”\"]|\.\s*$")
_BRACKET = regex.compile(r"[()（）\[\]［］【】<>〈〉《》{}/／|｜=→*#]")
_HIRAGANA = regex.compile(r"[\p{Script=Hiragana}ー]+")
# A verb in the form of dictionaries (逃げる, 飛ぶ): in a sentence it is spelled in other ways, and means what it says.
_VERB = regex.compile(r"(?:.*を)?\p{Han}+(?:\p{Hiragana}\p{Han}+)?\p{Hiragana}{0,2}[うくぐすつぬぶむる]")
_UNSPACED = regex.compile(r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
_KATAKANA = regex.compile(r"[\p{Script=Katakana}ー]+")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}'’.-]+")
_SMALL = frozenset(
    (
        "a", "an", "and", "at", "de", "del", "der", "des", "di", "du", "for", "in", "la", "le", "les", "of", "on",
        "the", "to", "und", "von", "with", "y",
    )
)  # fmt: skip
_BEGIN_SENTENCES = frozenset(
    (
        "i", "i'm", "i'll", "i've", "you", "you're", "he", "he's", "she", "she's", "it", "it's", "we", "we're", "they",
        "they're", "this", "there", "that's", "here",
    )
)  # fmt: skip
_HIRAGANA_LEAST = 3
_FEW = 2

COMMON = frozenset(
    normalised(word).casefold()
    for word in (
        # Japanese: what skills, states and unnamed speakers are called, and other sentences say too
        "攻撃", "通常攻撃", "防御", "回復", "治療", "猛毒", "麻痺", "睡眠", "眠り", "混乱", "暗闇", "沈黙", "怒り",
        "激怒", "魅了", "戦闘不能", "不死身", "石化", "呪い", "恐怖", "気絶", "死亡", "強化", "弱体", "成長",
        "魔法", "必殺技", "特技", "待機", "隠れる", "成功", "失敗", "なし", "無し", "その他", "不明", "未定",
        "戻る", "やめる", "はい", "いいえ", "アイテム", "武器", "防具", "装飾品", "スキル", "ステータス", "レベル",
        "全員", "みんな", "一同", "誰か", "だれか", "自分", "あなた", "わたし", "おれ", "ぼく", "きみ", "彼女",
        "謎の声", "ナレーション", "主人公", "システム", "テスト", "ダミー",
        # Chinese
        "攻击", "防御", "恢复", "中毒", "麻痹", "睡觉", "混乱", "黑暗", "沉默", "愤怒", "死亡", "返回", "大家",
        "旁白", "某人",
        # Korean
        "공격", "방어", "회복", "수면", "혼란", "침묵", "분노", "없음", "모두", "누군가",
        # English
        "attack", "dual attack", "guard", "defend", "defense", "heal", "healing", "poison", "sleep", "sleeping",
        "confusion", "confused", "blind", "silence", "rage", "anger", "charm", "death", "dead", "knockout",
        "immortal", "paralysis", "fear", "magic", "special", "escape", "run", "wait", "none", "nothing", "yes", "no",
        "back", "cancel", "item", "items", "weapon", "armor", "everyone", "all", "someone", "narrator", "system",
        "test", "dummy", "party", "me", "you", "him", "her", "them",
    )
)  # fmt: skip
"""Names that are everyday words: an entry would push one translation into sentences that mean something else."""


def entry(source: str, target: str) -> GlossaryEntry | None:
    """The entry that a name and its translation (both without markup) make, None where they should make none."""
    if refusal(source, target):
        return None
    source, target = source.strip(), " ".join(target.split())
    return GlossaryEntry(source, target, kind=NAME_KIND, case=_CASED.search(source) is not None, advice=True)


def refusal(source: str, target: str | None) -> str:
    """Why a name and its translation (None: it has none) make no entry, for people; "" where they make one.

    Texts that a sentence does not repeat as they are make none, nor do translations that no longer look like a name:
    a wrong one would spoil every text that mentions it.
    """
    return _unfit(source.strip()) or _unlike(source.strip(), target)


def _unfit(source: str) -> str:
    """Why texts cannot be searched for a name."""
    short = len(_LETTER.findall(source)) < _FEW or (_HIRAGANA.fullmatch(source) and len(source) < _HIRAGANA_LEAST)
    reasons = (
        ("too short to be found in a text", short),
        ("too long for a name", width(source) > LONGEST),
        ("has signs that no name has", _SENTENCE.search(source) or _BRACKET.search(source)),
        ("an everyday word", normalised(source).casefold() in COMMON),
        ("a verb", _VERB.fullmatch(source)),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _unlike(source: str, target: str | None) -> str:
    """Why a translation is not taken for that of a name."""
    target = (target or "").strip()
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(target)]
    signs = not _LETTER.search(target) or _SENTENCE.search(target) or _BRACKET.search(target)
    reasons = (
        ("not translated", not target),
        ("stays as it is", folded(normalised(target)) == folded(normalised(source))),
        ("its translation has signs that no name has", signs),
        ("its translation is too long for a name", _is_long(source, target, words)),
        ("its translation is a sentence", len(words) > 1 and words[0] in _BEGIN_SENTENCES),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _is_long(source: str, target: str, words: Sequence[str]) -> bool:
    if _UNSPACED.search(target):
        return len(target) > len(source) + _FEW
    telling = sum(word not in _SMALL for word in words)
    return telling > _words(source) or width(target) > 4 * width(source) + 8


def _words(source: str) -> int:
    """How many words the translation of a name may have in a language with spaces between words."""
    if not _UNSPACED.search(source):
        return len(source.split()) + _FEW
    kana = sum(map(len, (*_KATAKANA.findall(source), *_HIRAGANA.findall(source))))
    return 1 + (len(source) - kana) + math.ceil(kana / 3)
