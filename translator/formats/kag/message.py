"""A message that is being read, and the place of a text that was."""

from dataclasses import dataclass, field

from translator.formats.kag.spelling import Form
from translator.formats.kag.tokens import Token


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands, in which form; `breaks`: the places in it that are line breaks. quote: of a value."""

    start: int
    end: int
    form: Form
    breaks: tuple[tuple[int, int], ...] = ()
    quote: str = ""


@dataclass(slots=True)
class Message:
    """A message that is being read. pending: tokens since its last text; foreign: some are tags that no text has in it
    across lines. titled: it is a name so far, and no more. words: the tags in it that stand for words; said: it has
    others too.

    lead: where a tag starts right before it, and the tag that closes that one: both are in the message, or neither.
    """

    start: int
    end: int
    breaks: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    hard: bool = False
    pending: list[Token] = field(default_factory=list[Token])
    foreign: bool = False
    titled: bool = False
    words: list[Token] = field(default_factory=list[Token])
    said: bool = False
    lead: tuple[int, str] | None = None
