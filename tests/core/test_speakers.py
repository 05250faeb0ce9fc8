import pytest

from translator.core.speakers import BRACKETS, NAME_BOX, NAME_CODE, InsetKind, find_inset, find_speaker

KINDS = (BRACKETS, NAME_BOX, NAME_CODE)


@pytest.mark.parametrize(
    ("text", "kind", "parts"),
    [
        ("【ミナ】\nやあ", BRACKETS, ("【", "ミナ", "】\n")),
        ("\\C[2]【ミナ】\\C[0]\u3000\nやあ", BRACKETS, ("\\C[2]【", "ミナ", "】\\C[0]\u3000\n")),
        ("\\n<ミナ>やあ", NAME_BOX, ("\\n<", "ミナ", ">")),
        ("\\NR<ミナ>やあ", NAME_BOX, ("\\NR<", "ミナ", ">")),
        ("\\name[ミナ]\nやあ", NAME_CODE, ("\\name[", "ミナ", "]\n")),
    ],
)
def test_a_name_inside_of_a_message_is_found(text: str, kind: InsetKind, parts: tuple[str, str, str]) -> None:
    found = find_inset(text, KINDS)
    assert found is not None
    assert (found.before, found.name, found.after) == parts
    assert found.kind is kind
    assert found.whole == "".join(parts)
    assert text.startswith(found.whole)
    assert found.lines == parts[2].count("\n")
    assert find_inset(text, [other for other in KINDS if other is not kind]) is None


@pytest.mark.parametrize("text", ["やあ", "【ミナ】やあ", "a < b", "\\name[1]やあ", "\\n[1]やあ", "【ミナ\n】\nやあ"])
def test_other_texts_hold_no_name(text: str) -> None:
    assert find_inset(text, KINDS) is None


def test_brackets_name_a_speaker_where_the_name_is_known_or_speech_follows() -> None:
    found = find_inset("【看板】\nやあ", KINDS)
    assert found is not None
    assert not found.is_speaker("やあ", frozenset())
    assert found.is_speaker("やあ", frozenset({"看板"}))
    assert found.is_speaker("\u3000「やあ」", frozenset())


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("\\C[6]長老\\C[0]\n「やあ」", "長老"),
        ("\\N[1]\n『やあ』", "\\N[1]"),
        ("ミナ「やあ」", "ミナ"),
        ("\\n[1]「やあ」", "\\n[1]"),
        ("長老「やあ」", None),
        ("長老\nやあ", None),
        ("それは「本」だ", None),
        ("あれ、\n「やあ」", None),
    ],
)
def test_a_name_as_plain_text_speaks_before_quotes(text: str, speaker: str | None) -> None:
    assert find_speaker(text, frozenset({"ミナ"})) == speaker
