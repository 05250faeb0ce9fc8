import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.cues import TIMES, Cue, room_of, scenes, seconds, speakers, usual_seconds
from translator.core.markup import NO_MARKUP

NUMBERS = st.sampled_from(["0", "1", "01", "59", "007", "100", "٣"])
FRACTIONS = st.sampled_from(["", ".5", ",25", ":5", ";5", ".", ",123456789", ",٣"])


@given(st.tuples(st.sampled_from(["", "-", " "]), NUMBERS, NUMBERS, NUMBERS, FRACTIONS))
def test_a_usual_time_is_what_its_parts_say(parts: tuple[str, str, str, str, str]) -> None:
    sign, hours, minutes, whole, fraction = parts
    found = usual_seconds(f"{sign}{hours}:{minutes}:{whole}{fraction}")
    if found is not None:
        assert not sign
        assert found == int(hours) * 3600 + int(minutes) * 60 + int(whole) + float(f"0.{fraction[1:]}")


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("01:02:03,500", 3723.5),
        ("1:02:03.25", 3723.25),
        ("01:02.5", 62.5),
        ("00:00:01:500", 1.5),
        ("-00:00:02,000", -2.0),
        ("0:0:7", 7.0),
    ],
)
def test_times_are_read_in_every_spelling(time: str, expected: float) -> None:
    match = TIMES.fullmatch(f"{time} --> {time}")
    assert match is not None
    assert (seconds(match, "a"), seconds(match, "b")) == (expected, expected)


def shown(start: float, end: float, *, framed: bool = False) -> Cue:
    return Cue("", start, end, framed=framed)


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([], []),
        ([shown(0, 1), shown(9, 10), shown(18.5, 19)], ["1", "1", "2"]),
        ([shown(0, 20), shown(1, 2), shown(27, 28)], ["1", "1", "1"]),
        ([shown(0, 20, framed=True), shown(27, 28)], ["1", "2"]),
        ([shown(100, 101), shown(1, 2), shown(3, 4)], ["1", "2", "2"]),
        ([shown(5, 1), shown(5, 6)], ["1", "1"]),
    ],
)
def test_scenes_part_at_pauses_and_where_a_file_begins_anew(cues: list[Cue], expected: list[str]) -> None:
    assert list(scenes(cues)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", (42, 2, True)),
        ("あ" * 22, (44, 2, True)),
        ("a\n \nb", (42, 3, False)),
        (" " * 50 + "\na", (42, 2, False)),
        ("- a\n- b", (42, 2, False)),
        ("- a\nb", (42, 2, True)),
        ("(咲)おはよう\n(太郎)おう", (42, 2, False)),
    ],
)
def test_a_cue_has_the_room_of_its_language_or_its_own(text: str, expected: tuple[int, int, bool]) -> None:
    room = room_of(text, NO_MARKUP, 42)
    assert (room.columns, room.lines, room.wrap) == expected


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("– a\n– b", True),
        ("(Mio)a\n(Ferryman)b", True),
        ("（ミオ）あ\n（渡し守）い", True),
        ("おはよう\n（渡し守）い", True),
        ("[door]\n[Mio] a", True),
        ("咲：あ\n太郎：い", True),
        ("Mio: a\nDad: b", True),
        ("a\nDAD: b", True),
        (">> a\n>> b", True),
        ("♪ a ♪\n♪ b ♪", True),
        ("(Mio)a\nb", False),
        ("Mio: a\nb", False),
        ("a\nDad: b", False),
        ("昨日\n他说：好", False),
        ("a\n(which is a long remark) b", False),
        ("at\n12:30 or MIO 12:30", False),
        ("see\nHTTP://a", False),
        ("- a", False),
    ],
)
def test_several_speakers_are_told_by_how_lines_begin(text: str, several: bool) -> None:  # noqa: FBT001  a parameter of the cases
    assert speakers(text.split("\n"), NO_MARKUP) is several
