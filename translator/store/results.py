"""How a job's segments stand: for writing files, for counting, for people."""

import json
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from typing import cast

from translator.core.finding import Finding, Severity
from translator.core.jsonvalue import as_list
from translator.core.work import State
from translator.store.encoding import findings_from_json, findings_to_json, numbers_from_json
from translator.store.part import Part
from translator.store.plan import FAILED, TRANSLATED, is_flagged
from translator.store.rows import STATES, AttemptRow, Counts, JobRow, ProblemRow, ResultRow, Tally
from translator.store.schema import unit_range

# A translation that its place could not hold (a finding there, and no output) leaves the source: failed, there alone.
# What a person decided for a place stands there, whatever became of its text elsewhere.
_AT_PLACE = (
    f"CASE WHEN s.edit IS NOT NULL THEN {TRANSLATED}"
    f" WHEN s.flagged AND s.output IS NULL AND u.state = {TRANSLATED} THEN {FAILED} ELSE u.state END"
)
_COUNTED = "{state}, {flagged}, u.from_memory OR u.run < ?, count(*)"
_OF_SEGMENTS = _COUNTED.format(state=_AT_PLACE, flagged="s.edit IS NULL AND (u.flagged OR s.flagged)")
_OF_UNITS = _COUNTED.format(state="u.state", flagged="u.flagged")
_Group = tuple[int, int, int, int]
_Attempt = tuple[int, str, int, float, str, str, str, str, str, int, int, float, str, str | None]


