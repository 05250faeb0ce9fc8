"""The forms of Russian and Ukrainian words, in letters without marks (ё and й are е and и)."""

from typing import Final

import regex

# A vowel that comes and goes before the last consonant: отец and отца, день and дня, лев and льва.
_FLEETING: Final = regex.compile(r"(\w*[бвгґджзклмнпрстфхцчшщ])[еоі]([бвгґджзклмнпрстфхцчшщ])ь?")
_ENDING: Final = regex.compile(r"[аеиіоуыюяє]\w{0,2}")
_OF_A_NAME: Final = regex.compile(
    r"(?:а|я|ы|и|і|е|є|у|ю|о|ь|ои|еи|ою|ею|єю|ом|ем|ям|ам|ами|ями|ах|ях|ым|им|ові|еві|ого|его|ому|ему|ая|ую|ые|ых|ыми"
    r"|(?:ин|ов|ев|ск)\w{0,3})?"
)
_ADJECTIVE: Final = regex.compile(r"(?:ыи|ии|ои|ая|яя)$")
_VOWEL: Final = regex.compile(r"[аеиіоуыюяьє]$")
_STEM: Final = 2


def is_ending(letters: str) -> bool:
    """Whether letters at a word's end are only what changes with its case: vowels and the soft sign."""
    return all(map(_VOWEL.match, letters))


def has_fleeting_vowel(there: str, word: str) -> bool:
    """Whether `there` is `word` with an ending, and without the vowel that its first form has."""
    match = _FLEETING.fullmatch(word)
    if match is None:
        return False
    stems = (match[1] + match[2], match[1] + "ь" + match[2])
    return any(there.startswith(stem) and _ENDING.fullmatch(there, len(stem)) for stem in stems)


def is_form_of_name(there: str, word: str) -> bool:
    """Whether `there` is `word`, a name, in one of its cases: Алисой is one of Алиса, Алина is not."""
    if there == word or has_fleeting_vowel(there, word):
        return True
    stems = {_ADJECTIVE.sub("", word), _VOWEL.sub("", word)}
    return any(
        len(stem) >= _STEM and there.startswith(stem) and _OF_A_NAME.fullmatch(there, len(stem)) for stem in stems
    )
