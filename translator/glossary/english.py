"""The forms of English words: what a term may look like in a sentence, and what is written in two ways."""

from functools import lru_cache
from typing import Final

import regex

# What a word may lose at its end, and what it may gain then.
_ENDINGS: Final = (
    ("", ("s", "es", "ed", "d", "n", "en", "ing", "er", "ers", "est", "ly", "y", "ish", "like", "less", "ful", "ness",
          "ous", "al", "ic", "ian", "ians", "able", "ment", "ments", "ion", "ions", "hood", "ship")),
    ("y", ("ies", "ied", "ier", "iest", "ily", "ious", "ian", "ians", "iful", "iless", "ic", "ical")),
    ("e", ("ing", "ed", "er", "ers", "es", "y", "able", "est", "ous", "ion", "ions", "al", "ic", "ation", "ery", "an",
           "ans")),
    ("a", ("an", "ans")),
    ("ie", ("ying",)),
    ("f", ("ves", "ved", "ving", "ven", "vish", "vin")),
    ("fe", ("ves",)),
    ("an", ("en",)),
    ("us", ("i",)),
    ("is", ("es",)),
    ("oot", ("eet",)),
    ("ooth", ("eeth",)),
    ("oose", ("eese",)),
    ("ouse", ("ice",)),
)  # fmt: skip
# The same for what is made of another word (recovery: recovered), which has some letters left.
_DERIVED: Final = (
    ("ery", ("er", "ers", "ered", "ering")),
    ("ing", ("", "s", "ed", "er", "ers", "e", "es")),
    ("ment", ("", "s", "ed", "ing", "er", "ers")),
    ("ance", ("", "s", "ed", "ing", "ant")),
    ("ence", ("", "s", "ed", "ing", "ent")),
    ("ion", ("", "s", "ed", "ing", "or", "e", "es", "ive")),
    ("ation", ("", "s", "ed", "ing", "e", "es")),
    ("ness", ("", "er", "est", "ly")),
)  # fmt: skip
_STEM: Final = 4
"""Letters that a word keeps, at least, where it loses what it was made with."""
_DOUBLED: Final = ("ing", "ed", "er", "ers", "y", "est")

# Words whose forms have other letters: each line begins with the word that a glossary may name.
_IRREGULAR: Final = (
    "be am is are was were been being", "beat beaten", "become became", "begin began begun", "bend bent", "bind bound",
    "bite bit bitten", "bleed bled", "blood bleed bled", "blow blew blown", "break broke broken", "bring brought",
    "build built", "burn burnt", "buy bought", "catch caught", "choose chose chosen", "choice choose chose chosen",
    "come came", "creep crept", "deal dealt", "death dead deadly die dies died dying", "dead death deaths die died",
    "die died dying dead death dice", "dig dug", "do did done does", "draw drew drawn", "dream dreamt",
    "drink drank drunk", "drive drove driven", "eat ate eaten", "fall fell fallen", "feed fed", "feel felt",
    "fight fought", "find found", "flee fled", "fly flew flown flight", "flight fly flies flew flown",
    "forbid forbade forbidden", "forget forgot forgotten", "forgive forgave forgiven", "freeze froze frozen",
    "get got gotten", "give gave given", "go went gone goes", "grind ground", "grow grew grown growth",
    "growth grow grows grew grown", "hang hung", "have had has", "hear heard", "hide hid hidden", "hold held",
    "keep kept", "kneel knelt", "know knew known", "knowledge know knows knew known", "lead led", "leap leapt",
    "leave left", "lend lent", "lie lay lain lying", "life lives live lived alive", "light lit", "lose lost loss",
    "loss lose loses lost", "make made", "mean meant", "meet met", "pay paid", "ride rode ridden", "ring rang rung",
    "rise rose risen", "run ran", "say said", "see saw seen", "seek sought", "sell sold", "send sent",
    "shake shook shaken", "shine shone", "shoot shot", "shrink shrank shrunk", "sing sang sung", "sink sank sunk",
    "sit sat", "slay slew slain", "sleep slept asleep", "slide slid", "speak spoke spoken", "spend spent", "spin spun",
    "spring sprang sprung", "stand stood", "steal stole stolen", "stick stuck", "sting stung", "strength strong",
    "strike struck stricken", "swear swore sworn", "sweep swept", "swim swam swum", "swing swung", "take took taken",
    "teach taught", "tear tore torn", "tell told", "theft thief thieves steal stole stolen", "think thought",
    "throw threw thrown", "wake woke woken awake", "wear wore worn", "weave wove woven", "weep wept", "win won",
    "wind wound", "write wrote written", "good better best", "bad worse worst", "child children", "ox oxen",
    "person people persons", "elf elven elvish", "dwarf dwarven dwarvish",
    "defense defend defends defended defending defender defenders defensive", "defend defense defenses defensive",
    "fire fiery", "germany german germans", "france french", "england english", "spain spanish", "china chinese",
    "japan japanese", "greece greek greeks",
    "offense offend offended offensive", "victory victor victors",
)  # fmt: skip
_FORMS: Final = {line.split()[0]: frozenset(line.split()[1:]) for line in _IRREGULAR}

