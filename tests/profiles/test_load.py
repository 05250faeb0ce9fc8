from dataclasses import replace
from pathlib import Path

import pytest

from translator.core.backend import Sampling
from translator.core.finding import Severity
from translator.core.segment import Role
from translator.profiles import ProfileError, all_profiles, load_profile, read_profile
from translator.profiles.profile import After, Budget, ContextPolicy, Normalisation, Runs, Style, WordForm, Words

SMALL = """
id = "mine"
title = "Mine"
version = 3
style = "lines"

[languages]
default = ["ja", "en"]

[templates]
user = "{text}"
"""


def test_every_shipped_profile_loads_under_its_own_name(tmp_path: Path) -> None:
    known = all_profiles(tmp_path)
    assert set(known) == {
        "chat", "completion", "galtransl-v3", "pseudo", "reasoning",
        "sakura-v0.9", "sakura-v0.10", "sakura-v1.0", "sakura-v1.5",
    }  # fmt: skip
    assert all(profile.id == name for name, profile in known.items())


def test_what_a_file_does_not_say_is_the_default() -> None:
    profile = read_profile(SMALL.encode(), "mine.toml")
    assert profile.version == 3
    assert profile.sampling == Sampling()
    assert profile.budget == Budget()
    assert profile.retries == ()
    assert not profile.takes_glossary
    assert profile.supports("ko", "fr")


def test_the_fingerprint_follows_the_content_and_not_the_line_ends() -> None:
    first = read_profile(SMALL.encode(), "a.toml")
    assert read_profile(SMALL.replace("\n", "\r\n").encode(), "b.toml").fingerprint == first.fingerprint
    assert read_profile(SMALL.replace('"{text}"', '"{text} "').encode(), "a.toml").fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("[sampling]\ntemprature = 0.3", "sampling.temprature"),
        ('[sampling]\ntemperature = "hot"', "sampling.temperature"),
        ("[budget]\nlines = 1.5", "budget.lines"),
        ("[budget]\nlines = true", "budget.lines"),
        ("[nonsense]\na = 1", "nonsense"),
        ('[context]\npolicy = "everything"', "context.policy"),
        ('[context]\npolicy = "history"', "templates.history"),
        ('[checks]\nkana = "loud"', "checks.kana"),
        ("[[models]]\npattern = '('\npriority = 1", "models[1].pattern"),
        ("[[models]]\npattern = 'a'", "models[1].priority"),
        ('[[retry]]\nafter = "never"', "retry[1].after"),
        ("[normalise.runs]\nlaughs = 3", "normalise.runs.laughs"),
        ("[normalise.runs]\nlaughter = 1", "normalise.runs.laughter"),
        ("[normalise.runs]\nlaughter = -3", "normalise.runs.laughter"),
        ("[normalise]\nruns = 3", "normalise.runs"),
        ('[words]\nroles = ["noun"]', "words.roles"),
        ('[words]\nform = "shouted"', "words.form"),
        ("[words]\ncharacters = -1", "words.characters"),
        ("[words]\nlines = 1", "words.lines"),
        ("= 3", "not TOML"),
    ],
)
def test_a_mistake_is_refused_with_its_file_and_place(more: str, told: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(f"{SMALL}\n{more}\n".encode(), "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert told in str(caught.value)


def test_a_template_without_its_text_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"templates\.user: \{text\}"):
        read_profile(SMALL.replace('"{text}"', '"translate!"').encode(), "mine.toml")


def test_what_is_normalised_and_what_is_a_word_are_read() -> None:
    text = f"""{SMALL}
[normalise]
digits = true
[normalise.runs]
laughter = 3
[words]
roles = ["name"]
characters = 8
form = "quotes"
group = 2
"""
    profile = read_profile(text.encode(), "mine.toml")
    assert profile.normalise == Normalisation(digits=True, runs=Runs(laughter=3))
    assert profile.words == Words((Role.NAME,), 8, WordForm.QUOTES, 2)
    assert read_profile(SMALL.encode(), "mine.toml").words.characters == 0


@pytest.mark.parametrize("standin", ["1", "{}", "<{}{}>", ""])
def test_a_stand_in_without_its_number_or_a_sign_is_refused(standin: str) -> None:
    with pytest.raises(ProfileError, match=r"standin: \{\} for its number"):
        read_profile(f'standin = "{standin}"\n{SMALL}'.encode(), "mine.toml")


def test_a_completion_cannot_show_a_description() -> None:
    text = SMALL.replace('"lines"', '"completion"') + '[budget]\nlines = 1\n[words]\nform = "described"\n'
    with pytest.raises(ProfileError, match=r"words\.form"):
        read_profile(text.encode(), "mine.toml")


def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"none\.toml"):
        load_profile(tmp_path / "none.toml")


