"""What a server said in place of an answer: its status and its words for it, and why a connection failed."""

import json
from collections.abc import Mapping
from typing import cast

from translator.core.halves import joined
from translator.core.jsonvalue import as_object, parsed

_SHOWN = 300


class HttpFailure(Exception):  # noqa: N818 - never reaches a person: each backend turns it into a BackendError
    """A server answered with an error status; `message` is its own word for it, `page` an HTML page's."""

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.status = status
        self.body = body
        self.retry_after = _seconds(headers.get("retry-after"))
        self.page = is_page(body, headers.get("content-type", ""))
        self.detail = _error_object(body)
        self.message = "" if self.page else error_text(body)
        super().__init__(f"{status}: {self.message}")


def error_text(body: bytes) -> str:
    """What an error's body says: its `error` text or message, else its beginning."""
    try:
        holder = as_object(parsed(body))
    except ValueError:
        return shown(body)
    error = holder.get("error", holder.get("detail", holder.get("message")))
    return said(error).strip() or shown(body)


def said(error: object) -> str:
    """The words of an error of whatever shape: a text, or an object with a `message`; empty where it has none."""
    if isinstance(error, dict):
        error = cast("dict[str, object]", error).get("message")
    return joined(error) if isinstance(error, str) else ""


def as_text(value: object) -> str:
    """A JSON value on one line, for a message and for searching in it."""
    try:
        return joined(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "…"  # deeper than can be written, though not than could be read


def is_page(body: bytes, content_type: str) -> bool:
    """Whether an answer is a web page."""
    return content_type.lower().startswith(("text/html", "application/xhtml")) or body[:64].lstrip().startswith(b"<")


def shown(body: bytes) -> str:
    """The beginning of an answer on one line, for a message."""
    text = " ".join(body[: _SHOWN * 4].decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def reason(error: Exception) -> str:
    """The operating system's word for what is behind an error, else the error's own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__


def _error_object(body: bytes) -> dict[str, object]:
    try:
        return as_object(parsed(body))
    except ValueError:
        return {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdecimal() else None
