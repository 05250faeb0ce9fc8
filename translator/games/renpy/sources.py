"""All scripts of a game read together: identifiers depend on each other, and a string is listed once in the game."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import regex

from translator.core.document import FormatError
from translator.formats.renpy_tl.lexer import ScriptError, in_code, read_script
from translator.formats.renpy_tl.literals import python_value
from translator.games.renpy import compiled, style
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
from translator.games.renpy.skeleton import Listed, Present, byte_at, decoded, present
from translator.games.renpy.strings import Held, Person, Shown, has_words, held, marked, names, people, unmarked

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
    """A script's texts. failed: why it could not be read, and where. lost: lines that its compiled file gives not.

    origin: the compiled file, as messages name it.
    """

    path: PurePosixPath
    blocks: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    shown: tuple[Shown, ...] = ()
    held: tuple[Held, ...] = ()
    persons: tuple[Person, ...] = ()
    failed: tuple[str, int | None] | None = None
    lost: tuple[int, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A script's text as it is read. blocks: its dialogue as its compiled file has it."""

    text: str
    blocks: tuple[Block, ...] | None = None
    lost: tuple[int, ...] = ()
    failed: tuple[str, int | None] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Game:
    """A game's texts. listed: for each script the strings that go into its translation. names: of people.

    present: what each file holds for the language already. compiled: those of them that are compiled. unread: those
    that could not be read, and why. choices: the label of each choice. offers: it lets its player choose the language.
    """

    sources: tuple[Source, ...]
    listed: Mapping[PurePosixPath, Sequence[Listed]]
    speakers: Mapping[str, str | None]
    names: frozenset[str]
    choices: Mapping[str, str]
    present: Mapping[PurePosixPath, Present] = field(default_factory=dict[PurePosixPath, Present])
    compiled: frozenset[PurePosixPath] = frozenset()
    unread: tuple[tuple[PurePosixPath, str, str], ...] = ()
    fonts: style.Fonts = ((), ())
    offers: bool = False


def read_game(root: Path, found: Found, language: str) -> Game:
    """Read all scripts; one that cannot be read is kept with its failure. Raises OSError."""
    present_in, unread = _present(root, found, language)
    texts = {path: _read(root, path, found) for path in found.scripts}
    rules = Rules(*_rules(root, texts, present_in))
    taken: set[str] = set()
    sources = tuple(_source(root, path, text, rules, taken) for path, text in texts.items())
    common = tuple(_shown_by_engine(root, found.common))
    listed = _listed(sources, common)
    speakers = {person.who: person.name for source in sources for person in source.persons}
    called = {one.text for source in sources for one in source.shown if one.name} | set(_literal_names(sources))
    choices = {choice.text: choice.label for source in sources for choice in source.choices}
    written = [text.text for text in texts.values()]
    return Game(
        sources,
        listed,
        speakers,
        frozenset(called),
        choices,
        present_in,
        frozenset(found.stored),
        tuple(unread),
        style.fonts_named(written),
        style.offers_language(written, language),
    )


def _present(
    root: Path, found: Found, language: str
) -> tuple[dict[PurePosixPath, Present], list[tuple[PurePosixPath, str, str]]]:
    """What the files of translations hold for a language, and the compiled ones that cannot be read."""
    present_in: dict[PurePosixPath, Present] = {}
    unread: list[tuple[PurePosixPath, str, str]] = []
    for path in found.translated:
        stored = found.stored.get(path)
        try:
            if stored is None:
                there = present(decoded((root / path).read_bytes()), language)
            else:
                there = compiled.present(stored.read(), language)
        except FormatError as error:
            if path.parts[2:3] == (language,):
                if stored is None:
                    present_in[path] = Present()  # so that it is opened, which tells what is wrong with it
                else:
                    unread.append((path, stored.name, str(error)))
            continue
        if there.blocks or there.strings:
            present_in[path] = there
    return present_in, unread


