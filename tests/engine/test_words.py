from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.desk import Desk
from translator.engine.prepare import is_word, prepare, restore
from translator.profiles import all_profiles
from translator.profiles.profile import WordForm, Words

PROFILES = all_profiles(Path("/nonexistent"))
MARKUP = MarkupSyntax((MarkupRule(r"\\[A-Z]\[\d+\]"),))


def desk(form: WordForm = WordForm.QUOTES, characters: int = 12, profile: str = "sakura-v1.0") -> Desk:
    changed = replace(PROFILES[profile], words=Words(characters=characters, form=form, group=4))
    return Desk(changed, language("ja"), language("zh-CN"), "model", 2048, {"mv": MARKUP})


def unit(text: str, role: Role = Role.NAME, notes: tuple[str, ...] = (), speaker: str | None = None) -> Unit:
    return Unit(0, text, role, "scene", "mv", notes=notes, speaker=speaker)


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("勇者の剣", Role.NAME, True),
        ("攻撃力", Role.TERM, True),
        ("はい", Role.CHOICE, True),
        ("スライム２", Role.NAME, True),
        ("回復薬（大）", Role.NAME, True),
        ("Dr.ワイリー", Role.NAME, True),
        ("\\C[2]勇者の剣\\C[0]", Role.NAME, True),
        (" 剣 ", Role.NAME, True),
        ("剣", Role.DIALOGUE, False),
        ("剣", Role.DESCRIPTION, False),
        ("はい、行きます", Role.CHOICE, False),
        ("逃げる！", Role.CHOICE, False),
        ("本当に？", Role.CHOICE, False),
        ("「静かに」", Role.CHOICE, False),
        ("一行目\n二行目", Role.NAME, False),
        ("この選択肢はとても長いので語ではない", Role.CHOICE, False),
        ("", Role.NAME, False),
    ],
)
def test_a_word_is_a_short_name_term_or_choice_without_a_sentences_signs(
    text: str, role: Role, *, expected: bool
) -> None:
    assert is_word(unit(text, role), desk()) is expected


def test_a_profile_that_names_no_length_has_no_words() -> None:
    assert not is_word(unit("剣"), desk(characters=0))


def test_a_word_is_sent_as_speech_and_comes_back_without_the_marks() -> None:
    ready = prepare(unit("\\C[2]勇者の剣\\C[0]"), desk())
    assert ready.lines == ("「勇者の剣」",)
    for answer in ("「勇者之剑」", "“勇者之剑”", "『勇者之剑。』", "「勇者之剑」。", '"勇者之剑"', "勇者之剑"):
        restored = restore(ready, [answer], desk())
        assert (restored.target, restored.findings) == ("\\C[2]勇者之剑\\C[0]", ())


@pytest.mark.parametrize(
    "answer", ["「勇者之剑", "勇者之剑」", "「勇者」「之剑」", "「勇者之剑」他说道", "他说「勇者之剑」"]
)
def test_an_answer_of_which_it_is_not_certain_what_is_the_word_is_an_error(answer: str) -> None:
    [finding] = restore(prepare(unit("勇者の剣"), desk()), [answer], desk()).findings
    assert (finding.code, finding.severity) == ("words", Severity.ERROR)


def test_an_answer_with_nothing_between_the_marks_is_empty() -> None:
    assert [f.code for f in restore(prepare(unit("剣"), desk()), ["「」"], desk()).findings] == ["empty"]


def test_a_sentence_is_sent_as_it_is() -> None:
    assert prepare(unit("剣だ。", Role.DIALOGUE), desk()).lines == ("剣だ。",)


def test_a_description_goes_along_and_its_answer_is_not_used() -> None:
    where = desk(WordForm.DESCRIBED)
    ready = prepare(unit("勇者の剣", notes=("follows a name", "伝説の\n勇者が使った剣。")), where)
    assert ready.lines == ("勇者の剣", "伝説の 勇者が使った剣。")
    assert restore(ready, ["勇者之剑", "传说中的勇者用过的剑。"], where).target == "勇者之剑"
    assert prepare(unit("剣", notes=("follows a name",)), where).lines == ("剣",)


def test_plain_words_are_sent_bare() -> None:
    where = desk(WordForm.PLAIN)
    ready = prepare(unit("剣"), where)
    assert ready.lines == ("剣",)
    assert restore(ready, ["「剑」"], where).target == "「剑」"


def test_what_somebody_says_has_its_quotation_marks_already() -> None:
    where = desk(profile="galtransl-v3")
    assert prepare(unit("はい", Role.CHOICE, speaker="アリス"), where).lines == ("アリス「はい」",)


@given(st.text(st.sampled_from("剣の勇者アＡ1ー・（） "), min_size=1, max_size=12), st.sampled_from(WordForm))
def test_an_answer_equal_to_what_was_sent_gives_the_word_again(text: str, form: WordForm) -> None:
    where = desk(form)
    ready = prepare(unit(text), where)
    restored = restore(ready, ready.lines, where)
    assert (restored.target, restored.findings) == (text, ())
