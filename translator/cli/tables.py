"""What is known of formats, games and profiles, as rows: for the commands that list them and for the documentation."""

from collections.abc import Iterable, Iterator

from translator.core.document import FormatInfo
from translator.core.game import GameInfo

FORMAT_COLUMNS = ("ID", "Format", "Command", "Files", "Charsets")
GAME_COLUMNS = ("ID", "Engine")


def format_rows(infos: Iterable[FormatInfo]) -> Iterator[tuple[str, ...]]:
    """One row for each format."""
    for info in infos:
        yield info.id, info.title, info.family.value, ", ".join(info.patterns), ", ".join(info.charsets)


def game_rows(infos: Iterable[GameInfo]) -> Iterator[tuple[str, ...]]:
    """One row for each engine."""
    for info in infos:
        yield info.id, info.title
