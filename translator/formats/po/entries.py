"""What an entry of a PO file becomes: its segments, one for each plural form."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from translator.core.collecting import Keys, short_key
from translator.core.lines import unified_breaks
from translator.core.loose import guess_role
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.plurals import examples
from translator.core.po_spans import PoEntry, PoString
from translator.core.segment import Segment

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|\{%[^{}\n]*%\}"),
        MarkupRule(r"\{[\w.\[\]]*(?:![rsa])?(?::[^{}\s]*)?\}"),
        MarkupRule(r"%\([^()\s]+\)[-+0# ]*\d*(?:\.\d+)?[hlL]?[a-zA-Z]|%\{\w+\}|%<\w+>[-+0#]*\d*(?:\.\d+)?[a-zA-Z]?"),
        MarkupRule(
            r"%%|%(?:\d+\$)?[-+0#'I]*(?:\d+|\*(?:\d+\$)?)?(?:\.(?:\d+|\*(?:\d+\$)?))?"
            r"(?:hh|h|ll|l|L|q|j|z|t|I64|I32)?[diouxXeEfFgGaAcCsSpn@m]|%L?\d+"
        ),
        MarkupRule(r"</[A-Za-z][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<[A-Za-z][^<>]*/>"),
        MarkupRule(r"<(?:br|hr|img|input|wbr)\b[^<>]*>"),
        MarkupRule(r"<[A-Za-z][\w:.-]*(?:\s[^<>]*)?>", Fate.OPEN),
        MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
        MarkupRule(r"\\[nrt\"'\\]"),
    )
)
"""Placeholders of C, Python, Qt, Ruby, templates and shells (gettext manual, "Format Strings"); tags, entities, and
escapes that the program itself undoes."""

_SPEAKER = re.compile(r"(?:speaker|character|npc|話者|说话人|說話人|角色)\s*[:：]\s*(\S.{0,60})", re.IGNORECASE)
_PLACE = re.compile(r"(.+?):\d+$")
_LONGEST = 200
_BREAKS = "\r\n"


class Form(NamedTuple):
    """A text to translate: the entry, the number of its plural form, and where that stands (None: nowhere yet).

    source: what it is translated from, its line feeds as the segment has them.
    """

    entry: PoEntry
    number: int
    there: PoString | None
    source: str


class Forms(NamedTuple):
    """How many plural forms the file or the target language has (None: as many as stand there), by which expression.

    adds: whether forms that an entry lacks are added to it.
    """

    many: int | None
    expression: str | None
    adds: bool


def is_fuzzy(entry: PoEntry) -> bool:
    """Whether its translation is only a guess."""
    return "fuzzy" in entry.flags


def has_crlf(entry: PoEntry) -> bool:
    """Whether its texts break their lines with CR LF."""
    return entry.source is not None and _BREAKS in entry.source.text


def said(entry: PoEntry, text: str) -> str:
    """A text of an entry as a segment has it."""
    return unified_breaks(text) if has_crlf(entry) else text


def forms_of(entry: PoEntry, forms: Forms) -> Iterator[Form]:
    """The texts of an entry."""
    if entry.source is None or not entry.targets:
        return
    source = said(entry, entry.source.text)
    if entry.plural is None:
        if source.strip():
            yield Form(entry, 0, entry.targets[0], source)
        return
    there = dict(zip(entry.forms, entry.targets, strict=True))
    plural = said(entry, entry.plural.text)
    numbers = set(range(forms.many)) if forms.many and forms.adds else set[int]()
    numbers |= {n for n, string in there.items() if forms.many is None or n < forms.many or string.text}
    for number in sorted(numbers):
        text = source if _is_singular(number, forms, source, plural) else plural
        text = text if text.strip() else source
        if text.strip():
            yield Form(entry, number, there.get(number), text)


def _is_singular(number: int, forms: Forms, source: str, plural: str) -> bool:
    """Whether a form is translated from the text for one: it is for one only, or for numbers that end so (21, 31) and
    that text says which number it is.
    """
    if forms.many == 1:
        return False
    taken = examples(forms.expression, forms.many) if forms.expression and forms.many else ()
    if not taken:
        return number == 0
    mine = taken[number] if number < len(taken) else ()
    return mine == (1,) or (1 in mine and MARKUP.codes(source) == MARKUP.codes(plural))


def segments_of(entry: PoEntry, forms: Forms, keys: Keys) -> Iterator[tuple[Segment, Form]]:
    """The segments of an entry, each with its text's place."""
    found = list(forms_of(entry, forms))
    if not found or entry.source is None:
        return
    context = entry.context.text if entry.context else None
    name = short_key(_named(context, entry.source.text))
    notes = tuple(_notes(entry, context))
    scene = _scene(entry)
    speaker = _speaker(entry)
    if entry.plural is not None:
        base = keys.new(name)
        for form in found:
            key = keys.new(f"{base}[{form.number}]")
            about = (*_about_form(form.number, forms), *notes)
            yield _segment(form, key, scene, speaker, about), form
        return
    yield _segment(found[0], keys.new(name), scene, speaker, notes), found[0]


def _segment(form: Form, key: str, scene: str, speaker: str | None, notes: tuple[str, ...]) -> Segment:
    target = None
    if form.there is not None and form.there.text.strip() and not is_fuzzy(form.entry):
        target = said(form.entry, form.there.text)
    return Segment(key, form.source, guess_role(form.source), scene, speaker, target, notes)


def _named(context: str | None, source: str) -> str:
    name = source if context is None else f"{context}|{source}"
    return (
        name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") if "\\" in name or "\n" in name else name
    )


def _about_form(number: int, forms: Forms) -> Iterator[str]:
    taken = examples(forms.expression, forms.many) if forms.expression and forms.many else ()
    if number < len(taken) and len(taken) > 1:
        yield f"plural form {number}, for the numbers {', '.join(map(str, taken[number]))}"
    else:
        yield f"plural form {number}"


def _notes(entry: PoEntry, context: str | None) -> Iterator[str]:
    """What is known about an entry: its context, what programmers and translators say, where it is used."""
    if context:
        yield f"context: {context[:_LONGEST]}"
    for comments in (entry.extracted, entry.comments):
        if comments and (text := " ".join(filter(None, comments))):
            yield text[:_LONGEST]
    if entry.references:
        yield " ".join(entry.references)[:_LONGEST]
    if len(entry.flags) > is_fuzzy(entry):
        yield ", ".join(flag for flag in entry.flags if flag and flag != "fuzzy")
    if is_fuzzy(entry) and entry.targets[0].text:
        yield f"fuzzy: {entry.targets[0].text[:_LONGEST]}"


def _scene(entry: PoEntry) -> str:
    """The file that a text is used in first."""
    if not entry.references:
        return ""
    first = entry.references[0].split(maxsplit=1)
    found = _PLACE.match(first[0]) if first else None
    return found[1] if found else ""


def _speaker(entry: PoEntry) -> str | None:
    for comments in (entry.extracted, entry.comments):
        for comment in comments:
            found = _SPEAKER.fullmatch(comment)
            if found:
                return found[1].strip()
    return None