def _read(root: Path, path: PurePosixPath, found: Found) -> Text:
    """A script, of its source or of its compiled file. Raises OSError."""
    stored = found.stored.get(path)
    try:
        if stored is None:
            blob = (root / path).read_bytes()
            return Text(decoded(blob)) if path.name[-7:] != "_ren.py" else Text(_python_part(decoded(blob)), blocks=())
        script = compiled.recovered(stored.read())
    except FormatError as error:
        return Text("", failed=(str(error), error.offset), origin="" if stored is None else stored.name)
    return Text(script.text, script.blocks, script.lost, origin=stored.name)


def _rules(
    root: Path, texts: Mapping[PurePosixPath, Text], there: Mapping[PurePosixPath, Present]
) -> tuple[Mapping[str, Custom], bool]:
    custom: dict[str, Custom] = {}
    only_say: bool | None = None
    for read in texts.values():
        text = read.text
        if "statement" in text:
            custom |= dict(_registered(text))
        for match in in_code(_ONLY_SAY, text) if "tlid_only" in text else ():
            only_say = match[1] == "True"
    if only_say is None:
        version = engine_version(root)
        only_say = _by_present(root, texts, custom, there) if version is None else version >= _ONLY_SAY_SINCE
    return custom, only_say


def _by_present(
    root: Path,
    texts: Mapping[PurePosixPath, Text],
    custom: Mapping[str, Custom],
    there: Mapping[PurePosixPath, Present],
) -> bool:
    """Which of the two checksums the identifiers of an existing translation have; the present one if neither."""
    known = {identifier for held_there in there.values() for identifier in held_there.blocks}
    if not known or all(text.blocks is not None for text in texts.values()):
        return True
    matches: dict[bool, int] = {}
    for only_say in (True, False):
        taken: set[str] = set()
        for path, text in texts.items():
            _source(root, path, text, Rules(custom, only_say), taken)
        matches[only_say] = len(known & taken)
    return matches[True] >= matches[False]


def _registered(text: str) -> Iterator[tuple[str, Custom]]:
    for match in in_code(_REGISTERED, text):
        end = text.find("\n\n", match.end())
        call = text[match.end() : end if end >= 0 else len(text)]
        script, translatable = _BLOCK.search(call) is not None, _TRANSLATABLE.search(call) is not None
        yield match["name"][1:-1], Custom(script, translatable)


def _source(root: Path, path: PurePosixPath, read: Text, rules: Rules, taken: set[str]) -> Source:
    if read.failed is not None:
        return Source(path, failed=read.failed, origin=read.origin)
    try:
        script = read_script(read.text)
    except ScriptError as error:
        line = read.text.count("\n", 0, error.offset) + 1
        column = error.offset - (read.text.rfind("\n", 0, error.offset) + 1)
        at = None if read.origin else byte_at((root / path).read_bytes(), line, column)
        return Source(path, failed=(f"line {line}: {error}", at), origin=read.origin)
    computed = read.blocks is None
    identifiers = Identifiers(taken if computed else set(), given_identifiers(script))
    walker = Walker(script, munge_prefix(path.name), rules, identifiers)
    if not path.name.endswith("_ren.py"):
        walker.walk()
    blocks = tuple(walker.blocks) if read.blocks is None else tuple(_new(read.blocks, taken))
    shown = (*marked(script), *unmarked(script), *names(script))
    offered = frozenset((*(one.text for one in shown), *(choice.text for choice in walker.choices)))
    return Source(
        path,
        blocks,
        tuple(walker.choices),
        shown,
        tuple(held(script, offered, walker.spoken)),
        tuple(people(script)),
        lost=read.lost,
    )


def _new(blocks: Iterable[Block], taken: set[str]) -> Iterator[Block]:
    """Blocks whose identifiers no other one has: the engine shows the same translation for all of a name."""
    for block in blocks:
        if block.identifier not in taken:
            yield block
            taken |= {block.identifier, *((block.alternate,) if block.alternate else ())}


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