class Results(Part):
    """The store's methods for what became of a job's texts."""

    def results(self, job: JobRow, ordinal: int) -> list[ResultRow]:
        """The segments of one document in reading order, as they stand."""
        rows = self._quick.rows(
            "SELECT s.key, s.unit, u.state, u.source, u.target, s.output, u.from_memory, u.findings, s.findings, s.edit"
            " FROM documents d JOIN segments s ON s.document = d.number JOIN units u ON u.id = s.unit"
            " WHERE d.job = ? AND d.ordinal = ? ORDER BY s.position",
            (job.number, ordinal),
        )
        return [
            ResultRow(
                key, unit, STATES[state], source, target, output, from_memory != 0,
                findings_from_json(of_unit) + findings_from_json(of_place) if of_unit or of_place else (), edit,
            )
            for key, unit, state, source, target, output, from_memory, of_unit, of_place, edit in cast(
                "list[tuple[str, int, int, str, str | None, str | None, int, str | None, str | None, str | None]]", rows
            )
        ]  # fmt: skip

    def save_outputs(
        self, job: JobRow, ordinal: int, outputs: Mapping[str, tuple[str | None, Sequence[Finding]]]
    ) -> None:
        """Store, by key, the texts of a document as fitted to their places and what the fitting found.

        None for a text that keeps its source. Raises KeyError for a key that the document does not have.
        """
        with self._quick.transaction():
            rows = self._quick.rows(
                "SELECT s.key, s.position, s.document FROM documents d JOIN segments s ON s.document = d.number"
                " WHERE d.job = ? AND d.ordinal = ?",
                (job.number, ordinal),
            )
            places = {key: (position, document) for key, position, document in rows}
            self._quick.write_many(
                "UPDATE segments SET output = ?, findings = ?, flagged = ? WHERE position = ? AND document = ?",
                [
                    (output, findings_to_json(findings), is_flagged(findings), *places[key])
                    for key, (output, findings) in outputs.items()
                ],
            )

    def counts(self, job: JobRow) -> Counts:
        """How many segments and units stand how. from_memory: known before the job's current run (`begin_run`)."""
        segments = self._quick.rows(
            f"SELECT {_OF_SEGMENTS} FROM documents d"  # noqa: S608 - constants
            " JOIN segments s ON s.document = d.number JOIN units u ON u.id = s.unit WHERE d.job = ? GROUP BY 1, 2, 3",
            (job.runs, job.number),
        )
        units = self._quick.rows(
            f"SELECT {_OF_UNITS} FROM units u WHERE u.id BETWEEN ? AND ? GROUP BY 1, 2, 3",  # noqa: S608 - constants
            (job.runs, *unit_range(job.number)),
        )
        ((documents,),) = self._quick.rows("SELECT count(*) FROM documents WHERE job = ?", (job.number,))
        return Counts(
            cast("int", documents), _tally(cast("list[_Group]", segments)), _tally(cast("list[_Group]", units))
        )

    def problems(self, job: JobRow) -> Generator[ProblemRow]:
        """The segments that kept their source for want of a translation, or are flagged, in reading order."""
        documents = self._quick.rows("SELECT number, path FROM documents WHERE job = ? ORDER BY ordinal", (job.number,))
        for number, path in cast("list[tuple[int, str]]", documents):
            rows = self._quick.rows(
                f"SELECT s.key, u.source, coalesce(s.output, u.target), u.findings, s.findings, {_AT_PLACE}"  # noqa: S608 - constants
                " FROM segments s JOIN units u ON u.id = s.unit WHERE s.document = ?"
                " AND s.edit IS NULL AND (u.flagged OR s.flagged OR u.state = ?) ORDER BY s.position",
                (number, FAILED),
            )
            for key, source, target, of_unit, of_place, state in cast(
                "list[tuple[str, str, str | None, str | None, str | None, int]]", rows
            ):
                findings = findings_from_json(of_unit) + findings_from_json(of_place)
                failed = state == FAILED
                reason = "; ".join(dict.fromkeys(finding.message for finding in findings))
                yield ProblemRow(path, key, source, None if failed else target, reason, failed)

    def asked_again(self, job: JobRow) -> set[int]:
        """The units that more than one request asked for."""
        rows = self._quick.rows(
            "SELECT asked.value FROM attempts a, json_each(a.units) asked WHERE a.job = ?"
            " GROUP BY asked.value HAVING count(*) > 1",
            (job.number,),
        )
        return {cast("int", unit) for (unit,) in rows}

    def attempts(self, job: JobRow, units: Collection[int]) -> dict[int, list[AttemptRow]]:
        """The requests that asked for each of these units, the oldest first, in whichever batch it was then.

        Each is read once, however many of the units it asked for.
        """
        listed = self._quick.rows("SELECT number, units FROM attempts WHERE job = ? ORDER BY number", (job.number,))
        found: dict[int, list[AttemptRow]] = {unit: [] for unit in units}
        hits = [
            number
            for number, asked in cast("list[tuple[int, str]]", listed)
            if not found.keys().isdisjoint(numbers_from_json(asked))
        ]
        rows = self._quick.rows_in(
            "SELECT batch, units, attempt, created, host, prompt_hash, sampling, reply, stop, prompt_tokens,"
            " output_tokens, seconds, model, findings FROM attempts WHERE number IN {in} ORDER BY number",
            hits,
        )
        for row in cast("Iterable[_Attempt]", rows):
            attempt = AttemptRow(row[0], numbers_from_json(row[1]), *row[2:13], _findings_of_attempt(row[13]))
            for unit in found.keys() & attempt.units:
                found[unit].append(attempt)
        return found


def _findings_of_attempt(text: str | None) -> tuple[Finding, ...]:
    """The findings of a request; earlier versions stored their codes alone."""
    values = as_list(json.loads(text)) if text else []
    codes = [value for value in values if isinstance(value, str)]
    return tuple(Finding(code, Severity.ERROR, code) for code in codes) if codes else findings_from_json(text)


def _tally(groups: Iterable[_Group]) -> Tally:
    by_state = dict.fromkeys(STATES, 0)
    flagged = known = 0
    for state, is_flagged_, was_known, count in groups:
        by_state[STATES[state]] += count
        if STATES[state] is State.TRANSLATED:
            flagged += count if is_flagged_ else 0
            known += count if was_known else 0
    return Tally(
        total=sum(by_state.values()),
        translated=by_state[State.TRANSLATED],
        from_memory=known,
        kept=by_state[State.KEPT],
        failed=by_state[State.FAILED],
        flagged=flagged,
        pending=by_state[State.PENDING],
    )
