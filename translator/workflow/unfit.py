"""The translations that a file cannot hold, found together."""

from collections.abc import Iterator, Mapping

from translator.core.document import Document, RefusedTargetError, UnencodableError
from translator.core.finding import Finding, Severity


def unfit(
    document: Document, targets: Mapping[str, str], error: UnencodableError | RefusedTargetError
) -> dict[str, Finding]:
    """Why targets cannot stand in a document, which said `error` of them; empty where that is about none of them.

    A document names one at a time. What is left is tried in halves: were it tried as a whole, a thousand that are
    refused would cost as much as a thousand files.
    """
    found = {key: why for key, why in _named(targets, error) if key in targets}
    parts = [_without(targets, found)] if found else []
    while parts:
        part = parts.pop()
        try:
            document.render(part)
        except (UnencodableError, RefusedTargetError) as another:
            # One that is about no target is about a text that has its own only when all are written.
            new = {key: why for key, why in _named(part, another) if key in part}
            found |= new
            left = list(_without(part, new).items()) if new else []
            parts += (dict(half) for half in (left[: len(left) // 2], left[len(left) // 2 :]) if half)
    return found


def _without(targets: Mapping[str, str], keys: Mapping[str, Finding]) -> dict[str, str]:
    return {key: text for key, text in targets.items() if key not in keys}


def _named(targets: Mapping[str, str], error: UnencodableError | RefusedTargetError) -> Iterator[tuple[str, Finding]]:
    """The texts that an error is about: the one that was named, and all that the charset has no place for."""
    if isinstance(error, RefusedTargetError):
        yield error.key, Finding("refused", Severity.ERROR, error.reason)
        return
    for key, text in targets.items():
        try:
            text.encode(error.charset)
        except UnicodeEncodeError as refused:
            character = refused.object[refused.start]
            message = (
                f"{error.charset} has no {character!r} (U+{ord(character):04X}); "
                f"translating with --output-charset chooses another, for example {', '.join(error.instead)}"
            )
        else:
            if key != error.key:
                continue
            message = str(error)
        yield key, Finding("charset", Severity.ERROR, message)
