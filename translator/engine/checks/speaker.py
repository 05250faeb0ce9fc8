"""The speaker's name that has got into what is said."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import MASK, Case, Check, Flaw
from translator.glossary.adherence import alternatives
from translator.glossary.hanzi import simplified
from translator.glossary.matcher import folded, normalised

_OPENED = rf"[\s{MASK}*]*[「『“\"‘']?[\s{MASK}*]*"
# A name before a colon or a dash, in brackets, or before what is said in quotation marks; then what is said.
_NAMED = regex.compile(
    rf"{_OPENED}(?:[【［\[〔(（<＜《〈](?P<boxed>[^】］\]〕)）>＞》〉\n]{{1,40}})[】］\]〕)）>＞》〉]\**\s*[:：]?"
    r"|(?P<colon>[^:：「『“\"\n。！？!?]{1,40})[:：](?!(?<=\d[:：])\d)"
    r"|(?P<told>[^:：「『“\"\n,。！？!?]{1,40}),\s*(?=[“\"])"
    r"|(?P<unknown>[?？]{2,5})\s*[:：]"
    r"|(?P<dash>[^:：「『“\"\n。！？!?—–-]{1,40})\s[-–—]\s"
    r"|(?P<quoted>[^「『“\"\n，,。！？!?:：]{1,20})\s*(?=[「『“\"].*[」』”\"]\s*$))(?=.*\S)",
    regex.DOTALL,
)
_MARKS = f" \u3000*{MASK}"
# What may stand between a name and the colon: a remark, a title, that somebody says so.
_REMARK = regex.compile(r"\s*[(（\[【][^()（）\[\]【】]{1,20}[)）\]】]$")
_TITLE = regex.compile(
    r"(?<=.)(?:小姐|先生|大人|女士|同学|老师|酱|桑|君|さん|ちゃん|くん|様|さま|[ -](?:san|chan|kun|sama)|씨|님)$"
)
_SAYS = regex.compile(
    r"(?<=.)(?:(?:低声|小声|大声|笑着|轻声)?(?:[说說问問答喊叫笑](?:道|着)?|道|回答(?:道)?)"
    r"|\s+(?:says?|said|asks?|asked|repl(?:y|ies|ied)|shout(?:s|ed)|whisper(?:s|ed)|sagte?|fragte?|сказала?|говорит)"
    r"|[はが](?:言った|言う)|[이가는은]?\s?말했다)$"
)
_SOURCE_SAYS = regex.compile(
    r"[言云述叫尋訊聞答呟囁語曰説话说說道问問]|sa[iy]|ask|repl|shout|whisper|말|묻|답|sag|сказ|говор"
)

_IS = ("だ", "です", "である", "でござ")
_UNKNOWN = regex.compile(r"\W*[?？]{2,}\W*")


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target that begins with its speaker's name and a colon or a dash, in brackets, before quotation marks, or
    with that the speaker says so, where the source does not.

    The name may be the source's, its translation by the glossary (士兵A for 兵士A), or its characters in simplified or
    traditional form (村长), with a title or a remark after it.
    """
    if not case.unit.speaker:
        return
    found = _NAMED.match(case.masked)
    if found is None or _NAMED.match(case.before) is not None:
        return
    if not found["unknown"] or _UNKNOWN.fullmatch(case.unit.speaker) is None:
        certain = found["boxed"] or found["colon"] or ""
        name = (certain or found["told"] or found["dash"] or found["quoted"] or "").strip(_MARKS)
        if found["told"] and _SAYS.search(name) is None:
            return
        if not name or not _is_speaker(name, case, certain=bool(certain)):
            return
    yield Flaw(f"the speaker's name is in the text: {found.group().strip(_MARKS)!r}", found.span())


def _is_speaker(said: str, case: Case, *, certain: bool) -> bool:
    """Whether `said` is the speaker. certain: nothing else than a leak looks so, if the source does not begin alike."""
    names = _names(case)
    speaker, source = _folded(case.markup.plain(case.unit.speaker or "")), _folded(case.before)
    if _begins_with(speaker, source) or (not certain and speaker in source):
        return False
    said = _folded(said)
    bare = _TITLE.sub("", _REMARK.sub("", said))
    if _among(said, names) or _among(bare, names):
        return True
    tells = _SAYS.sub("", said)
    return tells != said and speaker not in source and not _SOURCE_SAYS.search(source) and _among(tells, names)


def _begins_with(speaker: str, source: str) -> bool:
    """Whether a source begins with the speaker's name, as one who is called; not as one who says who it is."""
    start = source.lstrip('「『“"（(')
    return start.startswith(speaker) and not start.startswith(_IS, len(speaker))


def _names(case: Case) -> set[str]:
    """What the speaker may be called in the translation."""
    speaker = _folded(case.markup.plain(case.unit.speaker or ""))
    names = {speaker, *speaker.split()}
    for entry in (*case.unit.glossary, *case.desk.terms):
        src = _folded(entry.src)
        if src and src in speaker:
            words = list(map(_folded, alternatives(entry)))
            names.update(speaker.replace(src, word) for word in words)
            if src in names:
                names.update(words)
    return names


def _among(said: str, names: set[str]) -> bool:
    """Whether a name is one of these in any spelling of its characters, or has them in another order (兵士, 士兵)."""
    if said in names:
        return True
    if said.isascii() or not said.isalpha():
        return False
    spelled = sorted(simplified(said))
    return any(len(name) == len(said) and sorted(simplified(name)) == spelled for name in names)


def _folded(name: str) -> str:
    return folded(normalised(name)).strip()


CHECK = Check(
    "speaker",
    Severity.ERROR,
    look,
    "the speaker's name before what is said (`爱丽丝：…`, `【爱丽丝】…`, `爱丽丝「…」`, `Bob says: …`) where the "
    "source has it not",
)
