"""Answers of a real model, as it gave them: what must be flagged, and what must not.

`real_answers.jsonl` was written down from `make demo` (Gemma 3 270M, four bits, the sample game for RPG Maker MV,
Japanese to English, November 2026): the code of what is wrong with an answer, "" where nothing is that a check can see.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.jsonvalue import as_object, get_str

Flaws = Callable[..., list[Finding]]
ANSWERS = [
    as_object(json.loads(line))
    for line in Path(__file__).with_name("real_answers.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("said", ANSWERS, ids=lambda said: f"{said['code'] or 'nothing'} {said['source']}")
def test_an_answer_is_flagged_for_what_is_wrong_with_it(said: dict[str, object], flaws: Flaws) -> None:
    code = get_str(said, "code")
    found = flaws(code, get_str(said, "source"), get_str(said, "answer"), ("ja", "en"))
    bad = [finding for finding in found if finding.severity is not Severity.INFO]
    assert bool(bad) == bool(code)
