"""The speaker's name that has got into what is said."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.glossary.adherence import alternatives
from translator.glossary.matcher import folded, normalised

# A name before a colon, in brackets, or before what is said in quotation marks.
_NAMED = regex.compile(
    r"\s*(?:[【［\[〔(（<＜](?P<boxed>[^】］\]〕)）>＞\n]{1,40})[】］\]〕)）>＞]\s*[:：]?"
    r"|(?P<colon>[^:：「『“\"\n。！？!?]{1,40})[:：]"
    r"|(?P<quoted>[^「『“\"\n，,。！？!?:：]{1,20})\s*(?=[「『“\"].*[」』”\"]\s*$))",
    regex.DOTALL,
)


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target that begins with its speaker's name and a colon, in brackets, or before quotation marks, where the
    source does not.

    The name may be the source's, its translation by the glossary, or one that shares most letters with it (村长).
    """
    if not case.unit.speaker:
        return
    found = _NAMED.match(case.masked)
    if found is None or _NAMED.match(case.before) is not None:
        return
    name = (found["boxed"] or found["colon"] or found["quoted"] or "").strip()
    if name and _is_speaker(name, case):
        yield Flaw(f"the speaker's name is in the text: {found.group().strip()!r}", found.span())


def _is_speaker(name: str, case: Case) -> bool:
    speaker = folded(normalised(case.markup.plain(case.unit.speaker or ""))).strip()
    said = folded(normalised(name)).strip()
    names = {speaker, *speaker.split()}
    for entry in (*case.unit.glossary, *case.desk.terms):
        if folded(normalised(entry.src)).strip() in names:
            names.update(folded(normalised(word)) for word in alternatives(entry))
    return said in names or _is_close(said, speaker)


def _is_close(said: str, speaker: str) -> bool:
    """Whether two short names share most of their letters (村長 and 村长)."""
    if abs(len(said) - len(speaker)) > 1 or not said.isalpha():
        return False
    same = sum(a == b for a, b in zip(said, speaker, strict=False))
    return same * 2 >= max(len(said), len(speaker)) and said[0] == speaker[0]


CHECK = Check(
    "speaker",
    Severity.ERROR,
    look,
    "the speaker's name before what is said (`爱丽丝：…`, `【爱丽丝】…`, `爱丽丝「…」`) where the source has it not",
)
