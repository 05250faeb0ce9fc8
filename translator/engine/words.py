"""Single words: names, terms and short choices, which models that were trained on whole sentences garble.

A lone noun can bring back an invented text, and a list of isolated words comes back shortened or shifted.
"""

import regex

from translator.core.finding import Finding, Severity
from translator.core.scripts import has_script
from translator.core.work import Unit
from translator.engine.desk import Desk
from translator.profiles.profile import WordForm

# What a sentence has and a word has not; a full stop inside (Dr.ワイリー, Ver.2) is none.
_SENTENCE = regex.compile(r"[\n。、，,！!？?；;：:…‥♪♡♥「」『』“”\"]|\.\s*$")
_OPENING = '「『“"＂'
_CLOSING = '」』”"＂'
# A full stop or comma at the end is the habit of a model that takes the word for speech.
_QUOTED = regex.compile(rf"[{_OPENING}]\s*([^{_OPENING}{_CLOSING}]*?)\s*[。．.，,]*\s*[{_CLOSING}][。．.，,]?")
_MARK = regex.compile(f"[{_OPENING}{_CLOSING}]")
_QUOTES = "「{}」"


def is_word(unit: Unit, desk: Desk) -> bool:
    """Whether a text is a single word by the profile's `[words]`: such texts share no request with others."""
    words = desk.profile.words
    if not words.characters or unit.role not in words.roles:
        return False
    text = unit.source
    markup = desk.markup(unit.format)
    if markup.rules:
        text = markup.plain(markup.normalise(text))
    text = text.strip()
    return 0 < len(text) <= words.characters and _SENTENCE.search(text) is None


def wrapped(line: str, unit: Unit, desk: Desk) -> tuple[str, ...]:
    """The lines that ask for a word (see `is_word`): the first is the word, others go along to show what it is."""
    form = desk.profile.words.form
    if form is WordForm.QUOTES:
        return (_QUOTES.format(line),)
    if form is WordForm.DESCRIBED:
        scripts = desk.source.scripts
        notes = (" ".join(note.split()) for note in unit.notes if not scripts or has_script(note, scripts))
        described = next(notes, "")
        return (line, described) if described else (line,)
    return (line,)


def unwrapped(line: str, desk: Desk, findings: list[Finding]) -> str:
    """What an answer to a word's line says: without the quotation marks that it was sent in.

    An answer that has none at all is taken as it is. Where it is not certain what stands in them (one is missing,
    there is more beside them), an ERROR `words` is added to `findings`.
    """
    if desk.profile.words.form is not WordForm.QUOTES:
        return line
    text = line.strip()
    match = _QUOTED.fullmatch(text)
    if match is not None:
        return match[1]
    if _MARK.search(text) is not None:
        findings.append(Finding("words", Severity.ERROR, f"not one word in quotation marks: {text!r}"))
    return line
