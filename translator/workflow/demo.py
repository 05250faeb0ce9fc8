"""The sample game, translated by the small model that comes with the `demo` extra."""

import shutil
from pathlib import Path

from translator.core.resources import shipped
from translator.workflow.errors import InputError
from translator.workflow.events import OnEvent, Summary
from translator.workflow.options import BackendKind, InputOptions, JobOptions, Kind, OutputOptions, ServerOptions
from translator.workflow.run import translate
from translator.workflow.setup import DEMO_MODEL

GAME = "rpgmaker_mv"
FOLDER = "honyaku-demo"


def demo(out: Path | None, *, on_event: OnEvent, server: ServerOptions | None = None, target: str = "en") -> Summary:
    """Copy the sample game to `out` (default: `honyaku-demo` here) and translate it; nothing else is touched.

    Its database lies beside it, so that the demo can be thrown away whole. Raises WorkflowErrors.
    """
    folder = (out or Path(FOLDER)).absolute()
    game = folder / "SampleGame"
    try:
        shutil.copytree(shipped("samples") / GAME, game, dirs_exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: the sample game cannot be put there: {error}", hint="Choose --out.") from error
    options = JobOptions(
        input=InputOptions(path=game, kind=Kind.GAME, source="ja", target=target),
        server=server or ServerOptions(model=DEMO_MODEL, backend=BackendKind.EMBEDDED),
        output=OutputOptions(),
        db=folder / "demo.db",
    )
    return translate(options, on_event=on_event)
