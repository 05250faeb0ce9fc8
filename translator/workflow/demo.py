"""The sample game, translated by the small model that comes with the `demo` extra."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from translator.core.resources import shipped
from translator.workflow.database import opened
from translator.workflow.errors import InputError
from translator.workflow.events import OnEvent, Summary
from translator.workflow.options import BackendKind, InputOptions, JobOptions, Kind, OutputOptions, ServerOptions
from translator.workflow.run import translate
from translator.workflow.setup import DEMO_MODEL

GAME = "rpgmaker_mv"
FOLDER = "honyaku-demo"


SHOWN = 8
"""Translated texts that the demo shows."""
_SHORT = range(6, 33)
"""Characters of a text that is short enough to be shown and long enough to say something."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made. lines: some of its texts, (source, translation). db: its database.

    original, translated: the game and its translation.
    """

    summary: Summary
    original: Path
    translated: Path
    db: Path
    lines: tuple[tuple[str, str], ...]

    @property
    def exit_status(self) -> int:
        """0 when it ran through: that its tiny model cannot do some of the texts is no fault of this machine."""
        return self.summary.exit_status if self.summary.unreadable or not self.summary.translated else 0


def demo(out: Path | None, *, on_event: OnEvent, server: ServerOptions | None = None, target: str = "en") -> Demo:
    """Copy the sample game to `out` (default: `honyaku-demo` here) and translate it; nothing else is touched.

    Its database lies beside it, so that the demo can be thrown away whole. Raises WorkflowErrors.
    """
    folder = (out or Path(FOLDER)).absolute()
    game, db = folder / "SampleGame", folder / "demo.db"
    try:
        shutil.copytree(shipped("samples") / GAME, game, dirs_exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: the sample game cannot be put there: {error}", hint="Choose --out.") from error
    options = JobOptions(
        input=InputOptions(path=game, kind=Kind.GAME, source="ja", target=target),
        server=server or ServerOptions(model=DEMO_MODEL, backend=BackendKind.EMBEDDED),
        output=OutputOptions(),
        db=db,
    )
    summary = translate(options, on_event=on_event)
    return Demo(summary, game, Path(summary.output), db, _some_lines(db, summary.job))


def _some_lines(db: Path, job: str) -> tuple[tuple[str, str], ...]:
    """Texts of one line without codes from all over the game, which need no explanation."""
    with opened(db) as store:
        row = store.job(job)
        found = {
            result.source: result.target
            for document in store.documents(row)
            for result in store.results(row, document.ordinal)
            if result.target is not None
            and len(result.source) in _SHORT
            and not set("\\%\n").intersection(result.source)
            and not result.findings
        }
    pairs = tuple(found.items())
    return pairs[:: -(-len(pairs) // SHOWN) or 1]
