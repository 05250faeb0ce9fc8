"""All scripts of a game read together: identifiers depend on each other, and a string is listed once in the game."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import regex

from translator.core.document import FormatError
from translator.formats.renpy_tl.lexer import ScriptError, read_script
from translator.formats.renpy_tl.literals import python_value
from translator.games.renpy.folder import Found, engine_version
from translator.games.renpy.script import (
    Block,
    Choice,
    Custom,
    Identifiers,
    Rules,
    Walker,
    given_identifiers,
    munge_prefix,
)
from translator.games.renpy.skeleton import Listed, Present, decoded, present
from translator.games.renpy.strings import Held, Person, Shown, has_words, held, marked, people, unmarked

_REGISTERED = regex.compile(
    r"(?:renpy\.register_statement|renpy\.statements\.register)\(\s*(?:name\s*=\s*)?(?P<name>\"[^\"]+\"|'[^']+')"
)
_BLOCK = regex.compile(r"\bblock\s*=\s*[\"'](?:script|script-possible)[\"']")
_TRANSLATABLE = regex.compile(r"\btranslatable\s*=\s*True\b")
_ONLY_SAY = regex.compile(r"config\.tlid_only_considers_say\s*=\s*(True|False)\b")
_ONLY_SAY_SINCE = (8, 6)
"""The version from which on other statements than say are no part of a block's checksum by default."""

_PRIORITIES = (("script.rpy", 5), ("options.rpy", 10), ("gui.rpy", 20), ("screens.rpy", 30), ("", 100))
_COMMON_LEFT_OUT = ("_compat/", "_layout/", "00layout.rpy", "00console.rpy", "_developer/")
"""Scripts of the engine whose strings its generator leaves out unless it is asked for them: nobody meets them."""

