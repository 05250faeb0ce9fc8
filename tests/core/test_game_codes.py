"""The codes of all engines in one."""

import time

import pytest

from translator.core.game_codes import MARKUP
from translator.core.markup import Fate


def fates(text: str) -> list[tuple[str, Fate]]:
    return [(piece.text, piece.rule.fate) for piece in MARKUP.tokenize(text) if piece.rule is not None]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("\\V[1]個の\\C[2]鍵\\C[0]", ["\\V[1]", "\\C[2]", "\\C[0]"]),
        ("\\N[1]、\\n<咲>\\.\\|", ["\\N[1]", "\\n<咲>", "\\.", "\\|"]),
        ("\\cself[1]\\f[\\cself[18]]大", ["\\cself[1]", "\\f[\\cself[18]]"]),
        ("一行\\n二行\\r\\n三行", ["\\n", "\\r\\n"]),
        ("Hello\\nWorld", ["\\n"]),
        (
            '夜[r]だ[l][font size=12 color="0xff"]大[resetfont]',
            ["[r]", "[l]", '[font size=12 color="0xff"]', "[resetfont]"],
        ),
        ("[player.name!t]は[items[0]]を", ["[player.name!t]", "[items[0]]"]),
        ("[[角]", ["[["]),
        ("{0}個、{{x}}、${y}、{w=0.5}", ["{0}", "{{x}}", "${y}", "{w=0.5}"]),
        ("%s %1$s %d %(n)s %1 %2 100%", ["%s", "%1$s", "%d", "%(n)s", "%1", "%2"]),
        ("%150;変態%f;", ["%150;", "%f;"]),
        ("<color=#fff>白</color><br>", ["<color=#fff>", "</color>", "<br>"]),
        ("<<GET_X>> A &amp; B", ["<<GET_X>>", "&amp;"]),
        ("@12\n文", ["@12"]),
        ("[FF0000]赤[-]", ["[FF0000]", "[-]"]),
        ("\\メ", ["\\メ"]),
    ],
)
def test_codes_of_the_engines_are_kept(text: str, codes: list[str]) -> None:
    assert MARKUP.codes(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "[Press any key]",
        "[Yes]",
        "[はい]",
        "50% off",
        "100%です",
        "{この世}",
        "3 < 5 > 2",
        "a@b.c",
        "A & B",
        "#1",
        "$5",
        "(r)",
    ],
)
def test_words_are_no_codes(text: str) -> None:
    assert fates(text) == []


def test_readings_are_dropped_and_what_they_stand_above_stays() -> None:
    assert MARKUP.plain('[ruby text="よる"]夜と\\r[星,ほし]と{rb}月{/rb}{rt}つき{/rt}') == "夜と星と月つき"
    assert all(fate is Fate.DROP for _, fate in fates('[ruby text="よる"]夜\\r[星,ほし]'))


def test_pairs_open_and_close() -> None:
    text = "<b>x</b>{i}y{/i}[color=red]z[/color]"
    assert [fate for _, fate in fates(text)] == [Fate.OPEN, Fate.CLOSE] * 3


@pytest.mark.parametrize(
    "unit", ["[", "\\r[", "\\x[[", "{", "<", "<a", "[a ", "[a b=", "%", "\\", "[a.b", "$", "&", "\\r[a"]
)
def test_codes_are_looked_for_in_linear_time(unit: str) -> None:
    text = unit * 20_000
    began = time.perf_counter()
    list(MARKUP.tokenize(text))
    assert time.perf_counter() - began < 2
