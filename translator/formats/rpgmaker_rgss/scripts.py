r"""The strings of Ruby scripts that a rule names.

Lines that are comments, and all between `=begin` and `=end`, are passed over.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from translator.core.document import RefusedTargetError
from translator.core.segment import Role
from translator.formats.rpgmaker_rgss.collector import Cut
from translator.formats.rpgmaker_rgss.forms import IN_DOUBLE_QUOTES, Form, literal_form
from translator.formats.rpgmaker_rgss.rules import (
    CONSTANT,
    EVENT_RULES,
    LISTED_RULES,
    STRING,
    VOCAB,
    Rule,
    is_language,
)

_BLOCK_COMMENT = regex.compile(r"^=begin\b.*?(?:^=end\b|\Z)", regex.DOTALL | regex.MULTILINE)
_ANY_STRING = regex.compile(STRING)


Found = tuple[Rule, "regex.Match[str]"]


class Part(NamedTuple):
    """A string of a script that players read: its key in the script, where it stands, how it is spelled, what it is.

    name: it is an actor's. language: it is only taken while it can be language.
    """

    key: str
    cut: Cut
    raw: str
    form: Form
    role: Role
    name: bool
    language: bool

    def spell(self, key: str, target: str) -> str:
        """A translation as it is written. Raises RefusedTargetError."""
        spelled = self.form.spell(key, target, self.source)
        double = self.form is IN_DOUBLE_QUOTES
        again = literal_form(spelled, double=double)
        if not target.strip() or (self.language and not is_language(target)) or again is None:
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
        if rule.scripts is None or rule.scripts.match(name):
            found += ((rule, match) for match in rule.pattern.finditer(script))
    return _parts(script, found, frozenset())


def event_parts(script: str, names: frozenset[str]) -> list[Part]:
    """The strings of a script in an event, in order. names: those that actors of the game have."""
    if '"' not in script and "'" not in script:
        return []
    return _parts(script, ((rule, m) for rule in EVENT_RULES for m in rule.pattern.finditer(script)), names)


def other_strings(script: str, taken: Sequence[Cut]) -> Iterator[str]:
    """The strings that no rule names and that hold letters above ASCII, comments aside."""
    if script.isascii():
        return
    starts = {cut.start for cut in taken}
    comments = _comments(script)
    for match in _ANY_STRING.finditer(script):
        group = "single" if match["double"] is None else "double"
        text = match[group]
        if not text.isascii() and match.start(group) not in starts and not _in_comment(script, match.start(), comments):
            yield text


def _parts(script: str, found: Iterable[Found], names: frozenset[str]) -> list[Part]:
    comments = _comments(script)
    counts: Counter[str] = Counter()
    parts: list[Part] = []
    seen: set[int] = set()
    for rule, match in sorted(found, key=lambda one: one[1].start()):
        group = "single" if match["double"] is None else "double"
        cut = Cut(*match.span(group))
        counts[rule.kind] += 1
        form = literal_form(match[group], double=group == "double")
        if cut.start in seen or form is None or _in_comment(script, match.start(), comments):
            continue
        text = form.read(match[group])
        language = rule is not CONSTANT
        if not text.strip() or (language and not is_language(text)) or (rule.name and text not in names):
            continue
        seen.add(cut.start)
        key = f"{rule.kind}/{match['name'] if rule is CONSTANT else counts[rule.kind]}"
        parts.append(Part(key, cut, match[group], form, rule.role, rule.name, language))
    return parts


def _comments(script: str) -> list[tuple[int, int]]:
    return [match.span() for match in _BLOCK_COMMENT.finditer(script)] if "=begin" in script else []


def _in_comment(script: str, at: int, comments: Sequence[tuple[int, int]]) -> bool:
    """Whether a place is on a line that is a comment, or in a block of them."""
    line = script.rfind("\n", 0, at) + 1
    if script[line : at + 1].lstrip().startswith("#"):
        return True
    index = bisect_right(comments, (at, len(script))) - 1
    return index >= 0 and at < comments[index][1]
