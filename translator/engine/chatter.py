"""What models say around a translation, or instead of it: an announcement, a note, thanks and offers, a code block.

Two look for it: the reader of answers takes whole lines of it off, and `checks/chatter.py` flags it inside of a text.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

import regex

_FENCE: Final = regex.compile(r"\s*```[A-Za-z]*\s*")
_ALIKE: Final = regex.compile(
    r"翻[訳译譯]|[訳译譯]文|translat|```|[：:]\s*$|[注註][：:意記记]|※|備考|备注|備注|[説说說]明|\bnotes?\b"
    r"|[英日]語|中国語|[中英日]文|\benglish\b|\bchinese\b|\bjapanese\b|直訳|原文|解説|釈|meaning|hint|ヒント",
    regex.IGNORECASE,
)
"""What a text has of which the translation may look like chatter."""

_ZH: Final = r"(?:翻译|翻譯|译文|譯文)"
_POLITE: Final = (
    r"(?:(?:好的?|当然(?:可以)?|當然(?:可以)?|没问题|沒問題|可以|您好|你好|明白了?|收到)[，,。!！、\s]+)?"
    r"(?:(?:根据|按照|應|应)[^\n。：:，,]{0,10}(?:要求|需求|请求|請求)[，,]\s*)?"
)
_QUOTED: Final = r"(?:[\"“「『][^\n\"”」』]{1,120}[\"”」』])?"
_SURE: Final = (
    r"(?:sure(?:\s+thing)?|certainly|of\s+course|okay|ok|absolutely|al(?:l\s+)?right|got\s+it|understood|no\s+problem"
    r"|hello|hi)[,!.:：\s]+"
)
_HERE: Final = r"here(?:['’]s|\s+is|\s+are)"
_TONGUE: Final = r"(?:english|chinese|japanese|korean|german|russian|french|spanish|simplified\s+chinese)"

ANNOUNCEMENTS: Final = (
    rf"{_POLITE}(?:以下|下面|这里|這裡)(?:是|为|為|就是)[^\n：:。]{{0,20}}{_ZH}[^\n：:。]{{0,8}}(?:[：:。\n]|$)",
    rf"{_POLITE}{_QUOTED}[^\n。：:！!？?…，,“”「」]{{0,24}}{_ZH}[^\n。：:…“”「」]{{0,8}}[：:]",
    rf"{_POLITE}(?:我)?(?:已)?(?:将|将会|会)?[^\n。：:]{{0,12}}翻译成(?:简体|繁体)?中文(?:如下)?[：:，]",
    r"(?:以下が|以下は|こちらが|次が)[^\n。：:]{0,16}(?:翻訳|訳文|訳)[^\n。：:]{0,8}(?:[：:。\n]|$)",
    r"(?:はい、|もちろん、)?(?:[日英]本?語|中国語)?(?:翻訳|訳文|訳)(?:結果|文)?[：:]",
    r"(?:다음은|아래는)[^\n.:：]{0,20}번역[^\n.:：]{0,8}(?:[.:：\n]|$)",
    r"번역(?:문|\s?결과)?\s*[：:]",
    rf"(?:{_SURE})?{_HERE}\s+(?:the|your|a|my)\s+(?:[\w-]+\s+){{0,3}}translat\w*(?:[^.:：\n]{{0,40}}[:：])?",
    (
        rf"(?:{_SURE})?(?:the\s+|my\s+)?(?:[\w-]+\s+)?translation"
        r"(?:\s+(?:is|into\s+\w+|of[^\n:：]{0,40}|as\s+follows))*\s*[:：]"
    ),
    r"the\s+(?:[\w-]+\s+)?translation(?:\s+of\s+[^\n.:]{1,60})?\s+(?:is|would\s+be)\s*[\"“]",
    (
        r"(?:this|it|that|the\s+(?:text|sentence|phrase|line))\s+"
        rf"(?:translates?|(?:can\s+be|is)\s+translated)\s+(?:to|as|into)(?:\s+{_TONGUE})?(?:\s+as)?\s*[\"“:：]"
    ),
    r"translated(?:\s+text|\s+into\s+[^\n:：]{0,30})?\s*[:：]",
    (
        r"(?:hier\s+(?:ist|kommt|folgt)\s+(?:die|deine|ihre|eine)\s+(?:\w+\s+)?übersetzung|(?:\w+\s+)?übersetzung)"
        r"(?:\s+lautet|\s+ist)?\s*[:：]"
    ),
    r"(?:вот\s+(?:\w+\s+){0,2}перевод|перевод)(?:\s+на\s+\w+(?:\s+язык)?|\s+текста)?\s*[:：]",
    r"(?:(?:voici|aquí\s+(?:está|tienes?)|ecco|aqui\s+está)\s+\w+\s+)?(?:traduction|traducción|traduzione|tradução)\s*[:：]",
    (
        r"[【\[（(]\s*(?:\w+\s+)?(?:translation|translated(?:\s+text)?|中文翻译|翻译|翻譯|译文|譯文|訳文|翻訳|번역"
        r"|übersetzung|перевод)\s*[】\]）)]\s*[:：]?"
    ),
    r"```",
)
"""How a text begins that is announced: by what says translation, in the languages that models say it in."""

LABELS: Final = (
    r"(?:译|譯|(?:简体|繁体|繁體)?中文|日文|英文|韩文|原文)[：:]",
    rf"(?:in\s+)?{_TONGUE}(?:\s+(?:text|version))?\s*[:：]",
    r"(?:output|ausgabe|deutsch|русский|日本語)\s*[:：]",
    r"这[句段](?:话|英文|日文|英语|日语|文字|文本)?的意思是[：:]",
)
"""A label alone; in a story that has labels itself it may be one of them."""

# Whole lines that announce a translation.
_ANNOUNCEMENT: Final = regex.compile(rf"\s*[*#]*\s*(?:{'|'.join((*ANNOUNCEMENTS, *LABELS))})[*\s]*", regex.IGNORECASE)

# How lines begin that can only speak about the translation above them.
_NOTE: Final = regex.compile(
    r"""\s*(?:
        [（(【\[*]{0,2}(?:翻译|翻譯|译者|譯者)?(?:注|备注|備注|说明|說明|註)[：:]
      | 以上(?:是|为|為|就是)[^。]{0,12}(?:翻译|翻譯|译文|譯文)
      | [(*\[]{0,2}(?:translator'?s?\ )?notes?\s?[：:]
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)

# How they begin where a line more than was asked for is no text: a story has such lines, too.
_FAREWELL: Final = regex.compile(
    r"""\s*(?:
        希望(?:这|這|以上|我的|对您|对你|對您|能)[^\n]{0,12}(?:帮助|幫助|翻译|翻譯|有帮|有幫|有所)
      | 如果(?:您|你)(?:还|還)?(?:有|需要)[^\n]{0,8}(?:问题|問題|修改|调整|調整|帮助|幫助)
      | i\ hope\ (?:this|that|the\ translation)
      | (?:please\ )?let\ me\ know\ if
      | (?:please\ )?feel\ free\ to
      | is\ there\ anything\ else
      | [（(【\[*]{0,2}(?:注意|注释|注釋|解释|解釋|直译|直譯|原文)[：:]
      | [(*\[]{0,2}(?:explanation|literally|original)\s?[：:]
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)
_ENDINGS: Final = (_NOTE, _FAREWELL)


class Guess(Enum):
    """Whether a line that is still being written is a remark about the translation."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not yet"


def announces(line: str) -> bool:
    """Whether a line only says that a translation follows, or opens a code block."""
    return _FENCE.fullmatch(line) is not None or _ANNOUNCEMENT.fullmatch(line) is not None


def remarks(line: str) -> Guess:
    """Whether a line after the last one asked, or its beginning so far, is no text: a note, a farewell, a fence."""
    if _FENCE.fullmatch(line) is not None or any(ending.match(line) is not None for ending in _ENDINGS):
        return Guess.YES
    if any(ending.match(line, partial=True) is not None for ending in (_FENCE, *_ENDINGS)):
        return Guess.NOT_YET
    return Guess.NO


def could_be_text(sources: Sequence[str]) -> bool:
    """Whether what was asked speaks of translations or notes itself, or announces something: no chatter is certain."""
    return any(_ALIKE.search(line) is not None for line in sources)


def without(lines: Sequence[str], sources: Sequence[str]) -> list[str]:
    """The lines of an answer without the announcement before them and the remarks after them.

    Where what was asked could itself be taken for chatter nothing is taken off. lines: without empty ones.
    """
    kept = list(lines)
    if not kept or could_be_text(sources):
        return kept
    while kept and announces(kept[0]):
        del kept[0]
    for number, line in enumerate(kept):
        if _FENCE.fullmatch(line) or _NOTE.match(line) or (number >= len(sources) and _FAREWELL.match(line)):
            return kept[:number]
    return kept
