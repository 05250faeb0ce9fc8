"""A translation that is only a copy of its source."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.scripts import has_script
from translator.core.segment import Role
from translator.engine.checks import Case, Check, Flaw
from translator.engine.prepare import translatable
from translator.glossary.adherence import alternatives
from translator.glossary.matcher import normalised

_WORD = regex.compile(r"\p{L}{2,}")
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_OTHER_MARKS = 4
"""So many characters a copy may be longer or shorter than its source."""
_SENTENCE = 3
"""Words from which a copied text between two spaced languages is no name or loan word."""


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target, or a line of it, that has the letters of its source though there is something to translate.

    Equal may be: Chinese characters alone between Japanese and Chinese (勇者); names and terms, and up to two words,
    between languages of one script; a text whose glossary entry says so.
    """
    here, there = [case.unit.source], [case.target]
    if "\n" in case.target:
        lines, answers = case.paragraphs(), case.target.split("\n")
        if len(lines) == len(answers):
            here, there = lines, answers
    for line, answer in zip(here, there, strict=True):
        if _same(line, answer) and _must_change(line.strip(), case):
            yield Flaw(f"the translation is a copy of the source: {line.strip()!r}")
            return


def _same(line: str, answer: str) -> bool:
    """Whether two texts have the same letters and digits: their marks, spaces and widths may differ."""
    if line.strip() == answer.strip():
        return True
    if abs(len(line) - len(answer)) > _OTHER_MARKS:
        return False
    letters = _NO_LETTER.sub("", normalised(line))
    return bool(letters) and letters == _NO_LETTER.sub("", normalised(answer))


def _must_change(line: str, case: Case) -> bool:
    markup, desk = case.markup, case.desk
    if not translatable(line, markup, desk.source):
        return False
    plain = (markup.plain(line) if markup.rules else line).strip()
    if any(entry.src == plain and plain in alternatives(entry) for entry in case.unit.glossary):
        return False
    target_scripts = desk.target.scripts
    if not set(desk.source.scripts) & set(target_scripts):
        return has_script(plain, desk.source.scripts)
    foreign = [script for script in desk.source.scripts if script not in target_scripts]
    if foreign:
        return has_script(plain, foreign)
    if "han" in target_scripts:
        return False
    return case.unit.role not in {Role.NAME, Role.TERM} and len(_WORD.findall(plain)) >= _SENTENCE


CHECK = Check(
    "untranslated",
    Severity.ERROR,
    look,
    "a translation, or a line of it, that is a copy of its source, but for what both languages write so (勇者), names, "
    "one or two words between languages of one script, and what the glossary keeps",
)
