"""A translation without any text."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw

# White space, what is not shown at all, and letters that are blank (fillers).
_UNSEEN = regex.compile(r"[\s\p{Z}\p{Cf}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]+")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_MARKS = regex.compile(r"[\p{P}\p{Z}\p{Cf}\s~～|]+")
_WORD = regex.compile(r"[\p{Han}\p{Hangul}]|\p{L}{2}")
_LETTERS = regex.compile(r"[\p{L}\p{M}]+")

# What is cried, breathed or hummed: a translator may leave the marks of it alone (うぅ…… → ……).
_CRIES = regex.compile(
    r"[あいうえおぁぃぅぇぉはひふへほやゃわんむっぐアイウエオァィゥェォハヒフヘホヤャワンムッグーｰ]+|[啊呃哦噢喔唔嗯呜嗷哇喂咦诶欸哎唉嘿哈呵嘻呀嗚呣]+"
    r"|[아어으음응흑하헉앗윽에오우후흐히헤어엇읏야와ㅋㅎㅠㅜㅡ]+"
    r"|a+h*|o+h*|u+h*m*|e+h*|er+m?|h+m+|m+|huh|u+gh+|a+rgh+|gr+|(?:ha+)+h?|(?:he+)+h?|(?:hi+)+|sh+|tsk|psst|z+|who+a+h?"
    r"|wow|ow+|oops|phew|sigh|gasp|k?ya+h*",
    regex.IGNORECASE,
)
_ANSWERS = frozenset({"はい", "ハイ", "いいえ", "いえ"})

_NOTHING = regex.compile(r"[(（<]?(?:n/a|null|none|undefined)[)）>]?[.。]?", regex.IGNORECASE)
_LONGEST = 12
_MEANS_NOTHING = regex.compile(
    r"な[しいくさ]|ナシ|無|ません|ず$|も|不明|未|該当|ゼロ|零|空|ヌル|없|无|没|\bno|null|n/a|undefined|empty",
    regex.IGNORECASE,
)


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target with nothing in it but white space, unseen characters and codes, with nothing but marks where the
    source has words, or with what programs write for nothing (null, N/A).

    Not flagged: the marks alone of a cry or a breath (え？ → ？).
    """
    after = case.after
    if after[:2].isalpha() and (len(after) > _LONGEST or not after.isascii()) and after[0] not in _FILLERS:
        return  # as nearly all are
    if not _UNSEEN.sub("", after):
        if not _UNSEEN.sub("", case.target):
            if _UNSEEN.sub("", case.unit.source):
                yield Flaw("the translation is empty")
        elif _UNSEEN.sub("", case.before):
            yield Flaw("the translation holds nothing but markup")
    elif _MARKS.fullmatch(after) is not None:
        if _has_words(case.before):
            yield Flaw(f"the translation holds nothing but marks: {after.strip()!r}")
    elif _NOTHING.fullmatch(after.strip()) is not None and _MEANS_NOTHING.search(case.before) is None:
        yield Flaw(f"the translation is no text: {after.strip()!r}")


def _has_words(source: str) -> bool:
    """Whether a source has more to say than cries."""
    if _WORD.search(source) is None:
        return False
    return any(_CRIES.fullmatch(word) is None or word in _ANSWERS for word in _LETTERS.findall(source))


CHECK = Check(
    "empty",
    Severity.ERROR,
    look,
    "a translation without any text, with nothing but markup, or with nothing but marks where the source has words; "
    "`null` and the like",
)
