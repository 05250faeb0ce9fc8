"""A translation that is only a copy of its source."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.scripts import has_script
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.checks import Check, Flaw
from translator.engine.desk import Desk
from translator.engine.prepare import translatable

_WORD = regex.compile(r"\p{L}{2,}")
_SENTENCE = 3
"""Words from which a copied text between two spaced languages is no name or loan word."""


def look(source: Unit, target: str, desk: Desk) -> Iterator[Flaw]:
    """Flag a target, or a line of it, that equals its source though there is something to translate.

    Equal may be: Chinese characters alone between Japanese and Chinese (勇者); names and terms, and up to two words,
    between languages of one script; a text whose glossary entry says so.
    """
    here, there = source.source.split("\n"), target.split("\n")
    if len(here) != len(there):
        here, there = [source.source], [target]
    for line, answer in zip(here, there, strict=True):
        if line.strip() == answer.strip() and _must_change(line.strip(), source, desk):
            yield Flaw(f"the translation is a copy of the source: {line.strip()!r}")
            return


def _must_change(line: str, unit: Unit, desk: Desk) -> bool:
    markup = desk.markup(unit.format)
    if not translatable(line, markup, desk.source):
        return False
    plain = markup.plain(line) if markup.rules else line
    if any(entry.src == entry.dst == plain.strip() for entry in unit.glossary):
        return False
    target_scripts = desk.target.scripts
    if not set(desk.source.scripts) & set(target_scripts):
        return has_script(plain, desk.source.scripts)
    foreign = [script for script in desk.source.scripts if script not in target_scripts]
    if foreign:
        return has_script(plain, foreign)
    if "han" in target_scripts:
        return False
    return unit.role not in {Role.NAME, Role.TERM} and len(_WORD.findall(plain)) >= _SENTENCE


CHECK = Check("untranslated", Severity.ERROR, look)
