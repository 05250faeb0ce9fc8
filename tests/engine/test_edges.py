import pytest

from translator.engine.edges import pieces_of, take_off
from translator.formats.rpgmaker_mv.markup import MARKUP as MV


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("\\{大きい\\}", "大きい"),
        ("\\{大きい\\}声だ", "\\{大きい\\}声だ"),
        ("これは\\{大きい\\}", "これは\\{大きい\\}"),
        ("\\{\\{大きい\\}声\\}だ", "\\{\\{大きい\\}声\\}だ"),
        ("\\>速い\\<声だ", "\\>速い\\<声だ"),
        ("<b>大事</b>な話", "<b>大事</b>な話"),
        ("\\!<b>大事</b>な話\\!", "<b>大事</b>な話"),
        ("\\C[2]\\{大\\C[0]小\\}", "\\C[2]\\{大\\C[0]小\\}"),
        ("\\N[1]、行くぞ！\\!", "\\N[1]、行くぞ！"),
    ],
)
def test_a_pair_of_which_one_half_is_inside_stays_whole(text: str, core: str) -> None:
    before, pieces, after = take_off(pieces_of(text, MV))
    assert "".join(piece.text for piece in pieces) == core
    assert before + core + after == text
