r"""Which strings of scripts are read by players.

Most strings of a script are identifiers: a file, a key, a symbol. So nothing is taken unless a rule names the place.
The rules are those of the engines' own scripts: the constants of `module Vocab` (VX, VX Ace), the commands that XP's
scenes name `s1`, `s2`, …, lists of commands, and calls that draw their argument.
"""

from dataclasses import dataclass

import regex

from translator.core.segment import Role

STRING = r"""(?:"(?P<double>(?:[^"\\\n]|\\[^\n])*+)"|'(?P<single>(?:[^'\\\n]|\\[^\n])*+)')"""
_STRINGS = rf"{STRING}(?:[ \t]*,[ \t]*{STRING})*+"
_LIST = rf"\[(?:[^][\"'#]|{STRING})*+\]"
_PATTERN = r"/(?P<pattern>(?:[^][/\\\n#(){}*+?|^$.]|\\[^\w\s])++)/"
"""A regular expression that matches one text only."""

_CODE = regex.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)|#\{[^{}\n]*\}|%[-+0*\d.]*+[a-zA-Z]")
_LETTER = regex.compile(r"[^\W\d_]")
_FILE = regex.compile(
    r"[\w./\\ -]*\.(?:png|jpe?g|bmp|ogg|mp3|wav|mid|wma|ttf|otf|txt|dll|ini|r[vx]data2?)|(?:Graphics|Audio|Data)/.*"
)
_KEY = regex.compile(r"[a-z][a-z0-9]*+(?:_[a-z0-9]++)+")


@dataclass(frozen=True, slots=True)
class Rule:
    """A place in a script where strings are shown: all that its pattern captures.

    kind: what keys call it. scripts: what the names of the scripts have that it holds in, None for all. name: the
    string is an actor's name: it is taken only where the game knows it as one, as in comparisons. command: an item of
    a list that players choose from: where a script compares one with it, it is a key. any: marks and single letters
    are taken, too.
    """

    kind: str
    pattern: "regex.Pattern[str]"
    role: Role = Role.TERM
    scripts: "regex.Pattern[str] | None" = None
    name: bool = False
    command: bool = False
    any: bool = False

    def takes(self, text: str) -> bool:
        """Whether a string at this place can be language: it has letters, and is no file and no key (`item_key`)."""
        known = is_file(text) or _KEY.fullmatch(text) is not None
        return not known and (has_letters(text) or (self.any and bool(text.strip())))


def has_letters(text: str) -> bool:
    r"""Whether there is anything to translate in a text: letters that are of no code (`\n`, `#{code}`, `%d`), more than
    one of ASCII (a mark or a key).
    """
    return _LETTER.search(_CODE.sub("", text)) is not None and not (text.isascii() and len(text.strip()) == 1)


def is_file(text: str) -> bool:
    """Whether a string names a file of the game."""
    return _FILE.fullmatch(text) is not None


def _shown(kind: str, call: str, role: Role = Role.TERM) -> Rule:
    """A call that draws an argument: the strings that are one, are added to one, or that a condition chooses from."""
    before = r"(?:[^()\n\"'#]|\([^()\n\"'#]*\))*+"
    return Rule(kind, regex.compile(rf"\b{call}\((?:{before}{STRING}[ \t]*(?=[,)+:]))++"), role)


def _assigned(kind: str, variable: str, scripts: str, *, command: bool = False) -> Rule:
    """A string that is given to a variable of some scripts, alone on its line."""
    line = rf"^[ \t]*{variable}[ \t]*=[ \t]*{STRING}[ \t]*(?:#[^\n]*)?\r?$"
    return Rule(kind, regex.compile(line, regex.MULTILINE), scripts=regex.compile(scripts), command=command)


VOCAB = regex.compile(r"^module\s+Vocab\b.*?^end\b", regex.DOTALL | regex.MULTILINE)
"""The module that holds the engine's own terms; another script may open it again."""

CONSTANT = Rule("Vocab", regex.compile(rf"^[ \t]*(?P<name>[A-Z]\w*)[ \t]*=[ \t]*{STRING}", regex.MULTILINE), any=True)

LISTED_RULES = (
    _assigned("command", r"s\d+", r"\bScene_\w", command=True),
    _assigned("state", "text", r"\bWindow_Base\b"),
    _assigned("file", "name", r"\bWindow_SaveFile\b"),
    Rule("list", regex.compile(rf"@commands[ \t]*=[ \t]*{_LIST}"), command=True),
    Rule("list", regex.compile(rf"\bWindow_(?:Horz)?Command\.new\([^()[\]\"'#\n]*,[ \t]*{_LIST}"), command=True),
    Rule(
        "question",
        regex.compile(rf"^[ \t]*super\([ \t]*{STRING}[ \t]*\)", regex.MULTILINE),
        Role.DIALOGUE,
        regex.compile(r"\bScene_(?:Save|Load|File)"),
    ),
    _shown("draw", "draw_text(?:_ex)?"),
    _shown("help", "set_text", Role.DESCRIPTION),
    Rule("menu", regex.compile(rf"\badd_command\([ \t]*{STRING}[ \t]*,"), command=True),
)
"""In the scripts of Scripts.rvdata2, .rvdata and .rxdata."""

COMPARED = regex.compile(
    rf"(?<=(?:[!=]=|=~|\bwhen\b|\.(?:include|eql)\?[ \t]*\(?)[ \t]*){_STRINGS}|{STRING}[ \t]*(?:[!=]=|=>)"
)
"""Strings that a script compares another with, or finds something by."""

_ACTOR = r"\$game_(?:actors\[\d+\]|party\.(?:leader|members\[\d+\]|actors\[\d+\]))"
_ASKS = r"\.(?:include\?|(?:start|end)_with\?|eql\?|r?index|match\??)[ \t]*\(?[ \t]*"
_NAMES = (
    rf"\.name[ \t]*[!=](?:==?|~)[ \t]*(?:{STRING}|{_PATTERN})",
    rf"\.name{_ASKS}(?:{_STRINGS}|{_PATTERN})",
    rf"(?:{STRING}[ \t]*[!=]==?|{_PATTERN}[ \t]*[!=](?:==?|~))[ \t]*[\w$@.[\]()]+\.name\b",
    rf"{_LIST}\.include\?[ \t]*\(?[ \t]*[\w$@.[\]]+\.name\b",
)

EVENT_RULES = (
    Rule("say", regex.compile(rf"\$game_message\.(?:add|texts\.push)\([ \t]*{STRING}[ \t]*\)"), Role.DIALOGUE),
    Rule("say", regex.compile(rf"\$game_temp\.message_text[ \t]*=[ \t]*{STRING}"), Role.DIALOGUE),
    Rule("name", regex.compile(rf"{_ACTOR}\.name[ \t]*=(?![=~])[ \t]*{STRING}"), Role.NAME, name=True),
    *(Rule("name", regex.compile(pattern), Role.NAME, name=True) for pattern in _NAMES),
    Rule("nickname", regex.compile(rf"{_ACTOR}\.nickname[ \t]*=(?!=)[ \t]*{STRING}"), Role.NAME),
)
"""In events: 355/655 (script), 122 (a variable set by a script) and 111 (a condition by script)."""

CASE = regex.compile(r"\bcase\b[^\n]*\.name\b")
WHEN = Rule("name", regex.compile(rf"\bwhen[ \t]+{_STRINGS}"), Role.NAME, name=True)
"""In events that have `case … .name`."""