# Spellings of both sides of an ocean, made one.
_SPELLINGS: Final = (
    (regex.compile(r"(?<=\w\w)our(?=$|s$|ed$|ing$|er|ful|able|less|ite|y|ies|hood)"), "or"),
    (regex.compile(r"^grey"), "gray"),
    (regex.compile(r"(?<=def|off|lic|pret)ence"), "ense"),
    (regex.compile(r"(?<=\w\w\w[iy])s(?=e$|ed$|es$|er$|ers$|ing$|ation)"), "z"),
    (regex.compile(r"(?<=[tbhg])re(?=s?$)"), "er"),
    (regex.compile(r"^axe$"), "ax"),
    (regex.compile(r"^(?:sulph)"), "sulf"),
    (regex.compile(r"^mould"), "mold"),
    (regex.compile(r"^jewell"), "jewel"),
)
_OF_A_NAME: Final = ("s", "es")
_HEADS: Final = frozenset({"kin", "man", "men", "fly", "elf", "god"})
_HEAD: Final = 4
"""Letters of a second word that makes a compound (dragonborn, guildmaster); fewer are an ending, or another word."""


def is_form(there: str, word: str) -> bool:
    """Whether `there` is a form of `word`, one of its derivations, or spelled as elsewhere (defence, colour)."""
    if there[:1] != word[:1]:
        return there in _FORMS.get(word, ())
    if there == word or there in _FORMS.get(word, ()) or _has_ending(there, word):
        return True
    spelled, wanted = _spelled(there), _spelled(word)
    if spelled == there and wanted == word:
        return False
    return spelled == wanted or spelled in _FORMS.get(wanted, ()) or _has_ending(spelled, wanted)


def is_form_of_name(there: str, word: str, *, capital: bool, person: bool) -> bool:
    """Whether `there` is a form of `word`, which may be a name: Marin is no form of Mari, nor market one of Mark.

    capital: whether `there` is written with one. person: whether `word` is certainly a name; else it may be a thing
    (Cursed and Dragonborn are forms of Curse and Dragon).
    """
    if there == word or (there.startswith(word) and there[len(word) :] in _OF_A_NAME):
        return True
    if not capital:
        return _is_compound(there, word, person=person) or is_form(there, word)
    if person:
        return False
    if _is_compound(there, word, person=person) or there in _FORMS.get(word, ()):
        return True
    return is_form(there, word) and not _is_another_name(there, word)


def _is_another_name(there: str, word: str) -> bool:
    """Whether what looks like an ending makes another name (Mari-n, Ema-ly, Roy-al; but Russia-n, God-ly)."""
    ending = there.removeprefix(word)
    if ending in {"n", "en"}:
        return not word.endswith("ia")
    return ending in {"ly", "al", "er"} and word[-1] in "aeiouy"


def _is_compound(there: str, word: str, *, person: bool) -> bool:
    if person or not there.startswith(word):
        return False
    return len(there) - len(word) >= _HEAD or there[len(word) :] in _HEADS


def _has_ending(there: str, word: str) -> bool:
    for endings, least in ((_ENDINGS, 1), (_DERIVED, _STEM)):
        for lost, gains in endings:
            stem = word.removesuffix(lost)
            if word.endswith(lost) and len(stem) >= least and there.startswith(stem) and there[len(stem) :] in gains:
                return True
    return there.startswith(word + word[-1]) and there[len(word) + 1 :] in _DOUBLED


@lru_cache(maxsize=4096)
def _spelled(word: str) -> str:
    for pattern, instead in _SPELLINGS:
        word = pattern.sub(instead, word)
    return word
