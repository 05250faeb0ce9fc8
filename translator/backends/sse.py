"""Server-sent events, as far as OpenAI-compatible servers use them."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator

DONE = b"[DONE]"


def events(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event: comments (`: ping`), event names and blank lines left out, one space after the colon.

    Each event of these servers is one line of JSON, or `[DONE]`. llama-server's older `error: {…}` lines count as
    data, and so does a line that is no event at all, such as the JSON object of a server that does not stream.
    """
    for raw in lines:
        line = raw.strip().removeprefix(BOM_UTF8)
        if not line or line.startswith((b":", b"event:", b"id:", b"retry:")):
            continue
        for field in (b"data:", b"error:"):
            if line.startswith(field):
                line = line[len(field) :].lstrip()
                break
        if line:
            yield line