COMMON = PurePosixPath("game/common.rpy")
"""What stands for the engine's own scripts: their strings go into one file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A script's texts. failed: why it could not be read, and where."""

    path: PurePosixPath
    blocks: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    shown: tuple[Shown, ...] = ()
    held: tuple[Held, ...] = ()
    persons: tuple[Person, ...] = ()
    failed: tuple[str, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Game:
    """A game's texts. listed: for each script the strings that go into its translation. names: of people.

    present: what each file holds for the language already. choices: the label of each choice.
    """

    sources: tuple[Source, ...]
    listed: Mapping[PurePosixPath, Sequence[Listed]]
    speakers: Mapping[str, str | None]
    names: frozenset[str]
    choices: Mapping[str, str]
    present: Mapping[PurePosixPath, Present] = field(default_factory=dict[PurePosixPath, Present])


def read_game(root: Path, found: Found, language: str) -> Game:
    """Read all scripts; one that cannot be read is kept with its failure. Raises OSError."""
    present_in: dict[PurePosixPath, Present] = {}
    for path in found.translated:
        try:
            there = present(decoded((root / path).read_bytes()), language)
        except FormatError:
            if path.parts[2:3] == (language,):
                present_in[path] = Present()  # so that it is opened, which tells what is wrong with it
            continue
        if there.blocks or there.strings:
            present_in[path] = there
    rules = Rules(*_rules(root, found, present_in))
    taken: set[str] = set()
    sources = tuple(_source(root, path, rules, taken) for path in found.scripts)
    common = tuple(_shown_by_engine(root, found.common))
    listed = _listed(sources, common)
    speakers = {person.who: person.name for source in sources for person in source.persons}
    names = {name for name in speakers.values() if name} | set(_literal_names(sources))
    choices = {choice.text: choice.label for source in sources for choice in source.choices}
    return Game(sources, listed, speakers, frozenset(names), choices, present_in)


def _rules(root: Path, found: Found, there: Mapping[PurePosixPath, Present]) -> tuple[Mapping[str, Custom], bool]:
    custom: dict[str, Custom] = {}
    only_say: bool | None = None
    for path in found.scripts:
        try:
            text = decoded((root / path).read_bytes())
        except FormatError:
            continue
        if "statement" in text:
            custom |= dict(_registered(text))
        for match in _ONLY_SAY.finditer(text) if "tlid_only" in text else ():
            only_say = match[1] == "True"
    if only_say is None:
        version = engine_version(root)
        only_say = _by_present(root, found, custom, there) if version is None else version >= _ONLY_SAY_SINCE
    return custom, only_say


def _by_present(root: Path, found: Found, custom: Mapping[str, Custom], there: Mapping[PurePosixPath, Present]) -> bool:
    """Which of the two checksums the identifiers of an existing translation have; the present one if neither."""
    known = {identifier for held_there in there.values() for identifier in held_there.blocks}
    if not known:
        return True
    matches: dict[bool, int] = {}
    for only_say in (True, False):
        taken: set[str] = set()
        for path in found.scripts:
            _source(root, path, Rules(custom, only_say), taken)
        matches[only_say] = len(known & taken)
    return matches[True] >= matches[False]


def _registered(text: str) -> Iterator[tuple[str, Custom]]:
    for match in _REGISTERED.finditer(text):
        end = text.find("\n\n", match.end())
        call = text[match.end() : end if end >= 0 else len(text)]
        script, translatable = _BLOCK.search(call) is not None, _TRANSLATABLE.search(call) is not None
        yield match["name"][1:-1], Custom(script, translatable)


def _source(root: Path, path: PurePosixPath, rules: Rules, taken: set[str]) -> Source:
    text = ""
    try:
        text = decoded((root / path).read_bytes())
        script = read_script(_python_part(text) if path.name.endswith("_ren.py") else text)
    except FormatError as error:
        return Source(path, failed=(str(error), error.offset))
    except ScriptError as error:
        line = text.count("\n", 0, error.offset) + 1
        return Source(path, failed=(f"line {line}: {error}", None))
    identifiers = Identifiers(taken, given_identifiers(script))
    walker = Walker(script, munge_prefix(path.name), rules, identifiers)
    if not path.name.endswith("_ren.py"):
        walker.walk()
    defined = list(people(script))
    persons = tuple(person for _, person in defined)
    shown = [
        *marked(script),
        *unmarked(script),
        *(Shown(line, person.name, name=True) for line, person in defined if person.name and has_words(person.name)),
    ]
    offered = frozenset((*(one.text for one in shown), *(choice.text for choice in walker.choices)))
    return Source(
        path,
        tuple(walker.blocks),
        tuple(walker.choices),
        tuple(shown),
        tuple(held(script, offered, walker.spoken)),
        persons,
    )


def _python_part(text: str) -> str:
    """A `_ren.py` file without the lines that open and close its parts in Ren'Py's language."""
    return regex.sub(r'(?m)^"""(?:renpy)?[ \t]*$', "", text)


def _shown_by_engine(root: Path, common: Iterable[PurePosixPath]) -> Iterator[tuple[str, Shown]]:
    for path in common:
        inside = path.relative_to("renpy/common").as_posix()
        if inside.startswith(_COMMON_LEFT_OUT):
            continue
        try:
            script = read_script(decoded((root / path).read_bytes()))
        except (FormatError, ScriptError):
            continue  # a script of the engine's own that it reads otherwise
        for one in marked(script):
            yield path.as_posix(), one


def _listed(sources: Sequence[Source], common: Sequence[tuple[str, Shown]]) -> dict[PurePosixPath, Sequence[Listed]]:
    """Each string once, in the file that the engine's generator would put it into."""
    rows: list[tuple[int, str, int, PurePosixPath, str]] = []
    for source in sources:
        inside = source.path.relative_to("game").as_posix()
        priority = next(rank for prefix, rank in _PRIORITIES if inside.startswith(prefix))
        texts = [(choice.line, choice.text) for choice in source.choices]
        texts += [(one.line, one.text) for one in source.shown]
        texts += [(block.line, name) for block in source.blocks for name in _names_of(block)]
        rows += [(priority, source.path.as_posix(), line, source.path, text) for line, text in texts]
    rows += [(50, place, one.line, COMMON, one.text) for place, one in common]
    listed: dict[PurePosixPath, list[Listed]] = {}
    seen: set[str] = set()
    for _, place, line, path, text in sorted(rows, key=lambda row: row[:3]):
        if text not in seen and text.strip():
            seen.add(text)
            listed.setdefault(path, []).append(Listed(f"{place}:{line}", text))
    return dict(listed)


def _names_of(block: Block) -> Iterator[str]:
    """The names that are written before dialogue, where a variable would stand."""
    for who in block.whos:
        if who is not None and who[:1] in "\"'" and (name := python_value(who)) and has_words(name):
            yield name


def _literal_names(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        for block in source.blocks:
            yield from _names_of(block)
