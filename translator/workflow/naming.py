"""A job's own names: translated before the texts that mention them, and put into those as glossary entries."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.core.markup import MarkupSyntax
from translator.core.segment import Role, Segment
from translator.core.work import GlossaryEntry, State, Unit, unit_hash
from translator.glossary import names, nesting
from translator.glossary.layers import Glossary, key
from translator.glossary.matcher import Matcher, normalised
from translator.profiles import Profile
from translator.profiles.profile import Style
from translator.store import Store
from translator.store.names import MentionRow, NameRow, TextRow
from translator.store.rows import JobRow, SettledRow

_AT_ONCE: Final = 2000
"""Texts that are stored together."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What decides which entries a job's names come to.

    glossary: the layers that win over names. recipe_digest: the job's. markups: by format id. used: whether entries
    reach the model at all; where not, names are no concern of other texts. speakers: whether a text is sent with its
    speaker's name (`tells_speakers`).
    """

    glossary: Glossary
    recipe_digest: str
    markups: Mapping[str, MarkupSyntax]
    used: bool
    speakers: bool = False

    def share(self, store: Store, job: JobRow) -> set[int]:
        """Bring the job's names as far as they come without asking; the units that are not to be asked for yet.

        Names wait for those that stand in names, and get their entries once all of them are settled. Names that differ
        from an earlier one in the codes around them or in their place alone wait for that, and are called the same.
        What waits follows from what is pending alone, so that a run that was cut off puts the same names together.
        """
        taken = store.takes_names(job)
        found = {row.unit: row for row in store.names(job)}
        decided = _Decided.of(self.glossary)
        lowest: list[GlossaryEntry] = []
        for units in self._rounds(list(found.values()), nested=taken and self.used):
            if taken and self._compare(store, job, [found[unit].mention for unit in units], lowest):
                found = {row.unit: row for row in store.names(job)}
            same, later = self._same([found[unit] for unit in units])
            if same:
                store.settle_units(job, same)
                found = {row.unit: row for row in store.names(job)}
            pending = {unit for unit in units if found[unit].state is State.PENDING}
            if pending:
                return {row.unit for row in found.values() if row.state is State.PENDING} - (pending - later or pending)
            lowest += self._entries((found[unit] for unit in units), decided)
        return set()

    def update(self, store: Store, job: JobRow) -> bool:
        """Bring the entries of the job's other texts up to date with its names; whether any is to be asked again.

        To be called after `share`, when no name is pending. Cut off, the next call does all of it; when nothing has
        changed since the last one, it only looks at the names.
        """
        if not store.takes_names(job):
            return False
        lowest = self._lowest(self._entries(store.names(job), _Decided.of(self.glossary)))
        digest = Glossary(lowest).digest()
        if store.names_in_force(job) == digest:
            return False
        store.put_names_in_force(job, "")
        changed = self._compare(store, job, store.texts(job, mentioning=not lowest), lowest)
        store.put_names_in_force(job, digest)
        return changed

    def listed(self, store: Store, job: JobRow) -> Iterator["Listed"]:
        """The job's names in reading order, each with the entry that it makes or why it makes none."""
        decided = _Decided.of(self.glossary)
        return (self._listed(row, decided) for row in store.names(job))

    def _rounds(self, rows: Sequence[NameRow], *, nested: bool) -> Iterator[list[int]]:
        """The units of names, in rounds of which each waits for those before."""
        if not nested:
            yield [row.unit for row in rows]
            return
        by_name: dict[str, list[int]] = {}
        for row in rows:
            by_name.setdefault(spelled(row.mention.text, self.markups[row.format]), []).append(row.unit)
        for together in rounds((row.mention.text, self.markups[row.format]) for row in rows):
            yield sorted(unit for name in together for unit in by_name[name])

    def _compare(self, store: Store, job: JobRow, rows: Iterable[TextRow], lowest: Collection[GlossaryEntry]) -> bool:
        """Ask again, or recall, the texts whose entries are others than those that they were stored with; whether
        there were any. lowest: what names came to.
        """
        lowest = self._lowest(lowest)
        changed = False
        for part in _parts(self._changes(rows, Matcher(lowest), Matcher(self.glossary.above(lowest).entries))):
            known = store.recall(row.hash for row in part)
            store.put_mentions(job, (row._replace(target=known.get(row.hash)) for row in part))
            changed = True
        return changed

    def _changes(self, texts: Iterable[TextRow], by_name: Matcher, by_all: Matcher) -> Iterator[MentionRow]:
        for row in texts:
            markup = self.markups[row.format]
            if row.asked == row.hash and not glossary_hits(row.text, by_name, markup, speakers=self.speakers):
                continue
            entries = glossary_hits(row.text, by_all, markup, speakers=self.speakers)
            now = unit_hash(self.recipe_digest, row.text, entries)
            if now != row.asked:
                yield MentionRow(row.unit, entries, now, None)

    def _same(self, rows: Iterable[NameRow]) -> tuple[list[SettledRow], set[int]]:
        """What names are called for an earlier one, and the units of all that have an earlier one."""
        first: dict[str, NameRow] = {}
        same: list[SettledRow] = []
        later: set[int] = set()
        for row in rows:
            markup = self.markups[row.format]
            name = bare(row.source, markup)
            if not name or (leader := first.setdefault(name, row)) is row:
                continue
            later.add(row.unit)
            if row.state is State.PENDING and leader.target is not None and not leader.flagged:
                called = bare(leader.target, self.markups[leader.format])
                if called:
                    target = markup.normalise(row.source).replace(name, called)
                    same.append(SettledRow(row.unit, State.TRANSLATED, target, from_memory=leader.known))
        return same, later

    def _entries(self, rows: Iterable[NameRow], decided: "_Decided") -> list[GlossaryEntry]:
        found = (self._listed(row, decided).entry for row in rows) if self.used else ()
        return [entry for entry in found if entry is not None]

    def _lowest(self, entries: Iterable[GlossaryEntry]) -> tuple[GlossaryEntry, ...]:
        """The entries of names as the lowest layer: each term once, and none that another layer decides."""
        both = self.glossary.above(entries).entries
        return both[: len(both) - len(self.glossary.entries)]

    def _listed(self, row: NameRow, decided: "_Decided") -> "Listed":
        found = _listed(row, self.markups[row.format])
        if found.entry is None:
            return found
        return replace(found, entry=None, reason=said) if (said := decided.instead(found.entry)) else found


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a glossary says of names. terms: by what they decide; alone: finds entries that are all of a text."""

    glossary: Glossary
    terms: Mapping[tuple[bool, str], GlossaryEntry]
    alone: Matcher

    @classmethod
    def of(cls, glossary: Glossary) -> "_Decided":
        patterns = (entry for entry in glossary.entries if entry.regex)
        return cls(glossary, {key(entry): entry for entry in glossary.entries}, Matcher(patterns))

    def instead(self, entry: GlossaryEntry) -> str:
        """Why a name makes no entry although it could, for people; "" where it makes one.

        A pattern that takes all of a name decides too: also one that holds for the word alone (`^装備$`), as glossaries
        have for words that mean something else in a sentence.
        """
        above = self.terms.get(key(entry))
        if above is None:
            name = normalised(entry.src.strip())
            above = next((hit for hit in self.alone.hits(entry.src) if hit.src == name), None)
        if above is not None:
            return f"the glossary says {above.dst}"
        return "the glossary takes it away" if key(entry) in self.glossary.taken_away else ""


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


def rounds(texts: Iterable[tuple[Segment, MarkupSyntax]]) -> list[list[str]]:
    """What names are called (as `spelled` has it), in rounds: what stands in a name is in an earlier one."""
    called: set[str] = set()
    sought: set[str] = set()
    for text, markup in texts:
        called.add(spelled(text, markup))
        name = bare(text.source, markup)
        if name is not None and not names.unfit(name, person=is_person(text)):
            sought.add(name)
    return nesting.rounds(called, sought)


def spelled(text: Segment, markup: MarkupSyntax) -> str:
    """What a name is called, for comparing it with others: without its codes."""
    return normalised(markup.plain(markup.normalise(text.source)).strip())


def is_person(text: Segment) -> bool:
    """Whether a name is what somebody is called: those are bound to the places that compare them."""
    return text.binding is not None


def as_asked(text: Segment, markup: MarkupSyntax) -> Segment:
    """The text in the role that it is asked in: a term that sentences mention is a name like others."""
    if text.role is not Role.TERM or (name := bare(text.source, markup)) is None or not names.is_called(name):
        return text
    return replace(text, role=Role.NAME)


def tells_speakers(profile: Profile) -> bool:
    """Whether a profile sends the name of who says a text along with it."""
    templates = profile.templates
    return bool(templates.speaker or templates.speakers) or profile.style is Style.JSON


def glossary_hits(
    text: Segment, matcher: Matcher, markup: MarkupSyntax, *, speakers: bool
) -> tuple[GlossaryEntry, ...]:
    """The entries that apply to a text, looked for where its codes and readings do not part its words.

    speakers: also those that apply to the name of who says it.
    """
    beside = markup.plain(markup.normalise(text.speaker)) if speakers and text.speaker else ""
    return matcher.hits(markup.plain(markup.normalise(text.source)), beside)


def _listed(row: NameRow, markup: MarkupSyntax) -> Listed:
    source = bare(row.source, markup)
    target = None if row.target is None else bare(row.target, markup)
    if source is None or (target is None and row.target is not None):
        return Listed(row.source, row.target, None, "has codes inside")
    if row.state is State.PENDING:
        return Listed(source, None, None, "not asked yet")
    person = is_person(row.mention.text)
    reason = names.refusal(source, target, person=person)
    if not reason and row.flagged:
        reason = "its translation needs a look"
    entry = None if reason or target is None else names.entry(source, target, person=person)
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
