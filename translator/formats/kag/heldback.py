"""The strings of a scenario that are not offered for translation, and why: `translate scan --held-back`."""

from collections.abc import Collection, Iterable, Iterator

import regex

from translator.core.document import HeldBack
from translator.formats.kag.rules import Rules
from translator.formats.kag.tokens import Attribute, Kind, Token, attributes, tokens

_LETTER = regex.compile(r"\p{L}")
_STRING = regex.compile(r""""(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+'""")
_SETTING = regex.compile(
    r"(?i:true|false|none|void|fore|back|yes|no|on|off|left|right|center|top|bottom|default|0x[0-9a-f]+)"
)
_NAMELESS = "id of a character without a name: a jname in its [chara_new] would be one"
_FILES = frozenset(
    ("storage", "graphic", "file", "enterimg", "clickimg", "leaveimg", "selimg", "rule", "enterse", "clickse",
     "leavese", "voice", "bgm", "image")
)  # fmt: skip
_EXPRESSIONS = frozenset({"exp", "cond", "onenter", "onleave", "preexp", "postexp", "onclick"})


def held_back(text: str, lines: Iterable[tuple[str, str]], rules: Rules, taken: Collection[int]) -> Iterator[HeldBack]:
    """The strings of a file that are no texts. taken: where the values start that are."""
    label, macro = "*", ""
    for token in tokens(lines, tyrano=rules.tyrano):
        if token.kind is Kind.LABEL:
            label = text[token.start : token.end].partition("|")[0].strip() or "*"
            yield HeldBack(label, label, "label")
        elif token.kind is Kind.TAG:
            yield from _values(text, token, rules, taken, label=label, in_macro=bool(macro))
            if token.name in ("macro", "html"):
                macro = "end" + token.name
            elif token.name == macro:
                macro = ""
        else:
            yield from _other(text, token, rules, taken, label=label, in_macro=bool(macro))


def _other(
    text: str, token: Token, rules: Rules, taken: Collection[int], *, label: str, in_macro: bool
) -> Iterator[HeldBack]:
    """What is held back of a token that is neither a label nor a tag."""
    said = text[token.start : token.end].strip()
    if token.kind is Kind.COMMENT:
        if _LETTER.search(said):
            yield HeldBack(label, said.lstrip(";").strip(), "comment")
    elif token.kind is Kind.SCRIPT:
        for found in _STRING.finditer(said):
            if not found.group().isascii():
                yield HeldBack(label, found.group()[1:-1], "string in a script")
    elif token.kind is Kind.BROKEN:
        yield HeldBack(label, said, "a tag without its end")
    elif token.kind is Kind.NAME:
        if said[1:].strip() and not any(place in taken for place in range(token.start + 1, token.end + 1)):
            yield HeldBack(label, said[1:].strip(), _why_no_name(said[1:].partition(":")[0].strip(), rules))
    elif token.kind is Kind.TEXT and in_macro and _LETTER.search(said):
        yield HeldBack(label, said, "text in a macro")


def _why_no_name(name: str, rules: Rules) -> str:
    """Why what stands behind # is no text."""
    if name.startswith(("&", "%")):
        return "expression"
    return "id of a character" if rules.people.get(name) != "" else _NAMELESS


def _values(
    text: str, tag: Token, rules: Rules, taken: Collection[int], *, label: str, in_macro: bool
) -> Iterator[HeldBack]:
    for value in attributes(text, tag, tyrano=rules.tyrano):
        said = text[value.start : value.end]
        if value.start in taken or not _LETTER.search(said) or _SETTING.fullmatch(said):
            continue
        yield HeldBack(f"{label}/{tag.name}.{value.name}", said, _reason(tag, value, in_macro=in_macro))


def _reason(tag: Token, value: Attribute, *, in_macro: bool) -> str:
    if value.computed or value.name in _EXPRESSIONS:
        return "expression"
    if value.name in _FILES:
        return "file name"
    if value.name == "target":
        return "label"
    if tag.name == "ruby":
        return "reading"
    return "text in a macro" if in_macro else "value of a tag"
