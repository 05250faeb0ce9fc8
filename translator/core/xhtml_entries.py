"""What `core.xhtml_walk` finds: open elements, texts, and originals beside their translations."""

from dataclasses import dataclass

from translator.core.segment import Role
from translator.core.xhtml_text import Run
from translator.core.xml_spans import Attribute


@dataclass(slots=True)
class Frame:
    """An open block element: its tag's token, its id, its classes."""

    name: str
    token: int
    ident: str | None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The element that a run is all of: where its start tag, its end tag and what follows begin."""

    name: str
    start: int
    inner: int
    inner_end: int
    end: int
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The original beside a translation, and the spans that go where the translation is taken back."""

    original: Run
    extra: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A text: a run, or the value of an attribute (`run` is None), and what is known of it."""

    key: str
    role: Role
    scene: int
    binding: str | None
    run: Run | None
    block: Block | None = None
    value: Attribute | None = None
    source: str = ""
    plain: bool = False
    pair: Pair | None = None
