"""Telling formats of text apart by the beginning of a file, whatever its charset."""

from collections.abc import Callable, Collection
from pathlib import PurePath

from translator.core.charset import detect, looks_binary
from translator.core.document import Confidence


def text_of(head: bytes) -> str | None:
    """The text that a file begins with, without its byte order mark; None where no charset is detected."""
    charset = detect(head, whole=False)
    return None if charset is None else head.decode(charset, "ignore").removeprefix("\ufeff")


def sniff_text(name: PurePath, head: bytes, suffixes: Collection[str], rate: Callable[[str], Confidence]) -> Confidence:
    """What `rate` says of the beginning of a file with one of these suffixes (in lower case); MAYBE where its charset
    must be told, NONE for bytes that are surely no text.
    """
    if name.suffix.lower() not in suffixes:
        return Confidence.NONE
    text = text_of(head)
    if text is not None:
        return rate(text)
    return Confidence.NONE if looks_binary(head) else Confidence.MAYBE
