"""A job's own names: translated before the texts that mention them, and put into those as glossary entries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from translator.core.markup import MarkupSyntax
from translator.core.work import GlossaryEntry, State, Unit, unit_hash
from translator.glossary import names
from translator.glossary.layers import Glossary, key
from translator.glossary.matcher import Matcher
from translator.store import Store
from translator.store.names import MentionRow, NameRow, TextRow
from translator.store.rows import JobRow, SettledRow

_AT_ONCE: Final = 2000
"""Texts that are stored together."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What decides which entries a job's names come to.

    glossary: the layers that win over names. recipe_digest: the job's. markups: by format id. used: whether entries
    reach the model at all; where not, names are no concern of other texts.
    """

    glossary: Glossary
    recipe_digest: str
    markups: Mapping[str, MarkupSyntax]
    used: bool

    def update(self, store: Store, job: JobRow) -> bool:
        """Bring the entries of the job's texts up to date with its names; whether any text is to be asked again.

        To be called when no name is pending. Cut off, the next call does all of it; when nothing has changed since
        the last one, it only looks at the names.
        """
        if not store.takes_names(job):
            return False
        entries = [found.entry for found in self.listed(store, job) if found.entry is not None] if self.used else []
        both = self.glossary.above(entries)
        lowest = both.entries[: len(both.entries) - len(self.glossary.entries)]
        digest = Glossary(lowest).digest()
        if store.names_in_force(job) == digest:
            return False
        store.put_names_in_force(job, "")
        changed = False
        texts = store.texts(job, mentioning=not lowest)
        for rows in _parts(self._changes(texts, Matcher(lowest), Matcher(both.entries))):
            known = store.recall(row.hash for row in rows)
            store.put_mentions(job, (row._replace(target=known.get(row.hash)) for row in rows))
            changed = True
        store.put_names_in_force(job, digest)
        return changed

    def share(self, store: Store, job: JobRow) -> set[int]:
        """Settle the names that differ from an earlier one in the codes around them or in their place alone: they are
        called the same. The units that wait for such an earlier name, which is still to be asked.
        """
        first: dict[str, NameRow] = {}
        same: list[SettledRow] = []
        waiting: set[int] = set()
        for row in store.names(job):
            markup = self.markups[row.format]
            name = bare(row.source, markup)
            if not name or (leader := first.setdefault(name, row)) is row or row.state is not State.PENDING:
                continue
            if leader.state is State.PENDING:
                waiting.add(row.unit)
            elif leader.target is not None and not leader.flagged:
                called = bare(leader.target, self.markups[leader.format])
                if called:
                    target = markup.normalise(row.source).replace(name, called)
                    same.append(SettledRow(row.unit, State.TRANSLATED, target, from_memory=leader.known))
        store.settle_units(job, same)
        return waiting

    def listed(self, store: Store, job: JobRow) -> Iterator["Listed"]:
        """The job's names in reading order, each with the entry that it makes or why it makes none."""
        decided = {key(entry): entry for entry in self.glossary.entries}
        for row in store.names(job):
            found = _listed(row, self.markups)
            above = None if found.entry is None else decided.get(key(found.entry))
            if above is not None:
                found = replace(found, entry=None, reason=f"the glossary says {above.dst}")
            elif found.entry is not None and key(found.entry) in self.glossary.taken_away:
                found = replace(found, entry=None, reason="the glossary takes it away")
            yield found

    def _changes(self, texts: Iterable[TextRow], by_name: Matcher, by_all: Matcher) -> Iterator[MentionRow]:
        """The texts whose entries are others than those that they were stored with."""
        for row in texts:
            markup = self.markups[row.format]
            plain = markup.plain(markup.normalise(row.text.source))
            if row.asked == row.hash and not by_name.hits(plain):
                continue
            entries = by_all.hits(plain)
            now = unit_hash(self.recipe_digest, row.text, entries)
            if now != row.asked:
                yield MentionRow(row.unit, entries, now, None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of a job. entry: the glossary entry that it makes; None: `reason` says why it makes none."""

    source: str
    target: str | None
    entry: GlossaryEntry | None
    reason: str


def in_lists(units: Iterable[Unit]) -> list[Unit]:
    """Names in the order in which they are put into batches: those that one file lists stay together, and those that
    stand alone in a file or between its scenes make one list of their own.
    """
    lists: dict[str, list[Unit]] = {}
    for unit in units:
        lists.setdefault("" if not unit.scene.endswith("#") else unit.scene, []).append(unit)
    alone = lists.pop("", [])
    alone += (found[0] for found in lists.values() if len(found) == 1)
    alone.sort(key=lambda unit: unit.id)
    together = [unit for found in lists.values() if len(found) > 1 for unit in found]
    return [*together, *(replace(unit, scene="") for unit in alone)]


def _listed(row: NameRow, markups: Mapping[str, MarkupSyntax]) -> Listed:
    markup = markups[row.format]
    source = bare(row.source, markup)
    target = None if row.target is None else bare(row.target, markup)
    if source is None or (target is None and row.target is not None):
        return Listed(row.source, row.target, None, "has codes inside")
    if row.state is State.PENDING:
        return Listed(source, None, None, "not asked yet")
    reason = names.refusal(source, target)
    if not reason and row.flagged:
        reason = "its translation needs a look"
    entry = None if reason or target is None else names.entry(source, target)
    return Listed(source, target, entry, reason)


def bare(text: str, markup: MarkupSyntax) -> str | None:
    """A name without the codes around it; None where there are some inside it."""
    text = markup.normalise(text)
    found = markup.plain(text).strip()
    return found if found in text else None


def _parts(rows: Iterable[MentionRow]) -> Iterator[list[MentionRow]]:
    part: list[MentionRow] = []
    for row in rows:
        part.append(row)
        if len(part) >= _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
