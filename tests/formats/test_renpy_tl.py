"""Ren'Py translation files: strings in all spellings, say statements, what is refused and held back, damage."""

import contextlib
import json
import random
import re
import time
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, HoldsBack, UnencodableError
from translator.core.segment import Role
from translator.formats.renpy_tl import FORMAT
from translator.formats.renpy_tl.document import RenpyTlDocument
from translator.formats.renpy_tl.lexer import ScriptError, read_script
from translator.formats.renpy_tl.literals import encode_python, encode_say, python_value, say_values
from translator.formats.renpy_tl.say import parse_say

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


def opened(text: str, **settings: object) -> RenpyTlDocument:
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
    return FORMAT.open(text.encode(), options=FormatOptions(settings=said))


def block(code: str, translated: str, name: str = "start_0a1b2c3d") -> str:
    return f"translate schinese {name}:\n\n    # {code}\n    {translated}\n"


@pytest.mark.parametrize(
    ("literal", "values"),
    [
        ('"a"', ["a"]),
        ("'it\\'s'", ["it's"]),
        ("`back`", ["back"]),
        ('"a  b\n   c"', ["a b c"]),
        ('"a\\n\\"b\\""', ['a\n"b"']),
        ('"\\u3042\\u41"', ["あA"]),
        ('"100\\% \\{x\\} \\[y]"', ["100%% {{x} [[y]"]),
        ('"two \\  spaces"', ["two  spaces"]),
        ('r"a\\n  b"', ["a\\n  b"]),
        ('"""one\n  line\n\n two"""', ["one line", "two"]),
        ("'''\n  padded\n'''", ["padded"]),
        ('"a\r\n b"', ["a b"]),
    ],
)
def test_reads_say_strings_as_the_engine_does(literal: str, values: list[str]) -> None:
    assert say_values(literal) == values


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ('"a"', "a"),
        ("'a' \"b\"", "ab"),
        ('_("a")', "a"),
        ('(  "a" )', "a"),
        ('_p("""\n  one\n  line\n\n  two{p}\n  three\n""")', "one line\n\ntwo{p}three"),
        ('"\\x41\\u3042\\U0001F600\\N{BULLET}\\101"', "Aあ😀•A"),
        ('"a\\q"', "a\\q"),
        ('"a\\\nb"', "ab"),
        ('r"a\\n"', "a\\n"),
        ('u"a"', "a"),
        ('b"a"', None),
        ('f"a{b}"', None),
        ('"a" + "b"', None),
        ('"\\xzz"', None),
        ('"\\N{no such name}"', None),
        ('"\\UFFFFFFFF"', None),
        ("name", None),
        ("`a`", None),
        ("", None),
    ],
)
def test_reads_python_strings_as_python_does(code: str, value: str | None) -> None:
    assert python_value(code) == value


@given(TEXTS, st.sampled_from("\"'`"))
def test_every_text_that_is_spelled_is_read_back(text: str, quote: str) -> None:
    if quote != "`":
        assert python_value(encode_python(text, quote)) == text
    assert say_values(encode_say(text, quote)) == [text]
    assert read_script(f"e {encode_say(text, quote)}").lines[0].number == 1


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('"hello"', '"hello"'),
        ("e 'it\"s'", 'e "it\\"s"'),
        ('e happy -sad  @ blush "hello"', 'e happy -sad @ blush "hello"'),
        ('"Eileen" "hello"', '"Eileen" "hello"'),
        ('e.x["y"].z "hello" nointeract', 'e.x["y"].z "hello" nointeract'),
        ('e "hello" with Dissolve(0.5, "a)") nointeract', 'e "hello" nointeract with Dissolve(0.5, "a)")'),
        ('e "hello" id x (a=1,b =  "c, d", *e, **f)', 'e "hello" id x (a=1, b="c, d", *e, **f)'),
        ('e "hello" ()', 'e "hello" ()'),
        ('Character("A, (b)") "hello"', 'Character("A, (b)") "hello"'),
        ('e "a  b \\ c"', 'e "a b \\ c"'),
        ('e "hello" (1, )', 'e "hello" (1)'),
    ],
)
def test_writes_say_statements_as_the_engine_takes_their_checksum(statement: str, code: str) -> None:
    said = parse_say(statement)
    assert said is not None
    assert said.code(said.whats[0]) == code


