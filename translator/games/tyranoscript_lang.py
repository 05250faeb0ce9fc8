"""TyranoScript games by the engine's own translations: scenarios stay, `data/others/lang/<language>.json` is written.

The file is made of the scenarios, with what stands there already; finished translations stay, and those whose originals
are gone too, at the end. A game shows it after `[lang_set name="<language>"]`, since version 6 of the engine. This way
is never chosen by itself: `--engine tyranoscript_lang`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar, cast

import regex

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import is_file, names_in, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.jsonvalue import as_object, parsed
from translator.formats.kag.rules import KEYWORDS, Rules
from translator.formats.kag.survey import lines_of as lines_of_blob
from translator.formats.kag.tokens import Kind, Token, attributes, tokens
from translator.formats.kag.tyrano import LEVELS, Scenarios, detect, home_of, locate, scenarios, scene_of

FORMAT_ID = "tyrano_lang"

_LANG = PurePosixPath("data/others/lang")
_ESCAPED = regex.compile(r"\\(.)", regex.DOTALL)
_LETTER = regex.compile(r"\p{L}")

Tree = dict[str, object]


class TyranoScriptLangGame:
    """The engine `tyranoscript_lang`."""

    info: ClassVar[GameInfo] = GameInfo(id="tyranoscript_lang", title="TyranoScript by lang/*.json", tables=("kag",))

    def locate(self, path: Path) -> Path | None:
        """The root of the game, or of a folder that has such translations and no scenarios."""
        found = locate(path)
        if found is not None:
            return found
        return next((place for place in upwards(path, LEVELS) if _shipped(place)), None)

    def detect(self, root: Path) -> Confidence:
        """Less sure than `tyranoscript`, so that it is chosen only by name, but where there are translations alone."""
        if detect(root) is not Confidence.NONE:
            return Confidence.MAYBE
        return Confidence.LIKELY if _shipped(root) else Confidence.NONE

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The one file of the target language. Raises GameError."""
        home = home_of(root)
        alone = home is None and bool(_shipped(root))
        found = Scenarios([], {"dialect": "tyrano"}) if alone else scenarios(root)
        folder = (home or root) / _LANG
        path = PurePosixPath((folder / f"{settings.target_language}.json").relative_to(root).as_posix())
        options = FormatOptions(name=PurePath(path), target_language=settings.target_language, settings=found.settings)
        yield GameFile(path, FORMAT_ID, options, made=lambda: _made(root, root / path, found))

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """How the game comes to show the translation."""
        del root
        yield (
            f'The game shows the translation after [lang_set name="{settings.target_language}"] (TyranoScript 6): put '
            "that tag at the start of data/scenario/first.ks, unless a menu of the game has it."
        )


def _made(root: Path, place: Path, found: Scenarios) -> bytes:
    """The file: an entry for each text of the scenarios, in reading order, with the translations that are there.

    Without scenarios it is what the translations that the game comes with have.
    """
    tree: Tree = {"scenes": {}, "charas": {}}
    rules = Rules.read(found.settings, tyrano=True)
    for path in found.paths:
        _collect(tree, scene_of(path), (root / path).read_bytes(), rules)
    for other in () if found.paths else _shipped(root):
        _merge(tree, _emptied(_read(other)))
    if is_file(place):
        _merge(tree, _read(place))
    return (json.dumps(tree, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def _collect(tree: Tree, scene: str, blob: bytes, rules: Rules) -> None:
    """Put a scenario's texts into the tree, without translations."""
    lines = lines_of_blob(blob)
    if lines is None:
        return
    text = "".join(line + end for line, end in lines)
    entry: Tree = {"scenario": {}, "tag": {}}
    ends = ""
    for token in tokens(lines, tyrano=True):
        if ends:
            ends = "" if token.kind is Kind.TAG and token.name == ends else ends
        elif token.kind is Kind.TEXT:
            said = _ESCAPED.sub(r"\1", text[token.start : token.end])
            if _LETTER.search(said):
                _table(entry, "scenario").setdefault(said, "")
        elif token.kind is Kind.NAME:
            name = text[token.start + 1 : token.end].partition(":")[0].strip()
            if _LETTER.search(name) and not name.startswith(("&", "%")):
                _table(tree, "charas").setdefault(name, "")
        elif token.kind is Kind.TAG:
            ends = f"end{token.name}" if token.name in ("macro", "html") else ""
            _collect_values(entry, text, token, rules)
    if entry["scenario"] or entry["tag"]:
        _table(tree, "scenes")[scene] = entry


def _collect_values(entry: Tree, text: str, token: Token, rules: Rules) -> None:
    shown = rules.shown.get(token.name, {})
    for value in attributes(text, token, tyrano=True) if shown else ():
        said = text[value.start : value.end].strip()
        if value.computed or said in KEYWORDS.get(token.name, ()):
            continue
        if value.name in shown and "\\" not in said and _LETTER.search(said):
            _table(_table(_table(entry, "tag"), token.name), value.name).setdefault(said, "")


def _table(tree: Tree, name: str) -> Tree:
    return cast("Tree", tree.setdefault(name, {}))


def _merge(tree: Tree, other: Mapping[str, object]) -> None:
    """Put what `other` has into the tree: its values win, its further names come last."""
    waiting: list[tuple[Tree, Mapping[str, object]]] = [(tree, other)]
    while waiting:
        into, from_ = waiting.pop()
        for name, value in from_.items():
            there = into.get(name)
            if isinstance(there, dict) and isinstance(value, dict):
                waiting.append((cast("Tree", there), cast("Mapping[str, object]", value)))
            else:
                into[name] = value


def _emptied(tree: Mapping[str, object]) -> Tree:
    """The originals of another language's file: all its strings empty, its words of the engine left out."""
    found: Tree = {}
    waiting: list[tuple[Tree, Mapping[str, object]]] = [(found, {k: v for k, v in tree.items() if k != "systems"})]
    while waiting:
        into, from_ = waiting.pop()
        for name, value in from_.items():
            if isinstance(value, dict):
                waiting.append((_table(into, name), cast("Mapping[str, object]", value)))
            elif isinstance(value, str):
                into[name] = ""
    return found


def _read(path: Path) -> Tree:
    try:
        return as_object(parsed(path.read_bytes()))
    except ValueError as error:
        raise GameError(f"{path}: no file of translations: {error}; mend it or take it away") from error


def _shipped(root: Path) -> list[Path]:
    """The files of translations that a folder has."""
    folder = root / _LANG
    return [folder / name for name in names_in(folder) if name.lower().endswith(".json") and is_file(folder / name)]


GAME: Game = TyranoScriptLangGame()
