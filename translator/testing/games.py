"""The rules that every game engine must keep on its sample, a folder `<samples>/<game id>`."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from translator.core.document import Confidence, Format
from translator.core.game import Game, GameError, GameSettings
from translator.testing.rules import BrokenRuleError, difference

SETTINGS = GameSettings(source_language="ja", target_language="zh-CN")


def check_detect(game: Game, root: Path, others: Sequence[Game]) -> None:
    """Exactly one engine is the surest that the sample is its own; an empty folder is nobody's."""
    mine = game.detect(root)
    if mine is Confidence.NONE:
        raise BrokenRuleError(f"{game.info.id}: does not know its own sample {root}")
    for other in others:
        if other.info.id != game.info.id and (claim := other.detect(root)) >= mine:
            raise BrokenRuleError(f"{root}: {other.info.id} claims it too ({claim.name} against {mine.name})")
    with tempfile.TemporaryDirectory() as empty:
        if game.detect(Path(empty)) is not Confidence.NONE:
            raise BrokenRuleError(f"{game.info.id}: claims an empty folder")
        if game.locate(Path(empty)) is not None:
            raise BrokenRuleError(f"{game.info.id}: locates a game in an empty folder")
        _check_no_files(game, Path(empty))


def _check_no_files(game: Game, root: Path) -> None:
    try:
        found = list(game.files(root, SETTINGS))
    except GameError:
        return
    except Exception as error:
        raise BrokenRuleError(f"{game.info.id}: an empty folder gives {error!r} instead of GameError") from error
    if found:
        raise BrokenRuleError(f"{game.info.id}: finds {found[0].path} in an empty folder")


def check_locate(game: Game, root: Path) -> None:
    """The root is found from itself, and from at least one of the folders that its files stand in."""
    if game.locate(root) != root:
        raise BrokenRuleError(f"{game.info.id}: from {root} it finds {game.locate(root)}")
    folders = {(root / file.path).parent for file in game.files(root, SETTINGS) if file.made is None} or {root / "game"}
    found = {folder: game.locate(folder) for folder in folders}
    for folder, there in found.items():
        if there not in (root, None):
            raise BrokenRuleError(f"{game.info.id}: from {folder} it finds {there}, not {root}")
    if folders and set(found.values()) == {None}:
        raise BrokenRuleError(f"{game.info.id}: the root is found from none of {sorted(map(str, folders))}")


def check_files(game: Game, root: Path, formats: Mapping[str, Format]) -> None:
    """Each file is named once, exists or is made, opens with its format and options, and is written back as it is."""
    files = list(game.files(root, SETTINGS))
    if [f.path for f in files] != [f.path for f in game.files(root, SETTINGS)]:
        raise BrokenRuleError(f"{game.info.id}: the order of the files is not the same each time")
    if not files:
        raise BrokenRuleError(f"{game.info.id}: finds no file in its sample {root}")
    seen: set[str] = set()
    segments = 0
    for file in files:
        if str(file.path) in seen:
            raise BrokenRuleError(f"{game.info.id}: names {file.path} twice")
        seen.add(str(file.path))
        if file.format not in formats:
            raise BrokenRuleError(f"{game.info.id}: {file.path} has the unknown format {file.format!r}")
        blob = (root / file.path).read_bytes() if file.made is None else file.made()
        document = formats[file.format].open(blob, options=file.options)
        segments += len(document.segments)
        back = document.render({})
        if back != blob:
            raise BrokenRuleError(f"{game.info.id}: {file.path} is not identical: {difference(blob, back)}")
    if not segments:
        raise BrokenRuleError(f"{game.info.id}: finds no text in its sample {root}")
    _check_extras(game, root, seen)
    for notice in game.notices(root, SETTINGS):
        if not notice.strip():
            raise BrokenRuleError(f"{game.info.id}: an empty notice")


def _check_extras(game: Game, root: Path, seen: Collection[str]) -> None:
    """What goes along has something in it, and is none of the files with text."""
    for extra in game.extras(root, SETTINGS):
        if str(extra.path) in seen or not extra.read():
            raise BrokenRuleError(f"{game.info.id}: the extra file {extra.path} is empty, or also one with text")
