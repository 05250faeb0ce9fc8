"""What a job's translations are held to: how bad each check's findings are, the glossary, the windows."""

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import islice

from translator import __version__
from translator.core.finding import Finding, Severity
from translator.core.work import GlossaryEntry, State
from translator.engine.checks import Decisions, Overrides, all_checks, decisions, examine
from translator.engine.desk import Desk
from translator.engine.run import Fallback
from translator.glossary.layers import Glossary
from translator.profiles import Profile
from translator.store import Store
from translator.store.rows import JobRow
from translator.workflow.errors import UsageError
from translator.workflow.output import digest
from translator.workflow.server import Server

OFF = "off"
LEVELS = (OFF, *(severity.value for severity in Severity))
"""What `--check` can say of a check."""

_AT_ONCE = 1000
_MADE_ON_THE_WAY = {"empty", "lines", "markup", "speaker"}
"""Codes of checks under which `engine.prepare` has findings of its own."""


@dataclass(frozen=True, slots=True)
class Standards:
    """What holds beside the profile. checks: what `--check` says. split: a message may go on in another one.

    terms, forbidden: the glossary's entries in force.
    """

    checks: Overrides = ()
    split: bool = False
    terms: tuple[GlossaryEntry, ...] = ()
    forbidden: tuple[GlossaryEntry, ...] = ()

    @classmethod
    def of(cls, words: Iterable[str], *, split: bool, glossary: Glossary) -> "Standards":
        """The standards of a command. words: of `--check`. Raises UsageError."""
        return cls(severities(words), split, glossary.entries, glossary.forbidden)

    def on(self, desk: Desk) -> Desk:
        """The desk with these standards."""
        return replace(desk, checks=self.checks, split=self.split, terms=self.terms, forbidden=self.forbidden)

    def at(self, server: Server) -> Server:
        """The server with these standards on its desk, and on that of the model that stands in."""
        second = server.fallback
        fallback = None if second is None else Fallback(self.on(second.desk), second.hosts)
        return replace(server, desk=self.on(server.desk), fallback=fallback)

    def decided(self, profile: Profile) -> Decisions:
        """How bad the findings of each check are that somebody decided."""
        return decisions(profile.severities, self.checks)

    def name(self, profile: Profile) -> str:
        """Names all that decides what is found in a translation and how bad it is."""
        decided = sorted((code, severity and severity.value) for code, severity in self.decided(profile).items())
        # Terms are no part of it: those that apply to a text are in the text's hash.
        parts = (decided, sorted(astuple(entry) for entry in self.forbidden), self.split, __version__)
        return digest(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def severities(words: Iterable[str]) -> Overrides:
    """What `--check CODE=LEVEL` says, each code once: the last word counts. Raises UsageError."""
    found: dict[str, Severity | None] = {}
    codes = [check.code for check in all_checks()]
    for word in words:
        code, said, level = (part.strip().lower() for part in word.partition("="))
        if not said or level not in LEVELS:
            raise UsageError(
                f"--check {word}: {level or 'nothing'} is none of {', '.join(LEVELS)}",
                hint=f"Write it so: --check {code or 'glossary'}=warning",
            )
        if code not in codes:
            near = difflib.get_close_matches(code, codes, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UsageError(f"--check {word}: no check is called {code}", hint=f"{hint}There are: {', '.join(codes)}.")
        found.pop(code, None)
        found[code] = None if level == OFF else Severity(level)
    return tuple(found.items())


def examine_again(store: Store, job: JobRow, desk: Desk, *, everything: bool) -> int:
    """Hold what is translated already to the desk's standards; how many texts are asked for again because of it.

    everything: all of it, as the standards have changed, and fit it to its places anew; else only what the memory gave
    in this run. What has an error now is asked again; what has other findings than it had is flagged anew.
    """
    if everything:
        store.forget_outputs(job)
    asked = 0
    verdicts = _verdicts(store, job, desk, recalled=not everything)
    while part := list(islice(verdicts, _AT_ONCE)):
        store.review(job, part)
        asked += sum(state is State.PENDING for _, state, _ in part)
    return asked


def _verdicts(
    store: Store, job: JobRow, desk: Desk, *, recalled: bool
) -> Iterator[tuple[int, State, Sequence[Finding]]]:
    decided = decisions(desk.profile.severities, desk.checks)
    gone = {check.code for check in all_checks()} - _MADE_ON_THE_WAY | {code for code in decided if not decided[code]}
    for unit, target, before in store.translated_units(job, recalled=recalled):
        found = examine(desk, unit, target)
        # What was found on the way to the translation (codes put back by rule) is as true as before.
        again = gone | {finding.code for finding in found}
        found = (*(finding for finding in before if finding.code not in again), *found)
        wrong = any(finding.severity is Severity.ERROR for finding in found)
        if wrong or found != before:
            yield unit.id, State.PENDING if wrong else State.TRANSLATED, () if wrong else found
