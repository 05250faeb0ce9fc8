"""Unity games that XUnity.AutoTranslator translates while they run: its text files under `Translation/<language>/`.

Where the plugin keeps its files depends on what loads it (its README): `BepInEx/Translation` (settings in
`BepInEx/config/AutoTranslatorConfig.ini`), `AutoTranslator/Translation` (`AutoTranslator/Config.ini`; ReiPatcher and
others), `UserData`, `Plugins`, or `Translation` at the root. `Text/` has the texts that the game showed,
`RedirectedResources/` those of its assets. The folder's name is the setting `Language`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import is_dir, is_file, names_in, text_of, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.locales import choose_locale, is_locale, language_of
from translator.formats.xunity import FORMAT, GENERATED, SUBSTITUTIONS, is_texts

FORMAT_ID = FORMAT.info.id
_HOMES = (
    ("BepInEx",), ("AutoTranslator",), ("UserData",), ("Plugins",), ("UnityInjector", "Config"),
    ("Sybaris", "UnityInjector", "Config"), (),
)  # fmt: skip
_CONFIGS = (
    "BepInEx/config/AutoTranslatorConfig.ini", "AutoTranslator/Config.ini", "UserData/AutoTranslatorConfig.ini",
    "Plugins/AutoTranslatorConfig.ini",
)  # fmt: skip
_LANGUAGE = re.compile(r"^Language=(\S+)", re.MULTILINE)
_INSIDE = ("Text", "RedirectedResources")
_LEVELS = 17


class XUnityGame:
    """The engine `xunity`."""

    info: ClassVar[GameInfo] = GameInfo(id="xunity", title="Unity through XUnity.AutoTranslator")

    def locate(self, path: Path) -> Path | None:
        """The folder that holds the plugin's one: from itself, the plugin's folder, `Translation`, any in it."""
        folder, *above = upwards(path, _LEVELS)
        candidates = [folder, *(place for place in above if _leads(place, folder))]
        for homes in (_HOMES[:-1], _HOMES[-1:]):
            for candidate in candidates:
                if any(_languages(candidate.joinpath(*home, "Translation")) for home in homes):
                    return candidate
        return folder.parent if folder.name == "Translation" and _languages(folder) else None

    def detect(self, root: Path) -> Confidence:
        """Certain with the plugin's settings or the file that it writes, likely with a folder of texts alone."""
        folders = _folders(root)
        if not folders:
            return Confidence.NONE
        written = any(path.name.lower() == GENERATED for folder in folders for path in _texts(folder / "Text"))
        return Confidence.CERTAIN if written or _config(root) is not None else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """Substitutions, the file that the plugin writes, then all others of one language. Raises GameError."""
        for folder in _chosen(root, settings):
            for path in _ordered(folder):
                relative = PurePosixPath(path.relative_to(root).as_posix())
                opening = FormatOptions(name=PurePath(relative), target_language=settings.target_language)
                yield GameFile(relative, FORMAT_ID, opening)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: fonts are the plugin's own matter (its settings `OverrideFont`)."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """Where the folder's language is another than the one that is translated into; compressed texts."""
        for folder in _chosen(root, settings):
            if language_of(folder.name) != settings.target_language:
                yield (
                    f"The files are those of {folder.name}, which the plugin reads where its setting says "
                    f"Language={folder.name}; pairs that have another text on their right already stay as they are."
                )
            if any(path.suffix.lower() == ".zip" for path in folder.rglob("*.zip")):
                yield f"Texts in .zip files under {folder.name} are not read; unpack them beside those files first."


def _leads(candidate: Path, folder: Path) -> bool:
    """Whether the way from a folder down to another goes through `Translation`, or ends right above it."""
    inside = folder.relative_to(candidate).parts
    homes = {home for home in _HOMES if home}
    return "Translation" in inside or any(inside == home[: len(inside)] for home in homes)


def _languages(translation: Path) -> list[Path]:
    """The folders of languages with texts under a `Translation` folder."""
    folders = (translation / name for name in names_in(translation) if is_locale(name))
    return [folder for folder in folders if any(is_dir(folder / inside) for inside in _INSIDE)]


def _folders(root: Path) -> list[Path]:
    """The folders of languages of a game."""
    for home in _HOMES:
        found = _languages(root.joinpath(*home, "Translation"))
        if found:
            return found
    return []


def _config(root: Path) -> Path | None:
    return next((root / name for name in _CONFIGS if is_file(root / name)), None)


def _chosen(root: Path, settings: GameSettings) -> list[Path]:
    """The folders to read: the target language's; where there is no target, all; else the only one there is.

    Raises GameError when there is none, or none that is meant.
    """
    folders = _folders(root)
    if not folders:
        raise GameError(
            "there is no text of XUnity.AutoTranslator here (Translation/<language>/Text/*.txt): install the plugin "
            "and play, so that it writes down what the game shows; with `Endpoint=Passthrough` it needs no service"
        )
    if settings.target_language == settings.source_language:
        return folders
    by_name = {folder.name: folder for folder in folders}
    name = choose_locale(by_name, settings.target_language)
    if name is not None:
        return [by_name[name]]
    wanted = _configured(root)
    if wanted in by_name:
        return [by_name[wanted]]
    if len(folders) == 1:
        return folders
    raise GameError(
        f"there are texts for {', '.join(by_name)}, none for {settings.target_language}: copy one of these folders "
        f"under that name (and empty its right sides), or set Language={settings.target_language} and play"
    )


def _configured(root: Path) -> str:
    """The language of the plugin's settings, "" where they say none."""
    config = _config(root)
    found = None if config is None else _LANGUAGE.search(text_of(config))
    return found[1] if found else ""


def _texts(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(above) / name for name in sorted(names) if is_texts(PurePath(name)))


def _ordered(folder: Path) -> Iterator[Path]:
    """The files of a language: names first, then what the plugin wrote, then the others."""
    ranks = {SUBSTITUTIONS: 0, GENERATED: 1}
    found = [path for inside in _INSIDE for path in _texts(folder / inside)]
    yield from sorted(found, key=lambda p: ranks.get(p.name.lower(), 2))


GAME: Game = XUnityGame()
"""The engine's entry for the registry."""