@pytest.mark.parametrize(
    "statement", ['e "hello" what', "e happy", '"a" "b" "c"', 'e "hello" id', 'e "a" (', "", 'if "a"']
)
def test_what_is_no_say_statement_is_none(statement: str) -> None:
    assert parse_say(statement) is None


def test_equal_and_empty_translations_are_to_be_done() -> None:
    text = (
        block('e "Hello."', 'e "Hello."')
        + block('e "Hi."', 'e ""', "b_00000000")
        + block('"Hey."', '"嘿。"', "c_00000000")
    )
    targets = [(s.source, s.target) for s in opened(text).segments]
    assert targets == [("Hello.", None), ("Hi.", None), ("Hey.", "嘿。")]


def test_only_the_string_of_the_statement_changes() -> None:
    text = block('e happy "Hello." (what_size=2) with x', "e angry 'Hello.' (what_size=2) with x  # note")
    out = opened(text).render({"schinese start_0a1b2c3d": "「it's」\n“好” \\"})
    assert out.decode() == text.replace("'Hello.'", "'「it\\'s」\\n“好” \\\\'")


def test_an_untranslated_line_shows_its_original() -> None:
    text = block('e "Hello  \\n."', 'e ""')
    assert opened(text).render({"schinese start_0a1b2c3d": ""}).decode() == text.replace('e ""', 'e "Hello  \\n."')


def test_roles_speakers_and_scenes() -> None:
    text = (
        block('e "Hello."', 'e "Hello."', "start_00000001")
        + block('nv "Quiet."', 'nv "Quiet."', "start_00000002_1")
        + block('"???" "Who."', '"???" "Who."', "my_own_name")
        + block('centered "The end."', 'centered "The end."', "a_b_00000003")
        + 'translate schinese strings:\n    old "Eileen"\n    new "Eileen"\n    old "Go."\n    new "Go."\n'
        + '    old "Start"\n    new ""\n'
    )
    document = opened(text, speakers={"e": "Eileen", "nv": None}, names={"Eileen": ""}, choices={"Go.": "start"})
    assert [(s.role, s.speaker, s.scene) for s in document.segments] == [
        (Role.DIALOGUE, "Eileen", "start"),
        (Role.NARRATION, None, "start"),
        (Role.DIALOGUE, "???", "start"),
        (Role.NARRATION, None, "a_b"),
        (Role.NAME, None, "strings"),
        (Role.CHOICE, None, "menu start"),
        (Role.TERM, None, "strings"),
    ]


def test_what_is_not_offered_is_told_with_the_reason() -> None:
    text = (
        block('e "One."', 'e "一。"\n    e "二。"')
        + "translate schinese b_00000000:\n\n    e 'alone'\n"
        + block('e "[name]{w}"', 'e "[name]{w}"', "c_00000000")
        + block('e "Bonjour."', 'e "Bonjour."', "d_00000000").replace("schinese", "french")
        + 'translate schinese python:\n    gui.text_font = "a.ttf"\n'
        + 'translate schinese strings:\n    old "A"\n    new "a" + b\n    old "## a comment"\n    new "## a comment"\n'
    )
    document = opened(text, language="schinese", held_back=[["game/script.rpy:3", "a.png", "file name"]])
    assert isinstance(document, HoldsBack)
    assert not document.segments
    assert [(row.text, row.reason) for row in document.held_back()] == [
        ("一。", "parted otherwise than the original"),
        ("二。", "parted otherwise than the original"),
        ("alone", "no original beside it"),
        ("[name]{w}", "no text"),
        ("Bonjour.", "another language"),
        ('gui.text_font = "a.ttf"', "Python code"),
        ('"a" + b', "expression"),
        ("## a comment", "a comment of the template"),
        ("a.png", "file name"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('translate japanese python:\n    gui.text_font = "a.ttf"\n', r"held back \(Python code\)"),
        ('translate japanese style a:\n    font "a.ttf"\ntranslate japanese b:\n    "B"\n', "no original.*, style"),
        ("translate japanese style a:\n    size 3\n", "translates none"),
    ],
)
def test_a_file_without_texts_says_why(text: str, says: str) -> None:
    document = opened(text)
    assert not document.segments
    assert re.search(says, " ".join(document.notices))


def test_a_file_with_texts_has_nothing_to_say() -> None:
    assert not opened(block('"A"', '"B"')).notices


