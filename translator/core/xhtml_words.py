"""Which elements of HTML and FB2 hold paragraphs, headings, code; and the classes that mark a bilingual file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.core.segment import Role
from translator.core.xml_patterns import Whole

_BLOCKS = (
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link listing "
    "main menu meta nav noframes noscript ol optgroup option p pre search section style summary table tbody "
    "td template tfoot th thead title tr ul xmp"
)
_CODE = "code"
INLINES = (
    "span", "i", "b", "em", "strong", "a", "br", "small", "s", "u", "sub", "sup", "q", "cite", "abbr", "big", "ruby",
    "rt", "rb", "rp", "ins", "del", "font", "mark", "dfn", "time", "wbr",
)  # fmt: skip
"""Elements within a line of text that have nothing special to them."""
OPAQUE = ("code", "kbd", "samp", "var", "tt", "svg", "math")
"""Elements within a line of text that are held back."""

BILINGUAL = ("bilingual-above", "bilingual-below", "bilingual-side")
"""Classes of what holds an original beside its translation, by where it stands."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the elements of a vocabulary are, by their names without prefix, in lower case.

    blocks: they part texts; None: all but `inlines` do. headings: texts in them are headings; chapters: those
    that begin a scene. held: elements whose texts nobody is offered, and why. attributes: whether `alt` and `title` are
    texts, and originals may stand beside translations. whole: blocks with inline elements, neither of them held, that
    are most often simple. single: a text is one line. language: the element that names the
    language of all. roles: of texts in these elements.
    """

    blocks: frozenset[str] | None
    inlines: frozenset[str]
    headings: frozenset[str]
    chapters: frozenset[str]
    held: Mapping[str, str] = field(default_factory=dict[str, str])
    attributes: bool = True
    single: bool = False
    language: str | None = None
    whole: Whole | None = None
    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])

    def is_block(self, name: str) -> bool:
        """Whether an element parts texts."""
        return name not in self.inlines if self.blocks is None else name in self.blocks


HTML = Words(
    frozenset(_BLOCKS.split()),
    frozenset(),
    frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title")),
    frozenset(("h1", "h2", "h3")),
    {
        "script": "script", "style": "style sheet", "template": "template", "pre": "preformatted text", "xmp": _CODE,
        "listing": _CODE, "code": _CODE, "kbd": _CODE, "samp": _CODE, "var": _CODE, "tt": _CODE, "svg": "drawing",
        "math": "formula", "object": "embedded object", "audio": "embedded object", "video": "embedded object",
        "canvas": "embedded object", "iframe": "embedded object", "select": "form", "textarea": "form",
    },
    whole=Whole(
        ("p", "h[1-6]", "li", "td", "th", "dt", "dd", "div", "body", "title", "blockquote", "caption", "figcaption"),
        INLINES,
        OPAQUE,
    ),
)  # fmt: skip

FICTION_BOOK = Words(
    None,
    frozenset(("strong", "emphasis", "style", "a", "strikethrough", "sub", "sup", "code", "image", "date")),
    frozenset(("title", "subtitle")),
    frozenset(("title",)),
    {
        "binary": "binary", "stylesheet": "style sheet", "document-info": "about the file", "publish-info": "publisher",
        "genre": "genre", "author": "name of a person", "translator": "name of a person", "lang": "language",
        "src-lang": "language", "coverpage": "picture", "keywords": "keywords", "src-title-info": "about the original",
        "custom-info": "about the file", "sequence": "series", "code": _CODE, "date": "date",
        "output": "about the file",
    },
    attributes=False,
    single=True,
    language="lang",
    whole=Whole(
        ("p", "v", "subtitle", "text-author", "td", "th"),
        ("emphasis", "strong", "a", "sub", "sup", "strikethrough"),
    ),
    roles={"book-title": Role.NAME, "annotation": Role.DESCRIPTION},
)  # fmt: skip

PACKAGE = Words(
    None,
    frozenset(),
    frozenset(),
    frozenset(),
    {
        "identifier": "identifier", "language": "language", "date": "date", "publisher": "publisher",
        "rights": "rights", "contributor": "name of a person", "subject": "subject", "type": "about the file",
        "format": "about the file", "source": "about the file", "relation": "about the file",
        "coverage": "about the file", "meta": "about the file", "tours": "about the file",
    },
    attributes=False,
    single=True,
    language="language",
    roles={"title": Role.NAME, "creator": Role.NAME, "description": Role.DESCRIPTION},
)  # fmt: skip
"""The package document of an EPUB."""

CONTENTS = Words(
    None,
    frozenset(),
    frozenset(("navlabel",)),
    frozenset(),
    {"pagelist": "page numbers", "head": "about the file"},
    attributes=False,
    single=True,
    roles={"doctitle": Role.NAME, "docauthor": Role.NAME},
)
"""An EPUB 2's table of contents (NCX)."""
