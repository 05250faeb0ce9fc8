"""Which of the servers that were named can work on a job together, by what each tells of the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translator.backends.hosts import OPENAI, HostSpec
from translator.core.backend import BackendError, ModelInfo
from translator.core.recipe import Recipe
from translator.workflow.errors import ServerError


@dataclass(frozen=True, slots=True)
class Found:
    """A server that was named, and the model there.

    asked: the name that it was asked for. info: what it told now, or (where `error` says why it told nothing) what is
    remembered of it; None: nothing is known. others: further models there that the name could mean. slots: those that
    were found in an earlier run.
    """

    spec: HostSpec
    asked: str
    info: ModelInfo | None = None
    others: tuple[str, ...] = ()
    error: BackendError | None = None
    slots: int | None = None

    @property
    def told(self) -> ModelInfo | None:
        """What the server told now."""
        return self.info if self.error is None else None


def leader(found: Sequence[Found], pinned: Recipe | None) -> tuple[Found, ModelInfo]:
    """The server by whose model the job is known, and that: the one that the job was begun with, else the first.

    So a job is not asked anew because another server stands first today, or because that one is off. One of which
    nothing is known leads nothing; one that told nothing now does not lead against another one of its kind that did.
    Raises ServerError where none tells anything now.
    """
    if all(entry.told is None for entry in found):
        errors = [entry.error for entry in found if entry.error is not None]
        rest = "".join(f"\n{error}" for error in errors[1:])
        raise ServerError(f"{errors[0]}{rest}", hint=errors[0].hint) from errors[0]
    able = [(entry, entry.info) for entry in found if entry.info is not None and not _outdated(entry, found)]
    begun = [] if pinned is None else [pair for pair in able if pair[1].digest == pinned.model_digest]
    return (begun or able)[0]


def _outdated(entry: Found, found: Sequence[Found]) -> bool:
    """Whether what is remembered of a server is not what another one tells now."""
    return entry.told is None and any(
        other.told is not None and entry.info is not None and differ(entry, entry.info, other, other.told)
        for other in found
    )


def differ(one: Found, its: ModelInfo, other: Found, others: ModelInfo) -> bool:
    """Whether two servers certainly have different models, where nobody said that they may.

    Ollama names a model by its content. Of the others only the size of the weights can be compared.
    """
    if one.spec.model is not None or other.spec.model is not None or one.spec.kind != other.spec.kind:
        return False
    if one.spec.kind == OPENAI:
        return bool(its.size and others.size) and its.size != others.size
    return bool(its.digest and others.digest) and its.digest != others.digest


def refusal(lead: Found, entry: Found, told: ModelInfo, *, num_ctx: int, structured: bool) -> str:
    """Why a server cannot work on a job that `lead` leads, as a sentence; empty where it can."""
    if lead.info is not None and differ(lead, lead.info, entry, told):
        return (
            f"the servers have different models under the name “{entry.asked}” "
            f"({lead.spec.name}: {_short(lead.info)}, {entry.spec.name}: {_short(told)})"
        )
    if told.context is not None and told.context < num_ctx:
        return f"{entry.spec.name} has a window of {told.context} tokens only; the job has begun with {num_ctx}"
    if structured and not told.structured:
        return f"{entry.spec.name} cannot be held to a JSON schema; the job has begun with servers that can"
    return ""


def check(lead: Found, found: Sequence[Found]) -> None:
    """See that all servers that tell anything now have the leader's model. Raises ServerError."""
    for entry in found:
        said = entry.told and refusal(lead, entry, entry.told, num_ctx=0, structured=False)
        if said:
            raise ServerError(
                said,
                hint="Pull the same model on each of them, name one --host only, or, if that is what you want, "
                f"say which model each has: --host {entry.spec.address}#{entry.told.name if entry.told else ''}",
            )


def wide_enough(lead: Found, found: Sequence[Found], num_ctx: int) -> tuple[list[Found], list[str]]:
    """The servers that can go on with a job that was begun with this window (tokens), and why others cannot.

    A smaller window for all would ask the whole job anew. Where the leader itself has it, nobody is left out.
    """
    narrow = {
        entry.spec: entry.told.context
        for entry in found
        if entry.told is not None and entry.told.context is not None and entry.told.context < num_ctx
    }
    said = {
        spec: f"{spec.name} has a window of {context} tokens only, the job was begun with {num_ctx}"
        for spec, context in narrow.items()
    }
    if lead.spec in said:
        return list(found), []
    return [entry for entry in found if entry.spec not in said], list(said.values())


def remarks(lead: Found, found: Sequence[Found]) -> Iterator[str]:
    """Sentences for the user on servers that differ from the one that leads."""
    name = lead.info.name if lead.info is not None else lead.asked
    for entry in found:
        told = entry.told
        if entry is lead or told is None or lead.info is None or told.digest == lead.info.digest:
            continue
        if entry.spec.model is not None or lead.spec.model is not None:
            yield f"{entry.spec.name} asks {told.name}, as you said; its answers count as those of {name}."
        elif entry.spec.kind != lead.spec.kind or told.name != name:
            yield (
                f"{entry.spec.name} asks {told.name}: whether that is the {name} of {lead.spec.name} cannot be told. "
                "Its answers count as the same model's."
            )


def _short(info: ModelInfo) -> str:
    return info.digest[:12] if info.size is None else f"{info.digest[:12]}, {info.size:,} bytes"
