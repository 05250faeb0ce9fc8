"""TyranoScript games by their scenarios: which files hold text, and who their characters are."""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.game import Extra, Game, GameFile, GameInfo, GameSettings
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.formats.kag.tyrano import detect, locate, scenarios

FORMAT_ID = "kag"

MARKUP = MarkupSyntax((MarkupRule(r"\\[^\s\w]", cells=1), MarkupRule(r"</?[A-Za-z][^<>\n]*>")))
r"""A character after a backslash (`\[`), and HTML, which the engine shows as such in values of tags."""


class TyranoScriptGame:
    """The engine `tyranoscript`."""

    info: ClassVar[GameInfo] = GameInfo(id="tyranoscript", title="TyranoScript", markup=MARKUP, tables=("kag",))

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from a folder in it (`data`, `data/scenario`) or from a file in such a one."""
        return locate(path)

    def detect(self, root: Path) -> Confidence:
        """Certain where the engine lies beside the scenarios, likely with its settings alone or where all is packed."""
        return detect(root)

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The scenarios in the order in which `first.ks` leads to them, then the others. Raises GameError."""
        found = scenarios(root)
        for name in found.paths:
            yield GameFile(
                name,
                FORMAT_ID,
                FormatOptions(name=PurePath(name), target_language=settings.target_language, settings=found.settings),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: the fonts are the player's browser's."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """None: scenarios are UTF-8 always."""
        del root, settings
        return iter(())


GAME: Game = TyranoScriptGame()
