"""What models say around a translation: a sentence before it, a remark after it, the fences of a code block."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

import regex

_FENCE: Final = regex.compile(r"\s*```[A-Za-z]*\s*")
_ALIKE: Final = regex.compile(
    r"翻[訳译譯]|[訳译譯]文|translat|```|[：:]\s*$|[注註][：:意記记]|※|備考|备注|備注|[説说說]明|\bnotes?\b",
    regex.IGNORECASE,
)
"""What a text has of which the translation may look like chatter."""

# Whole lines that announce a translation, in the languages that models announce it in.
_ANNOUNCEMENT: Final = regex.compile(
    r"""\s*(?:
        (?:好的|当然|當然|没问题|沒問題|可以)?[，,。!！]?\s*
            (?:(?:以下|下面|这|這|如下)[是为為]?)?[^。：:]{0,12}
            (?:翻译|翻譯|译文|譯文|中文版)(?:结果|結果|内容|內容|文本|版本)?(?:如下|是|为|為)?\s*[：:]
      | (?:sure|certainly|of\ course|okay|ok|here)\b[^.:\n]{0,80}\btranslat\w*[^.:\n]{0,60}:
      | (?:(?:the|my)\ )?(?:[A-Z]\w+\ )?translat(?:ion|ions|ed\ text)(?:\ (?:is|are))?(?:\ as\ follows)?\s*:
      | (?:はい、|もちろん、)?(?:以下[はが]|こちらが)[^。：:]{0,16}(?:翻訳|訳文)[^。：:]{0,8}[：:。]
    )\s*""",
    regex.VERBOSE | regex.IGNORECASE,
)

# How lines begin that can only speak about the translation above them.
_NOTE: Final = regex.compile(
    r"""\s*(?:
        [（(【\[*]{0,2}(?:翻译|翻譯|译者|譯者)?(?:注|备注|備注|说明|說明|註)[：:]
      | 以上(?:是|为|為|就是)[^。]{0,12}(?:翻译|翻譯|译文|譯文)
      | [(*\[]{0,2}(?:translator'?s?\ )?notes?\s?[：:]
    )""",
    regex.VERBOSE | regex.IGNORECASE,
)

# How a model takes its leave; in a story somebody may say so too.
_FAREWELL: Final = regex.compile(
    r"""\s*(?:
        希望(?:这|這|以上|我的|对您|对你|對您|能)[^\n]{0,12}(?:帮助|幫助|翻译|翻譯|有帮|有幫|有所)
      | 如果(?:您|你)(?:还|還)?(?:有|需要)[^\n]{0,8}(?:问题|問題|修改|调整|調整|帮助|幫助)
      | i\ hope\ (?:this|that|the\ translation)
      | (?:please\ )?let\ me\ know\ if
      | feel\ free\ to
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
