import regex

from translator.core.rpgmaker_settings import Actors, Columns, written

CODES = regex.compile(r"\\[A-Za-z]\[\d+\]")


def test_what_a_game_writes_is_what_a_format_reads() -> None:
    settings = Columns(55, 43).written() | written({1: "ミナ", 3: "長老"}, ("ミナ", "長老", "旅人"))
    assert settings == {
        "columns": "55",
        "columns_face": "43",
        "actor.1": "ミナ",
        "actor.3": "長老",
        "names": "ミナ\n長老\n旅人",
    }
    assert Columns(1, 1).read(settings) == Columns(55, 43)
    assert Actors.read(settings) == Actors({1: "ミナ", 3: "長老"}, frozenset({"ミナ", "長老", "旅人"}))
    assert written({}, ()) == {}


def test_numbers_that_are_none_are_ignored() -> None:
    assert Columns(55, 43).read({"columns": "0", "columns_face": "many"}) == Columns(55, 43)
    assert Actors.read({"actor.x": "ミナ", "actor.": "長老"}) == Actors()


def test_a_face_takes_as_much_of_another_width() -> None:
    assert Columns(55, 43).at(40) == Columns(40, 28)
    assert Columns(55, 43).at(5) == Columns(5, 1)
    assert Columns(55, 43).at(None) == Columns(55, 43)
    assert [Columns(55, 43).of(face=face) for face in (False, True)] == [55, 43]


def test_codes_in_a_name_are_read_as_a_person_does() -> None:
    actors = Actors({1: "ミナ"})
    assert actors.spoken(r"\C[6]\n[1]\C[0]", CODES) == "ミナ"
    assert actors.spoken(r"\N[2]", CODES) is None
    assert actors.notes(r"\N[1]と\n[1]と\N[2]") == (r"\N[1] is ミナ", r"\n[1] is ミナ")
