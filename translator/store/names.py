"""A job's names, and the texts that mention them."""

from collections.abc import Generator, Iterable, Sequence
from typing import NamedTuple, cast

from translator.core.segment import Role, Segment
from translator.core.work import GlossaryEntry, State
from translator.store.encoding import glossary_to_json
from translator.store.part import Part
from translator.store.plan import PENDING
from translator.store.rows import STATE_NUMBERS, STATES, JobRow
from translator.store.schema import NAMES_OFF, unit_range

_READ_AT_ONCE = 2000
_KEPT = STATE_NUMBERS[State.KEPT]
_NAMES = "FROM units INDEXED BY units_names WHERE job = ? AND role = 'name'"
_EDIT = "(SELECT min(s.edit) FROM segments s WHERE s.unit = units.id AND s.edit IS NOT NULL)"
_MENTIONING = "FROM units INDEXED BY units_mentioning WHERE job = ? AND asked IS NOT NULL"
_ALL = "FROM units NOT INDEXED WHERE job = ?"
_ROLES = {role.value: role for role in Role}
_TEXT = "id, hash, asked, source, role, speaker, binding, format"
_Text = tuple[int, bytes, bytes | None, str, str, str | None, str | None, str]
_Name = tuple[int, bytes, bytes | None, str, str, str | None, str | None, str, int, str | None, int, int, str | None]


class TextRow(NamedTuple):
    """A unit that may mention names. hash: by the entries of all layers but the names; asked: by all of them.

    text: what the unit's hash is made of.
    """

    unit: int
    hash: bytes
    asked: bytes
    format: str
    text: Segment


class NameRow(NamedTuple):
    """A unit that is a name; it may mention others, as `mention` has it. target: its translation, not wrapped; flagged:
    a person should look at it; known: it was translated before this run.
    """

    mention: TextRow
    state: State
    target: str | None
    flagged: bool
    known: bool

    @property
    def unit(self) -> int:
        """Its id."""
        return self.mention.unit

    @property
    def source(self) -> str:
        """The name, markup included."""
        return self.mention.text.source

    @property
    def format(self) -> str:
        """The id of the format whose markup it has."""
        return self.mention.format


class MentionRow(NamedTuple):
    """The glossary entries that apply to a unit now, its hash with them, and its translation in the memory, if any."""

    unit: int
    glossary: Sequence[GlossaryEntry]
    hash: bytes
    target: str | None


def _text(row: _Text) -> TextRow:
    number, name, asked, source, role, speaker, binding, format_id = row
    text = Segment("", source, _ROLES[role], speaker=speaker, binding=binding)
    return TextRow(number, name, asked or name, format_id, text)


class Names(Part):
    """The store's methods for names: units of the role NAME."""

    def takes_names(self, job: JobRow) -> bool:
        """Whether the job's names become entries. Not in a job that was begun before there was such a thing."""
        return self.names_in_force(job) != NAMES_OFF

    def names_in_force(self, job: JobRow) -> str:
        """Names the entries that all of the job's units were last compared with, "" if some were not."""
        return cast("str", self._quick.rows("SELECT names_digest FROM jobs WHERE number = ?", (job.number,))[0][0])

    def take_names(self, job: JobRow) -> None:
        """From now on the job's names become entries, whenever it was begun."""
        self._quick.write("UPDATE jobs SET names_digest = '' WHERE number = ?", (job.number,))

    def names(self, job: JobRow) -> list[NameRow]:
        """The job's names in reading order; those that are kept as they are are none."""
        rows = self._quick.rows(
            f"SELECT {_TEXT}, state, target, flagged, from_memory OR run < ?, {_EDIT}"
            f" {_NAMES} AND state <> {_KEPT} ORDER BY id",
            (job.runs, job.number),
        )
        return [
            NameRow(_text(row[:8]), STATES[row[8]], row[9], row[10] != 0, row[11] != 0)
            if row[12] is None
            else NameRow(_text(row[:8]), State.TRANSLATED, row[12], flagged=False, known=True)  # a person's
            for row in cast("list[_Name]", rows)
        ]

    def count_pending_names(self, job: JobRow) -> int:
        """How many names are still to be asked."""
        sql = f"SELECT count(*) {_NAMES} AND state = {PENDING}"
        return cast("int", self._quick.rows(sql, (job.number,))[0][0])

    def texts(self, job: JobRow, *, mentioning: bool = False) -> Generator[TextRow]:
        """The units that are no names and not kept as they are, in reading order, read as they are consumed.

        mentioning: only those to which entries of names applied so far.
        """
        last, high = unit_range(job.number)
        stored = _MENTIONING if mentioning else _ALL
        while True:
            rows = cast(
                "list[_Text]",
                self._quick.rows(
                    f"SELECT {_TEXT} {stored}"
                    f" AND id > ? AND id <= ? AND role <> 'name' AND state <> {_KEPT} ORDER BY id"
                    f" LIMIT {_READ_AT_ONCE}",
                    (job.number, last, high),
                ),
            )
            yield from map(_text, rows)
            if len(rows) < _READ_AT_ONCE:
                return
            last = rows[-1][0]

    def put_mentions(self, job: JobRow, rows: Iterable[MentionRow]) -> None:
        """Ask units again with the entries that apply to them now, or take what the memory has for them.

        They leave their batches; what was written for them is to be fitted again.
        """
        with self._quick.transaction():
            for row in rows:
                known = row.target is not None
                self._quick.write(
                    "UPDATE units SET glossary = ?, asked = nullif(?, hash), state = ?, target = ?, from_memory = ?,"
                    " run = ?, batch = NULL, findings = NULL, flagged = 0 WHERE id = ? AND job = ?",
                    (
                        glossary_to_json(row.glossary), row.hash,
                        STATE_NUMBERS[State.TRANSLATED if known else State.PENDING], row.target, known, job.runs,
                        row.unit, job.number,
                    ),
                )  # fmt: skip
                self._quick.write(
                    "UPDATE segments SET output = NULL, findings = NULL, flagged = 0 WHERE unit = ?", (row.unit,)
                )

    def put_names_in_force(self, job: JobRow, digest: str) -> None:
        """Note that all of the job's units were compared with the entries of this digest ("": not all)."""
        self._quick.write(
            "UPDATE jobs SET names_digest = ? WHERE number = ? AND names_digest <> ?",
            (digest, job.number, NAMES_OFF),
        )
