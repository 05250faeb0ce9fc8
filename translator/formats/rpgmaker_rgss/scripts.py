r"""The strings of Ruby scripts that a rule names.

Comments, and all between `=begin` and `=end`, are passed over.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from translator.core.document import RefusedTargetError
from translator.formats.rpgmaker_rgss.collector import Cut
from translator.formats.rpgmaker_rgss.forms import IN_DOUBLE_QUOTES, IN_PATTERN, Form, literal_form
from translator.formats.rpgmaker_rgss.rules import (
    CASE,
    COMPARED,
    CONSTANT,
    EVENT_RULES,
    LISTED_RULES,
    STRING,
    VOCAB,
    WHEN,
    Rule,
    has_letters,
    is_file,
)

_BLOCK_COMMENT = regex.compile(r"^=begin\b.*?(?:^=end\b|\Z)", regex.DOTALL | regex.MULTILINE)
_TO_COMMENT = regex.compile(rf"(?:{STRING}|[^#\"'\n])*+#")
_COMMENTS_AND_STRINGS = regex.compile(rf"{_BLOCK_COMMENT.pattern}|#[^\n]*|{STRING}", regex.DOTALL | regex.MULTILINE)
_SPELLINGS = ("double", "single", "pattern")
"""The groups of a rule's pattern."""

Found = tuple[Rule, "regex.Match[str]"]


class Part(NamedTuple):
    """A string of a script that players read: its key in the script, where it stands, how it is spelled, what it is."""

    key: str
    cut: Cut
    raw: str
    form: Form
    rule: Rule

    def spell(self, key: str, target: str) -> str:
        """A translation as it is written. Raises RefusedTargetError."""
        spelled = self.form.spell(key, target, self.source)
        again = self.form if self.form is IN_PATTERN else literal_form(spelled, double=self.form is IN_DOUBLE_QUOTES)
        if not self.rule.takes(target) or again is None:
            raise RefusedTargetError(key, f"{target[:60]!r} would not be read as a text of this script")
        if again.read(spelled) != target:
            raise RefusedTargetError(key, f"{target[:60]!r} cannot be written in this script")
        return spelled

    @property
    def source(self) -> str:
        """What it says."""
        return self.form.read(self.raw)


def listed_parts(name: str, script: str) -> list[Part]:
    """The strings of one of the game's scripts, in order. name: the script's."""
    if '"' not in script and "'" not in script:
        return []
    found: list[Found] = []
    if "Vocab" in script:
        for module in VOCAB.finditer(script):
            found += ((CONSTANT, match) for match in CONSTANT.pattern.finditer(script, *module.span()))
    for rule in LISTED_RULES:
        if rule.scripts is None or rule.scripts.search(name):
            found += ((rule, match) for match in rule.pattern.finditer(script))
    return _parts(script, found, frozenset())


def compared_in(script: str) -> set[str]:
    """The strings, as they are spelled, that a script compares another with, or finds something by."""
    return {text for match in COMPARED.finditer(script) for group in _SPELLINGS[:2] for text in match.captures(group)}


def has_case(script: str) -> bool:
    """Whether a script in an event looks at a name case by case."""
    return CASE.search(script) is not None


def event_parts(script: str, names: frozenset[str], *, case: bool) -> list[Part]:
    """The strings of a script in an event, in order. names: those that actors of the game have. case: it goes on where
    `has_case` is true.
    """
    if '"' not in script and "'" not in script and "/" not in script:
        return []
    rules = (*EVENT_RULES, WHEN) if case else EVENT_RULES
    return _parts(script, ((rule, match) for rule in rules for match in rule.pattern.finditer(script)), names)


def other_strings(script: str, taken: Sequence[Cut]) -> Iterator[tuple[str, str]]:
    """The strings with letters that no rule names, comments aside, and why each is held back."""
    starts = {cut.start for cut in taken}
    for match in _COMMENTS_AND_STRINGS.finditer(script):
        group = "single" if match["double"] is None else "double"
        text = match[group]
        if text and match.start(group) not in starts and has_letters(text):
            yield text, "file name" if is_file(text) else "script"


def _parts(script: str, found: Iterable[Found], names: frozenset[str]) -> list[Part]:
    comments = _Comments(script)
    counts: Counter[str] = Counter()
    parts: list[Part] = []
    seen: set[int] = set()
    for cut, group, rule, match in sorted(_strings(found), key=lambda one: one[0]):
        counts[rule.kind] += 1
        raw = script[slice(*cut)]
        form = IN_PATTERN if group == "pattern" else literal_form(raw, double=group == "double")
        if cut.start in seen or form is None or comments.hold(cut.start - 1):
            continue
        text = form.read(raw)
        if not rule.takes(text) or (rule.name and text not in names):
            continue
        seen.add(cut.start)
        key = f"{rule.kind}/{match['name'] if rule is CONSTANT else counts[rule.kind]}"
        parts.append(Part(key, cut, raw, form, rule))
    return parts


def _strings(found: Iterable[Found]) -> Iterator[tuple[Cut, str, Rule, "regex.Match[str]"]]:
    """Each string that was found, and the group that says how it is spelled."""
    for rule, match in found:
        for group in _SPELLINGS:
            if group in rule.pattern.groupindex:
                for span in match.spans(group):
                    yield Cut(*span), group, rule, match


class _Comments:
    """The comments of a script: behind a mark on a line, and in blocks."""

    __slots__ = ("_at", "_blocks", "_mark", "_script")

    def __init__(self, script: str) -> None:
        self._script = script
        blocks = "=begin" in script
        self._blocks = [match.span() for match in _BLOCK_COMMENT.finditer(script)] if blocks else []
        self._at = 0
        self._mark = self._marked(0)

    def _marked(self, line: int) -> int:
        """Where the mark of a comment is on the line that begins at a place, the script's end for none."""
        found = _TO_COMMENT.match(self._script, line)
        return found.end() if found else len(self._script)

    def hold(self, at: int) -> bool:
        """Whether a place is in a comment. Each is asked for after those before it: a line is looked at once."""
        line = self._script.rfind("\n", self._at, at) + 1
        if line:
            self._mark = self._marked(line)
        self._at = at
        index = bisect_right(self._blocks, (at, len(self._script))) - 1
        return at >= self._mark or (index >= 0 and at < self._blocks[index][1])
