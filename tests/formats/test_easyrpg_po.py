"""EasyRPG Player's translation files: what is asked for, what is written, and what the Player can read of it."""

import random
from pathlib import Path, PurePath

import pytest

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role, Segment
from translator.formats.easyrpg_po import FORMAT

FIXTURES = Path(__file__).parents[1] / "contract" / "fixtures" / "easyrpg_po"
HEADER = 'msgid ""\nmsgstr ""\n"X-CreatedBy: LcfTrans\\n"\n\n'


def opened(text: str, name: str = "Map0001.po") -> Document:
    return FORMAT.open(text.encode(), options=FormatOptions(name=PurePath(name)))


def only(text: str, name: str = "Map0001.po") -> Segment:
    (segment,) = opened(HEADER + text, name).segments
    return segment


def test_a_message_with_several_lines_is_written_line_by_line() -> None:
    document = opened(HEADER + 'msgid ""\n"一行目\\n"\n"二行目"\nmsgstr ""\n')
    key = document.segments[0].key
    assert document.render({key: 'say "hi"\n\\C[3]x\ttab'}).decode() == (
        HEADER + 'msgid ""\n"一行目\\n"\n"二行目"\nmsgstr ""\n"say \\"hi\\"\\n"\n"\\\\C[3]x\ttab"\n'
    )


def test_what_the_player_has_no_escape_for_is_refused() -> None:
    document = opened(HEADER + 'msgid "あ"\nmsgstr ""\n')
    for target in ("a\rb", "a\0b"):
        with pytest.raises(RefusedTargetError):
            document.render({document.segments[0].key: target})


def test_a_fuzzy_entry_is_asked_again_and_loses_its_mark() -> None:
    text = HEADER + '#, fuzzy, no-wrap\nmsgid "あ"\nmsgstr "old"\n'
    document = opened(text)
    segment = document.segments[0]
    assert segment.target is None
    assert document.render({segment.key: "new"}).decode() == HEADER + '#, no-wrap\nmsgid "あ"\nmsgstr "new"\n'
    assert document.render({segment.key: "old"}).decode() == HEADER + '#, no-wrap\nmsgid "あ"\nmsgstr "old"\n'


def test_finished_translations_are_kept_and_told() -> None:
    assert only('msgid "あ"\nmsgstr "done"\n').target == "done"


def test_entries_that_are_commented_out_are_held_back() -> None:
    document = opened(HEADER + 'msgid "あ"\nmsgstr ""\n#~ msgid "い"\n#~ msgstr "i"\n')
    assert [s.source for s in document.segments] == ["あ"]
    assert isinstance(document, HoldsBack)
    assert [(h.text, h.reason) for h in document.held_back()] == [("い", "an entry that is not used any more")]


@pytest.mark.parametrize(
    ("context", "role", "binding"),
    [
        ("actors.name", Role.NAME, "actor-name"),
        ("actors.1.name", Role.NAME, None),
        ("actors.title", Role.NAME, None),
        ("skills.description", Role.DESCRIPTION, None),
        ("skills.using_message1", Role.TERM, None),
        ("terms.battle_fight", Role.TERM, None),
        ("strpic", Role.NARRATION, None),
    ],
)
def test_a_context_says_what_a_text_is(context: str, role: Role, binding: str | None) -> None:
    segment = only(f'msgctxt "{context}"\nmsgid "あ"\nmsgstr ""\n')
    assert (segment.role, segment.binding) == (role, binding)


def test_a_choice_has_an_option_on_each_line() -> None:
    segment = only('#. ID 1, Page 2, Line 3, Pos (1,1)\n#. Choice (2 options)\nmsgid "はい\\nいいえ"\nmsgstr ""\n')
    assert (segment.role, segment.limits.lines, segment.limits.wrap, segment.scene) == (Role.CHOICE, 2, False, "1/2")
    assert segment.notes == ("2 options, one a line",)


def test_a_message_before_a_choice_has_fewer_lines() -> None:
    segment = only('#. ID 1, Page 1, Line 3\n#. Contains choice at line 2 (3 options)\nmsgid "どれ？"\nmsgstr ""\n')
    assert (segment.role, segment.limits.lines) == (Role.DIALOGUE, 1)


def test_names_of_maps_are_names() -> None:
    assert only('#. ID 3\nmsgid "港町"\nmsgstr ""\n', "RPG_RT.lmt.po").role is Role.NAME


def test_a_line_end_at_the_end_of_a_string_s_line_does_not_part_it() -> None:
    document = opened(HEADER.replace("\n", "\r\n") + 'msgid "あ\\nい"\r\nmsgstr ""\r\n')
    segment = document.segments[0]
    assert segment.source == "あ\nい"
    assert document.render({segment.key: "a\nb"}).endswith(b'msgstr "a\\nb"\r\n')


def test_other_po_files_are_nobody_s() -> None:
    text = b'msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "a"\nmsgstr ""\n'
    assert FORMAT.sniff(PurePath("de.po"), text) is Confidence.NONE
    assert FORMAT.sniff(PurePath("Language/de/RPG_RT.ldb.common.po"), text) is Confidence.CERTAIN
    assert FORMAT.sniff(PurePath("Language/de/odd.po"), HEADER.encode()) is Confidence.CERTAIN


def test_another_charset_is_refused() -> None:
    for options in (FormatOptions(charset="cp932"), FormatOptions(output_charset="cp936")):
        with pytest.raises(FormatError, match="UTF-8 only"):
            FORMAT.open(HEADER.encode(), options=options)


def test_a_damaged_file_names_the_byte() -> None:
    with pytest.raises(FormatError) as caught:
        opened(HEADER + 'msgid "あ"\nmsgstr "no end\n')
    assert caught.value.offset == len(HEADER.encode()) + len('msgid "あ"\n'.encode())
    with pytest.raises(FormatError):
        opened("# nothing\n")


def test_damage_of_any_kind_is_refused_or_kept() -> None:
    chance = random.Random(7)  # noqa: S311  the same bytes in every run
    blob = (FIXTURES / "Map0012.po").read_bytes()
    for _ in range(400):
        damaged = bytearray(blob)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        try:
            document = FORMAT.open(bytes(damaged), options=FormatOptions(name=PurePath("Map0012.po")))
        except FormatError:
            continue
        assert document.render({}) == damaged
