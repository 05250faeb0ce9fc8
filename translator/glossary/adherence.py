"""Whether a translation follows the glossary."""

from collections.abc import Iterable

from translator.core.work import GlossaryEntry
from translator.glossary.matcher import Matcher, folded, normalised


def alternatives(entry: GlossaryEntry) -> tuple[str, ...]:
    """The translations that an entry allows, the preferred one first (`dst` names them as `a|b`)."""
    return tuple(part for part in (part.strip() for part in entry.dst.split("|")) if part)


def missing(entries: Iterable[GlossaryEntry], source: str, target: str) -> list[GlossaryEntry]:
    """The entries that occur in `source` and none of whose alternatives is in `target` (NFKC, case ignored)."""
    text = folded(normalised(target))
    return [
        entry
        for entry in Matcher(entries).hits(source)
        if not any(folded(normalised(word)) in text for word in alternatives(entry))
    ]
