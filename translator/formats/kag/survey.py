"""What the scenarios of a game say together: its macros, its characters, and which file leads to which.

An argument of a macro is a text where all that the macro does with it is to show it: `[emb exp="mp.x"]`, `[ch text=%x]`
and the like, or to look whether it is there. What is also used in another way (a file's name, a script) is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex

from translator.core.charset import decode
from translator.core.document import FormatError
from translator.formats.kag.rules import PAGES, WORDS, Rules
from translator.formats.kag.scrambled import is_scrambled, unscrambled
from translator.formats.kag.tokens import Attribute, Kind, Token, attributes, tokens

_WAITS = frozenset({"l", "p", "cm", "ct", "er", "s", "waitclick", "jump", "link"})
_VOICES = frozenset({"chara_ptext", "#"})
_CHOOSES = frozenset({"link", "glink", "button"})
_ARGUMENT = regex.compile(r"\bmp\.(\w+)")
_SHOWN = regex.compile(r"\s*mp\.(\w+)\s*")
_IS_THERE = regex.compile(r"""mp\.\w+\s*[!=]==?\s*(?:void|undefined|""|'')""")
_ONLY_WORDS = regex.compile(r"[\p{L}\p{M}\p{N}・]+")
_BESIDE_WORDS = frozenset({*WORDS, "", "endmacro", "if", "elsif", "else", "endif", "eval", "ruby"})
_DEPTH = 8
"""How deep macros are looked for in macros."""


@dataclass(frozen=True, slots=True)
class Survey:
    """macros: by name, the tags in it (`#` for a line that names who speaks, "" for words, "…" for another text).
    arguments: by name, what it only shows. people: names by the ids of characters, "" where none is given.

    leads: the files that a scenario names, in its order.
    """

    macros: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    arguments: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    people: Mapping[str, str] = field(default_factory=dict[str, str])
    leads: Sequence[str] = ()


def lines_of(blob: bytes) -> list[tuple[str, str]] | None:
    """The lines (text, line end) of a scenario; None where it is no text, which opening it says."""
    try:
        text = decode(unscrambled(blob) if is_scrambled(blob) else blob).text
    except FormatError:
        return None
    return [(line.rstrip("\r"), "\n") for line in text.split("\n")]


def survey_file(path: Path, *, tyrano: bool) -> Survey:
    """What one scenario says; nothing where it cannot be read, which opening it says."""
    try:
        return survey(path.read_bytes(), tyrano=tyrano)
    except OSError:
        return Survey()


def survey(blob: bytes, *, tyrano: bool) -> Survey:
    """What one scenario says."""
    lines = lines_of(blob)
    if lines is None:
        return Survey()
    text = "".join(line + end for line, end in lines)
    macros: dict[str, set[str]] = {}
    people: dict[str, str] = {}
    leads: dict[str, None] = {}
    macro: set[str] = set()
    outside = macro
    uses: dict[str, _Uses] = {}
    use = _Uses()
    rules = Rules.read({}, tyrano=tyrano)
    for token in tokens(lines, tyrano=tyrano):
        macro.update(_part(token, text))
        if macro is not outside:
            _take_uses(use, text, token, rules)
        if token.kind is not Kind.TAG:
            continue
        name, shown, storage = (_value(text, token, which, tyrano=tyrano) for which in ("name", "jname", "storage"))
        if token.name == "macro":
            macro = macros.setdefault(name.lower(), set())
            use = uses.setdefault(name.lower(), _Uses())
        elif token.name == "endmacro":
            macro = outside
        elif token.name.startswith("chara_") and token.name != "chara_ptext" and name:
            people[name] = people.get(name) or (shown.strip() if token.name == "chara_new" else "")
        if storage.lower().endswith(".ks"):
            leads[storage] = None
    only_shown = {name: frozenset(use.shown - use.other) for name, use in uses.items() if not use.hidden}
    return Survey({name: frozenset(found) for name, found in macros.items()}, only_shown, people, tuple(leads))


def _part(token: Token, text: str) -> Iterator[str]:
    """What a token makes a macro hold; see `Survey.macros`."""
    match token.kind:
        case Kind.TAG:
            yield token.name
        case Kind.NAME:
            yield "#"
        case Kind.TEXT if text[token.start : token.end].strip():
            yield "" if _ONLY_WORDS.fullmatch(text, token.start, token.end) else "…"
        case _:
            pass


@dataclass(slots=True)
class _Uses:
    """The arguments that a macro shows, and those that it uses in another way. hidden: nobody can tell."""

    shown: set[str] = field(default_factory=set[str])
    other: set[str] = field(default_factory=set[str])
    hidden: bool = False


def _take_uses(use: _Uses, text: str, token: Token, rules: Rules) -> None:
    said = text[token.start : token.end]
    if token.kind is Kind.TAG:
        use.hidden = use.hidden or token.name == "ruby" or " * " in said or said.endswith((" *", " *]"))
        for value in attributes(text, token, tyrano=rules.tyrano):
            _take_use(use, text[value.start : value.end], token.name, value, rules)
    elif "mp" in said and token.kind is not Kind.COMMENT:
        use.other.update(_ARGUMENT.findall(said))
        use.hidden = use.hidden or _ARGUMENT.search(said) is None


def _take_use(use: _Uses, said: str, tag: str, value: Attribute, rules: Rules) -> None:
    """One value in a macro."""
    found = _SHOWN.fullmatch(said)
    if tag == "emb" and value.name == "exp" and found is not None:
        use.shown.add(found[1].lower())
    elif value.computed and not said.startswith("&") and "mp." not in said:
        name = said.lstrip("%").partition("|")[0].strip().lower()
        (use.shown if value.name in rules.shown.get(tag, ()) else use.other).add(name)
    else:
        use.other.update(name.lower() for name in _ARGUMENT.findall(_IS_THERE.sub("", said)))


def _value(text: str, tag: Token, name: str, *, tyrano: bool) -> str:
    if text.find(name, tag.start, tag.end) < 0:
        return ""
    found = (a for a in attributes(text, tag, tyrano=tyrano) if a.name == name and not a.computed)
    return next((text[a.start : a.end] for a in found), "")


def settings_of(surveys: Sequence[Survey]) -> dict[str, str]:
    """The settings that the scenarios of a game give: macros that wait, end pages or are words, and its characters."""
    macros: dict[str, frozenset[str]] = {}
    people: dict[str, str] = {}
    for one in surveys:
        for name, inside in one.macros.items():
            macros[name] = macros.get(name, frozenset()) | inside
        for name, shown in one.people.items():
            people[name] = people.get(name) or shown
    breaks = [name for name in macros if _holds(name, macros, _WAITS)]
    pages = [name for name in macros if _holds(name, macros, frozenset(PAGES))]
    voices = [name for name in macros if _holds(name, macros, _VOICES)]
    displayed = set(people.values())
    found = {f"chara.{name}": shown for name, shown in people.items() if shown or name not in displayed}
    arguments = {(name, one) for each in surveys for name, shown in each.arguments.items() for one in shown}
    names = {(name, one) for name, one in arguments if "name" in one}
    choices = {(name, one) for name, one in arguments - names if macros[name] & _CHOOSES}
    shows = {name for name, _ in arguments}
    words = [name for name, inside in macros.items() if _is_words(inside) and name not in shows]
    said = {"breaks": breaks, "pages": pages, "voices": voices, "words": words}
    for setting, pairs in (("names", names), ("choices", choices), ("texts", arguments - names - choices)):
        said[setting] = sorted(f"{name}.{one}" for name, one in pairs)
    for setting, entries in said.items():
        if entries:
            found[setting] = "\n".join(entries)
    return found


def _is_words(inside: frozenset[str]) -> bool:
    """Whether a macro of these tags stands for words of a sentence."""
    return inside <= _BESIDE_WORDS and not inside.isdisjoint((*WORDS, ""))


def _holds(name: str, macros: Mapping[str, frozenset[str]], wanted: frozenset[str]) -> bool:
    """Whether a macro has one of the tags in it, or a macro that has."""
    seen = {name}
    level = macros[name]
    for _ in range(_DEPTH):
        if level & wanted:
            return True
        inner = {one for one in level if one in macros} - seen
        if not inner:
            return False
        seen |= inner
        level = frozenset[str]().union(*(macros[one] for one in inner))
    return False


def in_order(names: Sequence[str], leads: Mapping[str, Sequence[str]], first: str) -> Iterator[str]:
    """The files from `first` on as they lead to each other, then the rest as they are. Names are compared in small
    letters, by their last part too: KiriKiri finds a file in whichever folder it is.
    """
    known = {name.lower(): name for name in names}
    short = {name.rpartition("/")[2].lower(): name for name in reversed(names)}
    start = known.get(first) or short.get(first)
    waiting = [start] if start else []
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        for lead in reversed(leads.get(name, ())):
            there = known.get(lead.lower()) or short.get(lead.rpartition("/")[2].lower())
            if there is not None and there not in seen:
                waiting.append(there)
    yield from (name for name in names if name not in seen)
