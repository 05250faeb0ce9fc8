from gettext import c2py

import pytest

from translator.core.languages import LANGUAGES
from translator.core.plurals import examples, plural_rule, read_rule


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_a_rule_whose_forms_are_all_taken(code: str) -> None:
    rule = read_rule(plural_rule(code) or "")
    assert rule is not None
    count, expression = rule
    assert expression is not None
    taken = examples(expression, count)
    assert len(taken) == count
    assert all(c2py(expression)(number) == form for form, numbers in enumerate(taken) for number in numbers)
    assert all(taken)


def test_japanese_and_chinese_have_one_form() -> None:
    assert [plural_rule(code) for code in ("ja", "zh-CN", "zh-TW")] == ["nplurals=1; plural=0;"] * 3
    assert plural_rule(None) is None


@pytest.mark.parametrize("rule", ["nplurals=INTEGER; plural=EXPRESSION;", "", "nplurals=0; plural=0;", "nplurals=999;"])
def test_a_template_s_rule_is_none(rule: str) -> None:
    assert read_rule(rule) is None


@pytest.mark.parametrize("expression", ["n ==", "(" * 500 + "n" + ")" * 500, "__import__('os')", "1/n", "n", "n n"])
def test_an_expression_that_cannot_be_worked_out_has_no_examples(expression: str) -> None:
    assert examples(expression, 2) == ()
