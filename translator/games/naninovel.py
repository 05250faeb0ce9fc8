"""Naninovel projects: `Resources/Naninovel/Text` and `Resources/Naninovel/Localization/<locale>/`.

Documents of localization are what the engine's localization utility writes (scripts under `Scripts`, or `Text/Scripts`
since version 1.16, managed texts under `Text`). A locale that has none gets those of another without their
translations. Where there are none at all, managed texts are translated where they stand. Scripts themselves (`.nani`
elsewhere) are the author's sources and stay.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.folders import names_in, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.languages import LANGUAGES
from translator.core.locales import choose_locale, is_locale
from translator.formats.naninovel import FORMAT

FORMAT_ID = FORMAT.info.id
_HOMES = ("Assets/Resources/Naninovel", "Resources/Naninovel", "Naninovel")
_LEVELS = 13
_DEEPEST = 5
"""Folders between `Assets` and a script; the real projects that were seen have up to 4."""
_HEADER = re.compile(rb"(?<=>) to [^<>\r\n]+ <[^<>\r\n]+> localization document for")
_GENERATE = (
    "generate its documents in Unity first (menu Naninovel -> Tools -> Localization, with the folder of the scripts as "
    "Scripts Folder and Assets/Resources/Naninovel/Localization/<locale> as Locale Folder), then translate those"
)


class NaninovelGame:
    """The engine `naninovel`."""

    info: ClassVar[GameInfo] = GameInfo(id="naninovel", title="Naninovel (Unity)")

    def locate(self, path: Path) -> Path | None:
        """The folder above `Assets`, or above `Resources`: from itself, or any folder inside it."""
        folder, *above = upwards(path, _LEVELS)
        found = None
        for candidate in (folder, *above):
            home = _home(candidate)
            if home is not None and (candidate == folder or _inside(folder, candidate, home)):
                found = candidate
        return found or (folder if _scripts(folder) else None)

    def detect(self, root: Path) -> Confidence:
        """Certain with the engine's folder of texts, likely with scripts alone."""
        if _home(root) is not None:
            return Confidence.CERTAIN
        return Confidence.LIKELY if _scripts(root) else Confidence.NONE

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """Names first, then scripts, then other texts. Raises GameError."""
        home = _home(root)
        if home is None:
            raise GameError(
                f"there are scripts of Naninovel here (.nani), but no documents of localization: {_GENERATE}"
            )
        base = home / "Text"
        names = {f"name.{key}": value for key, value in _values(base / "CharacterNames.txt").items() if value}
        for folder in _chosen(home, settings):
            for path in _ordered(folder):
                relative = PurePosixPath(path.relative_to(root).as_posix())
                facts = dict(names)
                if folder != base and path.parent.name == "Text":
                    facts |= {f"source.{key}": value for key, value in _values(base / path.name).items()}
                opening = FormatOptions(
                    name=PurePath(relative), target_language=settings.target_language, settings=facts
                )
                wanted = _wanted(home, folder, settings)
                if wanted is None:
                    yield GameFile(relative, FORMAT_ID, opening)
                    continue
                own = PurePosixPath((wanted / path.relative_to(folder)).relative_to(root).as_posix())
                made = partial(_emptied, path, opening)
                yield GameFile(own, FORMAT_ID, replace(opening, name=PurePath(own)), made=made)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: fonts are assets of the Unity project."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """Where only texts of the interface can be translated, and where the project has to be built."""
        home = _home(root)
        for folder in [] if home is None else _chosen(home, settings):
            if home is not None and (wanted := _wanted(home, folder, settings)) is not None:
                yield (
                    f"There are no documents for {settings.target_language}: {wanted.name} is made from those of "
                    f"{folder.name}, without their translations; add the locale to the project in Unity."
                )
        if home is not None and not _locales(home):
            yield f"There are no documents of localization, so only managed texts are translated: {_GENERATE}."
        yield "A game shows the translation once the project is built in Unity with the new documents."


def _inside(folder: Path, candidate: Path, home: Path) -> bool:
    """Whether a folder belongs to the project that a candidate is the root of."""
    assets = candidate / "Assets"
    return (
        folder.is_relative_to(home)
        or home.is_relative_to(folder)
        or (home.is_relative_to(assets) and folder.is_relative_to(assets))
    )


def _home(root: Path) -> Path | None:
    """The engine's folder of a project, if it holds documents."""
    for place in _HOMES:
        home = root / place
        if _locales(home) or any((home / "Text").glob("*.txt")):
            return home
    return None


def _locales(home: Path) -> list[Path]:
    """The folders of locales that hold documents."""
    folder = home / "Localization"
    locales = (folder / name for name in names_in(folder) if is_locale(name))
    return [locale for locale in locales if next(_ordered(locale), None) is not None]


def _scripts(root: Path) -> bool:
    """Whether a folder, or one right below it, or one a few levels below `Assets`, holds scripts."""
    below_assets = (f"Assets/{'*/' * level}*.nani" for level in range(_DEEPEST + 1))
    patterns = ("*.nani", "*/*.nani", *below_assets)
    return any(next(root.glob(pattern), None) is not None for pattern in patterns)


def _chosen(home: Path, settings: GameSettings) -> list[Path]:
    """The folders to read: the target language's, else another's; all without a target; or the managed texts."""
    locales = {folder.name: folder for folder in _locales(home)}
    if not locales:
        return [home / "Text"]
    if settings.target_language == settings.source_language:
        return list(locales.values())
    name = choose_locale(locales, settings.target_language)
    if name is None:  # made from the documents of another
        return [next(iter(locales.values()))]
    return [locales[name]]


def _wanted(home: Path, folder: Path, settings: GameSettings) -> Path | None:
    """The folder of the target language, where the documents to read are those of another; None where they are its."""
    target = settings.target_language
    if folder == home / "Text" or target == settings.source_language or choose_locale([folder.name], target):
        return None
    return folder.with_name(target)


def _emptied(path: Path, opening: FormatOptions) -> bytes:
    """A document without its translations, its first line for the target language. Raises FormatError or OSError."""
    document = FORMAT.open(path.read_bytes(), options=opening)
    try:
        blob = document.render({s.key: "" for s in document.segments})
    except RefusedTargetError as error:
        raise FormatError(f"its translations cannot be taken away: {error}") from error
    language = LANGUAGES.get(opening.target_language or "")
    if language is None:
        return blob
    header = f" to {language.english} <{language.code}> localization document for".encode()
    return _HEADER.sub(lambda _: header, blob, count=1)


def _ordered(folder: Path) -> Iterator[Path]:
    """The documents of a folder: names of characters, scripts, all others."""
    found: list[Path] = []
    for above, folders, names in os.walk(folder):
        folders.sort()
        inside = PurePath(above).relative_to(folder).parts
        wanted = ("Text", "Scripts") if folder.name != "Text" else inside[:1] or ("",)
        if folder.name == "Text" or (inside and inside[0] in wanted):
            found += [Path(above) / name for name in sorted(names) if name.lower().endswith((".txt", ".nani"))]
    yield from sorted(found, key=lambda p: 0 if p.name == "CharacterNames.txt" else 1 if "Scripts" in p.parts else 2)


def _values(path: Path) -> dict[str, str]:
    """The originals of a document of managed texts by their keys; none where there is no such document."""
    try:
        document = FORMAT.open(path.read_bytes(), options=FormatOptions(name=PurePath("Text", path.name)))
    except (OSError, FormatError):
        return {}
    return {segment.key: segment.source for segment in document.segments}


GAME: Game = NaninovelGame()
"""The engine's entry for the registry."""
