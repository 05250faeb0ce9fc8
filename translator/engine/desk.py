"""Everything that is fixed for a job, as the rules of the engine need it."""

from collections.abc import Mapping
from dataclasses import dataclass

from translator.core.finding import Severity
from translator.core.languages import Language
from translator.core.markup import NO_MARKUP, MarkupSyntax
from translator.core.work import GlossaryEntry
from translator.profiles.profile import Profile


@dataclass(frozen=True, slots=True)
class Desk:
    """What every request of a job shares.

    markups: by format id. num_ctx: the context window (tokens) of one slot. structured: whether the server holds
    answers to a JSON schema. host: where the requests go, for the record. checks: how bad the findings of a check are
    (None: it is off), above what the profile says. forbidden: the glossary's words that no translation may have.
    split: whether a message that overflows its window may go on in another one. terms: the glossary's entries in force,
    also those that are in no text (a speaker's name).
    """

    profile: Profile
    source: Language
    target: Language
    model: str
    num_ctx: int
    markups: Mapping[str, MarkupSyntax]
    structured: bool = False
    host: str = ""
    checks: tuple[tuple[str, Severity | None], ...] = ()
    split: bool = False
    forbidden: tuple[GlossaryEntry, ...] = ()
    terms: tuple[GlossaryEntry, ...] = ()

    def markup(self, format_id: str) -> MarkupSyntax:
        """The markup of a format's texts; none for a format without an entry."""
        return self.markups.get(format_id, NO_MARKUP)

    @property
    def line_characters(self) -> int:
        """A line longer than this is parted: the profile's limit, or less in a window smaller than the profile's."""
        budget = self.profile.budget
        return max(min(budget.line_characters, budget.line_characters * self.num_ctx // budget.num_ctx), 20)

    @property
    def json(self) -> bool:
        """Whether requests ask for JSON by a schema."""
        return self.structured and self.profile.structured
