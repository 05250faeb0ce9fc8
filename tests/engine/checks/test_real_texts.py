"""People's translations of a real game: hardly any may be flagged."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.checks import examine
from translator.engine.desk import Desk
from translator.profiles import all_profiles

RENPY = MarkupSyntax((MarkupRule(r"\{[^}]*\}"), MarkupRule(r"\[\w[^\]]*\]", cells=4), MarkupRule(r"%\(\w+\)s|%[sd]")))
KNOWN = {"markup", "chatter"}
"""What is really wrong there: codes that were left out, and notes that the translators wrote into the text."""


@pytest.mark.parametrize(
    "pair",
    [("ja", "zh-CN"), ("ja", "en"), ("en", "zh-CN"), ("zh-CN", "en"), ("en", "ja"), ("zh-CN", "ja")],
)
def test_hardly_any_line_is_flagged(pair: tuple[str, str], corpus: Callable[[str], Path]) -> None:
    lines = (corpus("parallel") / "renpy-ja-zh.jsonl").read_text("utf-8").splitlines()
    chat = all_profiles(Path("/nonexistent"))["chat"]
    desk = Desk(chat, language(pair[0]), language(pair[1]), "model", 2048, {"renpy": RENPY})
    flagged: Counter[str] = Counter()
    for row in map(json.loads, lines):
        unit = Unit(0, row[pair[0][:2]], Role.DIALOGUE, "", "renpy", speaker=row["speaker"] or None)
        found = examine(desk, unit, row[pair[1][:2]])
        flagged.update({f.code for f in found if f.severity is not Severity.INFO})
    assert len(lines) > 1000
    assert sum(count for code, count in flagged.items() if code not in KNOWN) <= len(lines) / 250
    assert all(flagged[code] < len(lines) / 100 for code in KNOWN)