def test_comments_that_are_notes_are_no_originals() -> None:
    text = 'translate schinese start_0a1b2c3d:\n\n    # note: see above\n    # e "One."\n    # "\n    e "One."\n'
    assert [s.source for s in opened(text).segments] == ["One."]


def test_keys_stay_when_a_neighbour_goes() -> None:
    first, second = block('e "One."', 'e "One."', "a_00000000"), block('e "Two."', 'e "Two."', "b_00000000")
    assert opened(second).segments[0].key in {s.key for s in opened(first + second).segments}


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ('# é\ntranslate x y:\n    e "open\n', 26),
        ("translate x y:\n    e (\n", 21),
        ("translate x y:\n    e '''a''\n", 21),
        ('e "a" \\ b', 6),
    ],
)
def test_a_script_that_the_engine_could_not_read_is_told_with_the_place(text: str, offset: int) -> None:
    with pytest.raises(FormatError) as error:
        opened(text)
    assert error.value.offset == offset


@pytest.mark.parametrize("blob", [b"translate x y:\n  \xff", b"\xff\xfet\0r\0"])
def test_what_is_not_utf8_is_refused(blob: bytes) -> None:
    with pytest.raises(FormatError):
        FORMAT.open(blob, options=FormatOptions())


def test_other_charsets_are_refused() -> None:
    with pytest.raises(FormatError, match="UTF-8 only"):
        FORMAT.open(b"", options=FormatOptions(charset="cp932"))


@pytest.mark.parametrize("settings", [{"speakers": "{"}, {"names": "[]"}, {"held_back": "[[1]]"}])
def test_settings_that_are_not_what_they_should_be_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(FormatError):
        FORMAT.open(b"", options=FormatOptions(settings=settings))


def test_claims_scripts_with_translations_only() -> None:
    assert FORMAT.sniff(PurePath("tl/a/x.rpy"), block('e "a"', 'e "a"').encode()) is Confidence.CERTAIN
    assert FORMAT.sniff(PurePath("script.rpy"), b'label start:\n    e "translate this"\n') is Confidence.NONE
    assert FORMAT.sniff(PurePath("x.txt"), b"translate a b:\n") is Confidence.NONE


@pytest.mark.parametrize(
    "unit",
    [
        'e "a" (',
        "# a\n",
        "((((",
        '"',
        "\\\n",
        'translate a b:\n    # e "x"\n    e "x"\n',
        " " * 7 + "a\n",
        "'''",
        '"\\',
        "\r",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(count: int) -> float:
        began = time.perf_counter()
        with contextlib.suppress(FormatError):
            opened(unit * count)
        return time.perf_counter() - began

    seconds(10)
    assert seconds(16_000) < max(seconds(2_000) * 40, 1.5)


def test_deep_indents_need_no_recursion() -> None:
    text = "".join(f"{' ' * depth}if x:\n" for depth in range(2_000))
    assert len(read_script(text).lines) == 2_000


def test_mutations_open_or_are_refused_and_come_back_as_they_are() -> None:
    chance = random.Random(7)  # noqa: S311  the same mutations in every run
    seed = (
        block('e "One." (a=1)', "e 'One.' (a=1)") + 'translate s strings:\n    old "a\\n"\n    new _p("""b""")\n'
    ).encode()
    for _ in range(1500):
        blob = bytearray(seed)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(blob))
            match chance.randrange(3):
                case 0:
                    blob[at] ^= 1 << chance.randrange(8)
                case 1:
                    del blob[at : at + chance.randrange(1, 9)]
                case _:
                    blob[at:at] = chance.choice(
                        [b'"', b"'''", b"\\", b"(", b"\n", b"    ", b"# ", b"\xe3\x81\x82", b"\0"]
                    )
        try:
            document = FORMAT.open(bytes(blob), options=FormatOptions())
        except FormatError:
            continue
        assert document.render({}) == bytes(blob)
        for segment in document.segments:
            again = FORMAT.open(document.render({segment.key: "訳 \"'`\\"}), options=FormatOptions())
            assert "訳 \"'`\\" in [s.target for s in again.segments]


def test_a_lone_surrogate_is_refused_by_the_charset() -> None:
    with pytest.raises(UnencodableError):
        opened(block('e "a"', 'e "a"')).render({"schinese start_0a1b2c3d": "\ud800"})


def test_a_script_error_has_a_place() -> None:
    with pytest.raises(ScriptError) as error:
        read_script('a\nb "')
    assert error.value.offset == 4
