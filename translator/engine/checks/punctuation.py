"""The mark at the end of a sentence: a question that is one no more, a sentence that just stops."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.segment import Role
from translator.engine.checks import Case, Check, Flaw

_TAIL = regex.compile(r"[\s\p{Pe}\p{Pf}\"'’♪♡♥☆★~～〜ー―—]*$")
_DRAWN_OUT = regex.compile(r"[♪♡♥☆★~～〜ー―—-][\s\p{Pe}\p{Pf}\"'’]*$")
"""How a sentence may end instead of with a mark."""
_ENDS = frozenset("。！？.!?…‥．｡؟।")
_QUESTION = regex.compile("[?？؟]")
_CUT_OFF = frozenset(",，、;；:：")
_CLOSING = frozenset("）)]］】")
_UNMARKED = frozenset({"th"})
"""Languages whose sentences end without a mark."""

_DROPPED = {"ja": frozenset("。.．")}
"""Marks that texts of a language may do without: Japanese ones on buttons and in speech have no full stop."""
_ASIDE = regex.compile(r"[（(\[［【][^（(\[［【]*[）)\]］】]$")
"""A note in brackets after the sentence."""

_SPOKEN = frozenset({Role.DIALOGUE, Role.NARRATION})
_ASKS = {
    "zh-CN": regex.compile(
        "[吗嘛呢吧么谁哪啥几]|没(?:有)?[。！…~～]*$|什么|怎|为[何啥]|如何|何(?:[时处方人必故]|在)|多少|难道|莫非|(.)[不没]\\1|有没有|可不可以"
        "|是否"
    ),
    "zh-TW": regex.compile(
        "[嗎嘛呢吧麼誰哪啥幾]|沒(?:有)?[。！…~～]*$|什麼|怎|為[何啥]|如何|何(?:[時處方人必故]|在)|多少|難道|莫非|(.)[不沒]\\1|有沒有|可不可以"
        "|是否"
    ),
    "ja": regex.compile("か|どう|なん|何|だれ|誰|どこ|いつ|なぜ|でしょう|だろう|[のな][。！…~～]*$"),
    "ko": regex.compile("[까니냐나요]|누구|무[엇슨]|뭐|뭘|어디|언제|왜|어[떻떤때]|몇|거야|건가|[지래][.!…~～]*$"),
}
"""What makes a question without its mark, for those languages that have such words."""
_SENTENCES = regex.compile(r"(?<=[。！!.．\n])[^\s。！!.．\n]")
_TRAILS_OFF = regex.compile(r"(?:…|\.{3}|‥|——|！|!)\W*$")
_CRY = 4
"""So many letters a question may have that is a cry or a doubt (あれ？, もしもし？): it may end as one."""


def look(case: Case) -> Iterator[Flaw]:
    """Flag a question whose translation has no question mark and no word that asks; note a sentence without its end.

    The mark may be of another width or kind (… for 。, ? for ！？). Only notes are made of a lost full stop or
    exclamation mark, and of names, choices and terms nothing.
    """
    end = _last(case.before)
    if end not in _ENDS:
        return
    after = case.after.rstrip()
    there = _last(after)
    if there.isalnum() and after[-1] in _CLOSING:
        there = _last(_ASIDE.sub("", after))
    if there == "":
        return
    code = case.desk.target.code
    if end in "?？؟":
        if code not in _UNMARKED and not _asks(after, code) and not _is_cry(case.before, after):
            yield Flaw("the source asks, the translation does not: no question mark", severity=Severity.WARNING)
    elif case.unit.role in _SPOKEN and code not in _UNMARKED:
        if there in _CUT_OFF:
            yield Flaw(f"the sentence ends with {there}: is it cut off?")
        elif there.isalnum() and not _DRAWN_OUT.search(after) and end not in _DROPPED.get(code, ()):
            yield Flaw(f"the sentence has lost its {end}")


def _asks(after: str, code: str) -> bool:
    """Whether a translation asks: by its mark, or by a word in its last sentence."""
    if _QUESTION.search(after):
        return True
    words = _ASKS.get(code)
    return words is not None and words.search(_TAIL.sub("", _last_sentence(after))) is not None


def _last_sentence(text: str) -> str:
    starts = [match.start() for match in _SENTENCES.finditer(text)]
    return text[starts[-1] :] if starts else text


def _is_cry(before: str, after: str) -> bool:
    """Whether a short question has become a sentence that trails off or is cried."""
    letters = sum(map(str.isalpha, before))
    return letters <= _CRY and _TRAILS_OFF.search(after) is not None


def _last(text: str) -> str:
    """The last character that counts, quotation marks and the like left out."""
    if text and text[-1] in _ENDS:
        return text[-1]
    return _TAIL.sub("", text)[-1:]


CHECK = Check(
    "punctuation",
    Severity.INFO,
    look,
    "a sentence that has lost the mark at its end; a warning where a question has become none",
)