def test_a_users_profile_wins_over_the_shipped_one_of_its_id(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(SMALL.replace('"mine"', '"chat"'), encoding="utf-8")
    assert all_profiles(tmp_path)["chat"].title == "Mine"


def test_checks_can_be_softened_and_turned_off() -> None:
    profile = read_profile(f'{SMALL}\n[checks]\nkana = "off"\nlength = "error"\n'.encode(), "mine.toml")
    assert profile.severity_by_check == {"kana": None, "length": Severity.ERROR}


@pytest.mark.parametrize("name", ["sakura-v0.9", "sakura-v0.10", "sakura-v1.0", "sakura-v1.5", "galtransl-v3"])
def test_sakuras_do_japanese_to_chinese_and_nothing_else(name: str, tmp_path: Path) -> None:
    profile = all_profiles(tmp_path)[name]
    assert profile.languages.default == ("ja", "zh-CN")
    assert profile.supports("ja", "zh-CN")
    assert profile.supports("ja", "zh-TW")
    assert profile.languages.conversion("zh-TW") == "s2twp"
    assert profile.languages.asked("zh-TW") == "zh-CN"
    assert profile.languages.conversion("zh-CN") is None
    assert not profile.supports("ja", "en")
    assert not profile.supports("en", "zh-CN")
    assert not profile.structured
    assert profile.budget.num_ctx >= 1536
    assert profile.style is Style.LINES


@pytest.mark.parametrize("name", ["sakura-v0.9", "sakura-v0.10", "sakura-v1.0", "sakura-v1.5"])
def test_sakuras_sampling_is_the_authors_and_penalties_come_only_after_a_loop(name: str, tmp_path: Path) -> None:
    profile = all_profiles(tmp_path)[name]
    assert profile.sampling == Sampling(temperature=0.1, top_p=0.3, repeat_penalty=1.0)
    assert profile.retry_ladder(looped=False) == (profile.sampling,)
    assert profile.retry_ladder(looped=True) == (
        replace(profile.sampling, frequency_penalty=0.1),
        replace(profile.sampling, frequency_penalty=0.2),
    )
    assert [retry.after for retry in profile.retries] == [After.LOOP, After.LOOP, After.ANY]


def test_a_chat_profile_does_any_pair_but_a_language_into_itself(tmp_path: Path) -> None:
    profile = all_profiles(tmp_path)["chat"]
    assert profile.supports("ja", "en")
    assert profile.supports("en", "zh-TW")
    assert not profile.supports("en", "en")
    assert profile.languages.conversion("zh-TW") is None


def test_an_answers_limit_grows_with_its_sources_between_two_bounds(tmp_path: Path) -> None:
    budget = all_profiles(tmp_path)["sakura-v1.0"].budget
    assert budget.max_tokens(3) == 100
    assert budget.max_tokens(101) == 172
    assert budget.max_tokens(500) == 850
    assert budget.max_tokens(5000) == 850


def test_a_reasoning_model_has_room_for_its_thought(tmp_path: Path) -> None:
    known = all_profiles(tmp_path)
    assert known["reasoning"].think is True
    assert known["reasoning"].budget.max_tokens(100) >= known["chat"].budget.max_tokens(100) + 3000
    assert known["chat"].think is False


def test_only_policies_that_need_a_translation_wait_for_it() -> None:
    assert [policy for policy in ContextPolicy if policy.waits] == [
        ContextPolicy.ASSISTANT,
        ContextPolicy.PAIR,
        ContextPolicy.HISTORY,
    ]
