"""The game contract itself: a sound toy engine passes, and each check fails for an engine that breaks it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

import pytest

from translator.core.document import Confidence, Document, Family, Format, FormatInfo, FormatOptions
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.segment import Role, Segment
from translator.testing import BrokenRuleError, check_detect, check_files, check_locate


class WholeDocument:
    """A file that is one text."""

    notices: Sequence[str] = ()
    charset: str | None = None

    def __init__(self, blob: bytes, tail: bytes) -> None:
        self.blob = blob
        self.tail = tail
        self.segments: Sequence[Segment] = (Segment("all", blob.decode(), Role.NOTE),) if blob else ()

    def render(self, targets: Mapping[str, str]) -> bytes:
        return targets.get("all", self.blob.decode()).encode() + self.tail


class Whole:
    info: ClassVar[FormatInfo] = FormatInfo("whole", "Whole", Family.GAME, ("*.txt",))
    tail = b""

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        return Confidence.LIKELY if head or name.suffix else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        assert options is not None
        return WholeDocument(blob, self.tail)


class Engine:
    """A sound engine: a folder with game.txt. The mutants below change one thing each."""

    info: ClassVar[GameInfo] = GameInfo("engine", "Engine")
    paths: tuple[str, ...] = ("game.txt", "text/a.txt")
    format = "whole"

    def locate(self, path: Path) -> Path | None:
        return next((p for p in (path, path.parent) if (p / "game.txt").is_file()), None)

    def detect(self, root: Path) -> Confidence:
        return Confidence.LIKELY if (root / "game.txt").is_file() else Confidence.NONE

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        assert settings.source_language
        if not (root / "game.txt").is_file():
            raise GameError("no game")
        yield from (GameFile(PurePosixPath(path), self.format) for path in self.paths)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        assert root.is_dir()
        assert settings.target_language
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        assert root.is_dir()
        yield f"from {settings.source_language}"


FORMATS: dict[str, Format] = {"whole": Whole()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "text").mkdir()
    (tmp_path / "game.txt").write_text("宿屋", "utf-8")
    (tmp_path / "text" / "a.txt").write_text("村", "utf-8")
    return tmp_path


def check(game: Game, root: Path, formats: Mapping[str, Format] = FORMATS) -> None:
    check_detect(game, root, [game])
    check_locate(game, root)
    check_files(game, root, formats)


def test_a_sound_engine_passes(root: Path) -> None:
    check(Engine(), root)


class ClaimsNothing(Engine):
    def detect(self, root: Path) -> Confidence:  # noqa: ARG002  as in the base class
        return Confidence.NONE


class ClaimsEverything(Engine):
    def detect(self, root: Path) -> Confidence:  # noqa: ARG002  as in the base class
        return Confidence.LIKELY


class LocatesEverywhere(Engine):
    def locate(self, path: Path) -> Path | None:
        return path


class LocatesOnlyTheRoot(Engine):
    paths = ("text/a.txt",)

    def locate(self, path: Path) -> Path | None:
        return path if (path / "game.txt").is_file() else None


class FindsFilesEverywhere(Engine):
    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:  # noqa: ARG002  as in the base class
        yield GameFile(PurePosixPath("game.txt"), "whole")


class LeaksOsErrors(Engine):
    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        (root / "game.txt").read_bytes()
        yield from super().files(root, settings)


class NamesAFileTwice(Engine):
    paths = ("game.txt", "text/a.txt", "game.txt")


class NamesNoFile(Engine):
    paths = ()


class KnowsNoFormat(Engine):
    format = "other"


class ChangesOrder(Engine):
    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        found = list(super().files(root, settings))
        self.paths = self.paths[::-1]
        yield from found


class SaysNothing(Engine):
    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:  # noqa: ARG002  as in the base class
        yield " "


@pytest.mark.parametrize(
    ("mutant", "message"),
    [
        (ClaimsNothing(), "does not know its own"),
        (ClaimsEverything(), "claims an empty folder"),
        (LocatesEverywhere(), "in an empty folder"),
        (LocatesOnlyTheRoot(), "found from none"),
        (FindsFilesEverywhere(), "in an empty folder"),
        (LeaksOsErrors(), "instead of GameError"),
        (NamesAFileTwice(), "twice"),
        (NamesNoFile(), "finds no file"),
        (KnowsNoFormat(), "unknown format"),
        (ChangesOrder(), "order"),
        (SaysNothing(), "empty notice"),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_each_check_fails_for_an_engine_that_breaks_it(mutant: Game, message: str, root: Path) -> None:
    with pytest.raises(BrokenRuleError, match=message):
        check(mutant, root)


def test_a_second_engine_that_is_as_sure_fails(root: Path) -> None:
    class Other(Engine):
        info: ClassVar[GameInfo] = GameInfo("other", "Other")

    with pytest.raises(BrokenRuleError, match="other claims it too"):
        check_detect(Engine(), root, [Engine(), Other()])


def test_a_file_that_is_not_written_back_as_it_is_fails(root: Path) -> None:
    class Adds(Whole):
        tail = b"!"

    with pytest.raises(BrokenRuleError, match="not identical"):
        check(Engine(), root, {"whole": Adds()})


def test_a_sample_without_text_fails(root: Path) -> None:
    for path in Engine().paths:
        (root / path).write_bytes(b"")
    with pytest.raises(BrokenRuleError, match="no text"):
        check(Engine(), root)
