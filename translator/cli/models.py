"""The commands about models, and `doctor`."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load
from translator.cli.options import LOOKING, SAYING
from translator.cli.output import Column, console, fields, number, print_json, print_table, print_text, printable, size
from translator.cli.parameters import Given, takes

if TYPE_CHECKING:
    from translator.workflow.reports import Diagnosis, FitReport, ModelReport

OnProgress = Callable[[int, int], None]
"""Called with the bytes that are sent and the bytes in all."""

_SERVER = ("backend", "host", "profile")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help="Look at the server's models, and give it new ones. Alone it lists them.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("show")(show)
    group.command("import")(import_)
    group.command("fit")(fit)
    app.add_typer(group, name="model", rich_help_panel="Prepare")
    app.command("doctor", rich_help_panel="Prepare")(doctor)


@takes(*_SERVER, *LOOKING)
def list_(given: Given) -> None:
    """List the models that the server has, and the profile that each would be asked with."""
    from translator.cli.choices import server_options
    from translator.workflow.models import list_models

    settings = load(given)
    models = list_models(server_options(settings))
    if settings.flag("json"):
        print_json(models)
    elif not models:
        print_text("The server has no models yet. Give it one: translate model import FILE.gguf")
    else:
        where = {m.server for m in models}
        print_table(
            (
                "Model",
                "Profile",
                Column("Size", number=True),
                "Quantisation",
                Column("Context", number=True),
                *(("Server",) if len(where) > 1 else ()),
            ),
            [
                (
                    m.name,
                    m.profile,
                    size(m.size) if m.size else "",
                    m.quantisation,
                    m.context,
                    *((m.server,) if len(where) > 1 else ()),
                )
                for m in models
            ],
        )


@takes(*_SERVER, *LOOKING)
def show(
    name: Annotated[str, typer.Argument(help="The model's name, or a family such as 'sakura'.", metavar="NAME")],
    given: Given,
) -> None:
    """Show a model of the server: its size, window and template, and the profile that it would be asked with."""
    from translator.cli.choices import server_options
    from translator.workflow.models import show_model

    settings = load(given)
    models = show_model(server_options(settings), name)
    if settings.flag("json"):
        print_json(models if len(models) > 1 else models[0])
        return
    for place, model in enumerate(models):
        if place:
            print_text("")
        _print_model(model)


def _print_model(model: "ModelReport") -> None:
    fits = {True: "it is what the profile needs", False: "it is NOT what the profile needs", None: "cannot be told"}
    rows = (
        ("Model", model.name),
        ("Server", model.server),
        ("Digest", model.digest),
        ("Size", size(model.size) if model.size else "not said"),
        ("Quantisation", model.quantisation or "not said"),
        ("Context", f"{number(model.context)} tokens" if model.context else "not said"),
        ("Profile", model.profile),
        ("Can do", ", ".join(model.capabilities) or "not said"),
        ("Template", fits[model.template_fits]),
        *((f"  {key}", value) for key, value in model.parameters.items()),
    )
    wide = max(len(title) for title, _ in rows) + 2
    for title, text in rows:
        print_text(f"{title + ':':<{wide}}{printable(text)}")
    if model.template:
        print_text("\n" + "\n".join(f"  {printable(line)}" for line in model.template.splitlines()))


@takes(*_SERVER, *SAYING)
def import_(
    file: Annotated[Path, typer.Argument(help="The model's GGUF file.", metavar="FILE")],
    given: Given,
    *,
    name: Annotated[
        str | None,
        typer.Option("--name", help="What the server shall call it. (default: by the file's name)", metavar="NAME"),
    ] = None,
) -> None:
    """Give the server a model from a file, with the template, stop words and parameters that its profile needs."""
    from translator.cli.choices import server_options
    from translator.workflow.models import import_model

    settings = load(given)
    with sending(quiet=settings.flag("quiet")) as on_progress:
        report = import_model(server_options(settings), existing(file), name, settings.text("profile"), on_progress)
    if settings.flag("json"):
        print_json({"status": "done", **fields(report)})
    else:
        print_text(f"{printable(report.file)} is now {report.model} on {report.server}, profile {report.profile}.")
        print_text(f"Next: {report.next_step}")


@contextmanager
def sending(*, quiet: bool) -> Generator[OnProgress]:
    """A bar for what is sent, on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _sent, _total: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("Sending"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(err=True), redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("", total=None)
        yield lambda sent, total: bar.update(task, completed=sent, total=total)


@takes(*LOOKING)
def fit(
    model: Annotated[
        str,
        typer.Argument(
            help="A GGUF file, or a name with size and quantisation such as 'sakura-14b-q4'.", metavar="NAME-OR-FILE"
        ),
    ],
    given: Given,
    *,
    context: Annotated[int, typer.Option("--context", help="The context window in tokens.", metavar="N", min=1)] = 4096,
    slots: Annotated[
        int, typer.Option("--slots", help="How many requests run at once, each with a window.", metavar="N", min=1)
    ] = 1,
) -> None:
    """Say how much memory a model needs, and whether this machine has it."""
    from translator.workflow.models import fit as run_fit

    settings = load(given)
    report = run_fit(model, context, slots)
    if settings.flag("json"):
        print_json(report)
    else:
        _print_fit(report)


def _print_fit(report: "FitReport") -> None:
    said = "its tensors in the file" if report.weights_from == "file" else "parameters times bytes per parameter"
    window = f"{report.slots} x {number(report.context)} tokens"
    cache = "not known without a file" if report.kv_cache is None else f"{report.kv_cache:.2f} GiB for {window}"
    rows = (
        ("Model", report.model),
        ("Parameters", f"{report.parameters:.2f} billion" if report.parameters is not None else "not known"),
        ("Quantisation", report.quantisation or "not known"),
        ("Weights", f"{report.weights:.2f} GiB ({said})"),
        ("With overhead", f"{report.low:.2f} to {report.high:.2f} GiB (20 % to 50 % on top)"),
        ("Cache", cache),
        ("Needed", f"{report.total_low:.2f} to {report.total_high:.2f} GiB"),
        ("Memory", f"{report.memory_free:.2f} GiB free of {report.memory_total:.2f} GiB"),
        ("GPU", f"{', '.join(report.gpus)}: {report.gpu_memory:.2f} GiB" if report.gpus else "none found"),
    )
    for title, text in rows:
        print_text(f"{title + ':':<17}{printable(text)}")
    print_text(f"\n{report.advice}")


@takes("model", *_SERVER, "num_ctx", "parallel", "db", *LOOKING)
def doctor(given: Given) -> None:
    """Check the server, its model and this machine, and say what mends what is wrong."""
    from translator.cli.choices import server_options
    from translator.cli.files import user_file
    from translator.workflow.doctor import diagnose
    from translator.workflow.reports import Diagnosis

    settings = load(given)
    file = user_file()
    own = Diagnosis("settings", "ok", f"your own settings are in {file}{'' if file.exists() else ' (not there yet)'}")
    found = [own, *diagnose(server_options(settings), db=settings.path("db"))]
    wrong = {(diagnosis.host, diagnosis.subject) for diagnosis in found if diagnosis.level == "error"}
    hosts = {diagnosis.host for diagnosis in found if diagnosis.host} or {""}
    unserved = all(wrong & {(host, "server"), (host, "model")} for host in hosts)
    status = 3 if unserved or ("", "server") in wrong else int(bool(wrong))
    if settings.flag("json"):
        print_json({"status": "wrong" if wrong else "done", "diagnoses": found, "exit_status": status})
    else:
        _print_diagnoses(found)
    raise typer.Exit(status)


def _print_diagnoses(found: "Sequence[Diagnosis]") -> None:
    host = ""
    for diagnosis in found:
        if diagnosis.host != host:
            host = diagnosis.host
            print_text(f"\n{host or 'All servers together'}")
        print_text(f"{diagnosis.level:<8} {diagnosis.subject}: {printable(diagnosis.message)}")
        if diagnosis.fix:
            print_text(f"         to mend it: {printable(diagnosis.fix)}")
