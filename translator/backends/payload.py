"""What a request looks like to every kind of server."""

import json
from functools import lru_cache

from translator.core.backend import Request


def messages(request: Request) -> list[dict[str, str]]:
    """The turns of a chat."""
    return [{"role": message.role, "content": message.content} for message in request.messages]


@lru_cache(maxsize=64)
def schema(text: str) -> object:
    """The JSON schema that an answer must follow. All requests of a shape share it: it is to be left as it is."""
    return json.loads(text)
