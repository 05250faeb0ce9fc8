from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity
from translator.core.segment import Role

Flaws = Callable[..., list[Finding]]

ZH, EN, TW, EN_ZH, KO_ZH, EN_DE = (
    ("ja", "zh-CN"), ("ja", "en"), ("ja", "zh-TW"), ("en", "zh-CN"), ("ko", "zh-CN"), ("en", "de"),
)  # fmt: skip

COPIES = [
    ("Continue", "Continue", EN_ZH),
    ("Level up!", "Level up!", EN_ZH),
    ("I have 3 apples.", "I have 3 apples.", EN_ZH),
    ("Visit https://example.com/ now", "Visit https://example.com/ now", EN_ZH),
    ("unity", "unity", EN_ZH),
    ("Let me go!", "let me go!", EN_DE),
    ("Start New Game", "Start New Game", EN_DE),
    ("Hello there, my friend.", "Hello there, my friend", ("en", "ru")),
    ("안녕", "안녕", ("ko", "en")),
    ("안녕 ㅠㅠ", "안녕 ㅠㅠ", KO_ZH),
    ("やった！ヽ(´▽｀)ノ", "やった！ヽ(´▽｀)ノ", ZH),
    ("へ？", "へ？", ZH),
    # Chinese characters that only Japanese writes so
    ("戦闘", "戦闘", ZH),
    ("気合", "気合", ZH),
    ("経験値", "経験値", ZH),
    ("実験体", "実験体", ZH),
    ("図書館", "図書館", ZH),
    ("覚悟", "覚悟！", ZH),
    ("待機中", "待機中", ZH),
    ("戦闘", "戦闘", TW),
    ("学校", "学校", TW),
]
IN_CAPITALS = [("GAME OVER", EN_ZH), ("CONTINUE", EN_ZH), ("PRESS ANY KEY", EN_ZH)]
NO_COPIES = [
    *(
        (text, EN_ZH)
        for text in (
            "HP", "OK", "OK!", "DLC", "NPC", "PS5", "SOS", "ABC", "F5", "Ctrl+S", "v1.0", "Ver 1.0.2", "UTF-8",
            "MP 10/20", "https://example.com/", "www.example.com", "game.exe", "Steam", "Windows", "iPhone", "GitHub",
            "Ren'Py", "© 2020 Example Inc.", "CV: John Smith", "Zzz...", "Aaaah!", "A", "E=mc²", "Ha ha ha!",
        )
    ),
    ("HP", ("en", "ru")),
    ("NPC", ("en", "ko")),
    ("Mr. Bob Smith", ("en", "fr")),
    ("© 2020 Example Games Inc.", EN_DE),
    ("Ha ha ha!", EN_DE),
    ("La la la~", ("en", "fr")),
    ("Do Re Mi Fa", EN_DE),
    *(
        (face, pair)
        for face in (
            "ヽ(´▽｀)ノ", "( ^ω^)つ", "(*ﾉωﾉ)", "（´・ω・｀）ノ", "(・ω・)ノシ", "( ﾟ∀ﾟ)o彡゜", "(-人-)", "凸(`Д´)",
            "ッ！", "(」゜ロ゜)」", "(づ￣ ³￣)づ",
        )
        for pair in (ZH, EN, ("ja", "ko"))
    ),
    *((face, pair) for face in ("ㅠㅠ", "ㅇ_ㅇ", "ㅡ_ㅡ;;", "(ㅇㅂㅇ)") for pair in (KO_ZH, ("ko", "en"))),
    ("勇者", ZH),
    ("魔王城", ZH),
    ("大丈夫", ZH),
    ("学校", ZH),
    ("予告", ZH),
    ("凪", ZH),
    ("勇者", TW),
    ("待機中", TW),
    ("大丈夫", TW),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "pair"), COPIES)
def test_a_copy_is_an_error(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("untranslated", source, target, pair)] == [Severity.ERROR]


@pytest.mark.parametrize(("text", "pair"), IN_CAPITALS)
def test_words_in_capitals_may_stay(flaws: Flaws, text: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("untranslated", text, text, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("text", "pair"), NO_COPIES)
def test_what_every_language_writes_so_is_no_copy(flaws: Flaws, text: str, pair: tuple[str, str]) -> None:
    assert flaws("untranslated", text, text, pair) == []


def test_a_name_may_keep_its_characters(flaws: Flaws) -> None:
    assert [f.severity for f in flaws("untranslated", "桜", "桜", role=Role.NAME)] == [Severity.WARNING]
    assert flaws("untranslated", "戦闘", "戦闘", glossary=["戦闘->戦闘"]) == []
