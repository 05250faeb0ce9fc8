r"""Which strings of scripts, plugin commands, comments, notes and plugin parameters are read by players.

Most of them are identifiers: a name that is looked up, a file, a label. So nothing is taken unless a rule names the
call. The rules are short on purpose; each is here because its plugin's documentation or source says that the string
is shown, and can be extended by adding a line.
"""

from dataclasses import dataclass

import regex

from translator.core.segment import Role

_STRING = r"""(?:"(?P<double>(?:[^"\\\n]|\\.)*+)"|'(?P<single>(?:[^'\\\n]|\\.)*+)')"""


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """A JavaScript call whose only argument is a string that is shown.

    name: the argument is an actor's name: it is taken only where the game knows it as one, as in comparisons.
    """

    pattern: "regex.Pattern[str]"
    role: Role
    name: bool = False


_ACTOR = r"\$game(?:Actors\.actor\([^()\n]*\)|Party\.leader\(\)|Party\.members\(\)\[\d+\])"

SCRIPT_CALLS = (
    ScriptCall(regex.compile(r"\$gameMessage\.add\(\s*+" + _STRING + r"\s*+\)"), Role.DIALOGUE),
    ScriptCall(regex.compile(r"\$gameMessage\.setSpeakerName\(\s*+" + _STRING + r"\s*+\)"), Role.NAME),
    ScriptCall(regex.compile(_ACTOR + r"\.setName\(\s*+" + _STRING + r"\s*+\)"), Role.NAME, name=True),
    ScriptCall(regex.compile(_ACTOR + r"\.setNickname\(\s*+" + _STRING + r"\s*+\)"), Role.NAME),
    ScriptCall(regex.compile(_ACTOR + r"\.setProfile\(\s*+" + _STRING + r"\s*+\)"), Role.DESCRIPTION),
    ScriptCall(regex.compile(r"\.name\(\)\s*+[!=]==?\s*+" + _STRING), Role.NAME, name=True),
    ScriptCall(regex.compile(_STRING + r"\s*+[!=]==?\s*+[\w$.()\[\]]+\.name\(\)"), Role.NAME, name=True),
)
"""In 355/655 (script), 122 (a variable set by a script) and 111 (a condition by script)."""


@dataclass(frozen=True, slots=True)
class MvCommand:
    """An MV plugin command (356) and its arguments that are shown, each a text of its own.

    positions: their numbers from 1, None for all. size_at_end: the last is no text where it is a number or a variable.
    """

    word: str
    positions: frozenset[int] | None = None
    role: Role = Role.DIALOGUE
    size_at_end: bool = False


MV_COMMANDS = {
    rule.word: rule
    for rule in (
        MvCommand("D_TEXT", size_at_end=True),  # DTextPicture.js: a picture of the text, in the font size at the end
        MvCommand("namePop", frozenset({2}), Role.NAME),  # TMNamePop.js: a name above an event's head
    )
}


@dataclass(frozen=True, slots=True)
class PluginCommand:
    """An MZ plugin command (357) and its arguments that are shown."""

    plugin: str
    command: str
    arguments: tuple[str, ...]
    role: Role = Role.DIALOGUE


MZ_COMMANDS = {
    (rule.plugin, rule.command): rule
    for rule in (
        PluginCommand("TextPicture", "set", ("text",)),  # comes with MZ
        PluginCommand("DTextPicture", "dText", ("text",)),
        PluginCommand("DestinationWindow", "SET_DESTINATION", ("destination",)),
        PluginCommand("TorigoyaMZ_NotifyMessage", "notify", ("message",)),
        PluginCommand("LN_MysteryRogueSystem", "MR-AddPostTalkCommand", ("name",), Role.CHOICE),
    )
}

CHOICE_HELP = frozenset({"選択肢ヘルプ", "ChoiceHelp"})
"""A comment (108) that is just this is followed by the help of the choice that it stands under (MPP_ChoiceEX.js)."""

NOTE_TAGS = {
    Role.DESCRIPTION: regex.compile(r"<(?:SG説明|SGDescription)[2-4]?:(?P<value>[^<>]++)>"),
    Role.NAME: regex.compile(r"<namePop:(?P<value>[^<> \t\r\n]++)(?: [^<>]*+)?>"),
}
"""Tags of notes and comments whose value is shown: SceneGlossary.js (a thing's description in the glossary, up to four
pages) and TMNamePop.js (a name above an event's head, an offset and a colour may follow).
"""

_LAST_WORDS = frozenset(
    {
        "text", "texts", "message", "messages", "caption", "captions", "summary", "description",
        "descriptions", "title", "titles", "prompt", "help", "vocab", "テキスト", "メッセージ", "説明",
        "説明文", "ヘルプ", "ヘルプ文", "タイトル", "文章", "文言", "表示名", "コマンド名", "コマンド名称",
        "メニュー名", "表示テキスト", "表示文字列",
    }
)  # fmt: skip
_LAST_TWO = frozenset({("command", "name"), ("menu", "name"), ("menu", "command"), ("display", "name")})
_WORD = regex.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")
_NO_LANGUAGE = regex.compile(r"[A-Za-z0-9_.,/\\#%+-]*+")
_CODE_OR_FILE = regex.compile(
    r"^EVAL:|\$game|\$data|=>|\bfunction\b|;\s*$|\.(?:png|jpe?g|webp|ogg|m4a|mp3|webm|mp4|js|json|ttf|otf|woff2?)$"
)


def is_shown_parameter(name: str) -> bool:
    """Whether a plugin's parameter, or a field inside of one, is by its name a text for players."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and (words[-1] in _LAST_WORDS or tuple(words[-2:]) in _LAST_TWO)


def is_language(text: str) -> bool:
    """Whether a plugin's string looks like language: no number, no single word of ASCII (an identifier as often as
    not), no code, no file name.
    """
    return _NO_LANGUAGE.fullmatch(text) is None and _CODE_OR_FILE.search(text) is None
