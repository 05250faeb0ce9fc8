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
    "zh-CN": regex.compile("[吗嘛呢吧]|什么|怎么|为何|谁|哪"),
    "zh-TW": regex.compile("[嗎嘛呢吧]|什麼|怎麼|為何|誰|哪"),
    "ja": regex.compile("か"),
    "ko": regex.compile("[까니냐나요]"),
}
"""What makes a question without its mark, for those languages that have such words."""


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
        asks = _ASKS.get(code)
        if not _QUESTION.search(case.after) and code not in _UNMARKED and not (asks and asks.search(case.after[-6:])):
            yield Flaw("the source asks, the translation does not: no question mark", severity=Severity.WARNING)
    elif case.unit.role in _SPOKEN and code not in _UNMARKED:
        if there in _CUT_OFF:
            yield Flaw(f"the sentence ends with {there}: is it cut off?")
        elif there.isalnum() and not _DRAWN_OUT.search(after) and end not in _DROPPED.get(code, ()):
            yield Flaw(f"the sentence has lost its {end}")


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
