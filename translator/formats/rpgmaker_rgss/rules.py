r"""Which strings of scripts are read by players.

Most strings of a script are identifiers: a file, a key, a symbol. So nothing is taken unless a rule names the place.
The rules are those of the engines' own scripts: the constants of `module Vocab` (VX, VX Ace), the commands that XP's
scenes name `s1`, `s2`, …, and calls that draw their argument.
"""

from dataclasses import dataclass

import regex

from translator.core.segment import Role

STRING = r"""(?:"(?P<double>(?:[^"\\\n]|\\[^\n])*+)"|'(?P<single>(?:[^'\\\n]|\\[^\n])*+)')"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A place in a script where a string is shown.

    kind: what keys call it. scripts: the names of the scripts that it holds in, None for all. name: the string is an
    actor's name: it is taken only where the game knows it as one, as in comparisons.
    """

    kind: str
    pattern: "regex.Pattern[str]"
    role: Role = Role.TERM
    scripts: "regex.Pattern[str] | None" = None
    name: bool = False


VOCAB = regex.compile(r"^module\s+Vocab\b.*?^end\b", regex.DOTALL | regex.MULTILINE)
"""The module that holds the engine's own terms; another script may open it again."""

CONSTANT = Rule("Vocab", regex.compile(r"^[ \t]*(?P<name>[A-Z]\w*)[ \t]*=[ \t]*" + STRING, regex.MULTILINE))

LISTED_RULES = (
    Rule(
        "command",
        regex.compile(r"^[ \t]*s\d+[ \t]*=[ \t]*" + STRING + r"[ \t]*(?:#[^\n]*)?\r?$", regex.MULTILINE),
        scripts=regex.compile(r"Scene_\w+"),
    ),
    Rule(
        "question",
        regex.compile(r"^[ \t]*super\([ \t]*" + STRING + r"[ \t]*\)", regex.MULTILINE),
        Role.DIALOGUE,
        regex.compile(r"Scene_(?:Save|Load|File)"),
    ),
    Rule("draw", regex.compile(r"\bdraw_text(?:_ex)?\((?:[^()\n\"'#]|\([^()\n\"'#]*\))*" + STRING + r"[ \t]*[,)]")),
    Rule("help", regex.compile(r"\bset_text\([ \t]*" + STRING + r"[ \t]*[,)]"), Role.DESCRIPTION),
    Rule("menu", regex.compile(r"\badd_command\([ \t]*" + STRING + r"[ \t]*,")),
)
"""In the scripts of Scripts.rvdata2, .rvdata and .rxdata."""

_ACTOR = r"\$game_(?:actors\[\d+\]|party\.(?:leader|members\[\d+\]|actors\[\d+\]))"

EVENT_RULES = (
    Rule("say", regex.compile(r"\$game_message\.(?:add|texts\.push)\([ \t]*" + STRING + r"[ \t]*\)"), Role.DIALOGUE),
    Rule("say", regex.compile(r"\$game_temp\.message_text[ \t]*=[ \t]*" + STRING), Role.DIALOGUE),
    Rule("name", regex.compile(_ACTOR + r"\.name[ \t]*=(?!=)[ \t]*" + STRING), Role.NAME, name=True),
    Rule("name", regex.compile(r"\.name[ \t]*[!=]=[ \t]*" + STRING), Role.NAME, name=True),
    Rule("nickname", regex.compile(_ACTOR + r"\.nickname[ \t]*=(?!=)[ \t]*" + STRING), Role.NAME),
)
"""In events: 355/655 (script), 122 (a variable set by a script) and 111 (a condition by script)."""

_LETTER = regex.compile(r"[^\W\d_]")
_FILE = regex.compile(r"[\w./\\ -]*\.(?:png|jpe?g|bmp|ogg|mp3|wav|mid|wma|ttf|otf|txt|dll)|(?:Graphics|Audio|Data)/.*")


def is_language(text: str) -> bool:
    """Whether a string can be language: it has letters (more than one of ASCII: a mark or a key), and is no file."""
    letters = _LETTER.search(text) is not None and not (text.isascii() and len(text.strip()) == 1)
    return letters and _FILE.fullmatch(text) is None
