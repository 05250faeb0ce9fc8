"""Tags that stand for words of the sentence around them: what a script computes (`emb`), letters in a value (`ch`)."""

import regex

from translator.formats.kag.markup import MARKUP
from translator.formats.kag.rules import Rules
from translator.formats.kag.tokens import Attribute, Token, attributes

_PAIR = 2
_BARE = regex.compile(r"(?i)(?<=\[ *h?ch +text=)[^\[\]\"'=\n]+(?=\])")
_BARE_SPELLED = regex.compile(r"(?i)(?<=\[ *h?ch +text=)(?:` |[^\[\]\"'=\s])+(?=\])")
_SPACE = regex.compile(r"(?<!`) ")


def stands_for_words(text: str, tag: Token, rules: Rules) -> bool:
    """Whether a tag is part of a sentence: a code in it, or a pair of codes around the words that its value shows.

    Where no pair can stand around a value, whatever it is, the value is a text of its own.
    """
    if tag.name not in rules.words or tag.whole_line:
        return False
    values = _values(text, tag, rules)
    return not values or _is_pair(f"{text[tag.start : values[0].start]}x{text[values[0].end : tag.end]}")


def words_inside(text: str, tag: Token, rules: Rules) -> list[int]:
    """Where the values of such a tag start that can be translated in the sentence: those without brackets in them."""
    return [one.start for one in _values(text, tag, rules)] if _is_pair(text[tag.start : tag.end]) else []


def _values(text: str, tag: Token, rules: Rules) -> list[Attribute]:
    """The values of a tag that are words."""
    shown = rules.shown.get(tag.name, ())
    values = attributes(text, tag, tyrano=rules.tyrano) if shown else ()
    return [one for one in values if one.name in shown and not one.computed and text[one.start : one.end].strip()]


def _is_pair(tag: str) -> bool:
    return len(MARKUP.codes(tag)) == _PAIR


def blanked(tag: str) -> str:
    """A tag without the words that it shows, which a translation has others for."""
    return "".join(MARKUP.codes(tag)) if _is_pair(tag) else tag


def spell_words(text: str) -> str:
    """KAG's spelling of a message: a backquote before each space in words that stand in no quotes."""
    return _BARE.sub(lambda found: _SPACE.sub("` ", found.group()), text)


def read_words(text: str) -> str:
    """The message that is spelled so."""
    return _BARE_SPELLED.sub(lambda found: found.group().replace("` ", " "), text)
