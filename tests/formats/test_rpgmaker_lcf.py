"""RPG Maker 2000/2003 files: what is taken, what is written, and that sizes fit and all else stays."""

import random
import tracemalloc
from collections.abc import Sequence
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import (
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.formats.rpgmaker_lcf import FORMAT
from translator.formats.rpgmaker_lcf.ber import read_number, skip_numbers, write_number
from translator.formats.rpgmaker_lcf.codepage import codec, detect
from translator.formats.rpgmaker_lcf.commands import Command, read_commands
from translator.formats.rpgmaker_lcf.tree import read_tree
from translator.testing.lcf_files import chunk, command, commands, database, game_map, sized, struct, things

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "rpgmaker_lcf"
FIXTURES = ROOT / "tests" / "contract" / "fixtures" / "rpgmaker_lcf"
PAGE = "events/1/pages/1"


def jp(text: str) -> bytes:
    return text.encode("cp932")


def opened(
    blob: bytes,
    name: str = "Map0001.lmu",
    charset: str | None = "932",
    output: str | None = None,
    language: str | None = None,
    **settings: str,
) -> Document:
    options = FormatOptions(
        name=PurePath(name), charset=charset, output_charset=output, target_language=language, settings=settings
    )
    return FORMAT.open(blob, options=options)


def page(*listed: bytes) -> bytes:
    return game_map({1: {1: commands(*listed)}})


def shown(blob: bytes) -> list[tuple[int, int, str]]:
    """The code, indent and string of every command of a map."""
    tree = read_tree(blob)
    found: list[Command] = [c for where in tree.lists for c in read_commands(blob, where.start, where.end)]
    return [(c.code, c.indent, blob[c.start : c.end].decode("cp932", "replace")) for c in found]


def texts(document: Document) -> list[str]:
    return [segment.source for segment in document.segments]


class TestNumbers:
    @given(st.integers(0, 0xFFFFFFFF))
    def test_are_read_as_they_are_written(self, value: int) -> None:
        blob = write_number(value)
        assert read_number(blob, 0, len(blob)) == (value, len(blob))

    @given(st.lists(st.integers(0, 0xFFFFFFFF)), st.integers(0, 0xFFFFFFFF))
    def test_are_stepped_over_as_they_are_read(self, values: Sequence[int], last: int) -> None:
        blob = b"".join(map(write_number, values))
        after = blob + write_number(last)
        assert skip_numbers(after, 0, len(after), len(values)) == len(blob)

    def test_keep_their_length_where_they_had_more_than_needed(self) -> None:
        assert write_number(5, b"\x80\x80\x04") == b"\x80\x80\x05"
        assert write_number(300, b"\x80\x04") == b"\x82\x2c"
        assert write_number(5, b"\x82\x2c") == b"\x05"

    @pytest.mark.parametrize("blob", [b"", b"\x80", b"\x81\x81\x81\x81\x81", b"\xff" * 9 + b"\x01"])
    def test_that_are_cut_or_too_long_are_refused(self, blob: bytes) -> None:
        with pytest.raises(FormatError) as caught:
            read_number(blob, 0, len(blob))
        assert caught.value.offset == 0


class TestMessages:
    BLOB = page(command(10110, jp("一")), command(20110, jp("二")), command(10110, jp("次"), indent=0))

    def test_have_a_line_in_each_command(self) -> None:
        assert texts(opened(self.BLOB)) == ["一\n二", "次"]

    def test_get_more_commands_for_more_lines(self) -> None:
        new = opened(self.BLOB).render({f"{PAGE}/message/1": "ａ\nｂ\nｃ\nｄ"})
        assert shown(new) == [(10110, 0, "ａ"), (20110, 0, "ｂ"), (20110, 0, "ｃ"), (20110, 0, "ｄ"), (10110, 0, "次")]

    def test_lose_commands_for_fewer_lines(self) -> None:
        new = opened(self.BLOB).render({f"{PAGE}/message/1": "ａ"})
        assert shown(new) == [(10110, 0, "ａ"), (10110, 0, "次")]

    def test_go_on_in_another_box_behind_a_form_feed(self) -> None:
        new = opened(self.BLOB).render({f"{PAGE}/message/1": "ａ\nｂ\fｃ\nｄ"})
        assert [code for code, _, _ in shown(new)] == [10110, 20110, 10110, 20110, 10110]
        assert texts(opened(new)) == ["ａ\nｂ", "ｃ\nｄ", "次"]

    def test_keep_a_form_feed_of_their_own(self) -> None:
        """Found by fuzzing."""
        blob = page(command(10110, b"a\fb"))
        assert texts(opened(opened(blob).render({f"{PAGE}/message/1": "+a\fb+"}))) == ["+a\fb+"]

    def test_keep_the_indent_of_their_branch(self) -> None:
        blob = page(command(10110, jp("一"), indent=3))
        assert shown(opened(blob).render({f"{PAGE}/message/1": "ａ\nｂ"})) == [(10110, 3, "ａ"), (20110, 3, "ｂ")]

    def test_keep_the_bytes_of_lines_that_stay(self) -> None:
        twice = b"\xfa\x4a"  # a character with two codes; the other is written
        assert twice.decode("cp932").encode("cp932") != twice
        blob = page(command(10110, twice), command(20110, jp("二")))
        first = opened(blob).segments[0]
        new = opened(blob).render({first.key: first.source.replace("二", "三")})
        assert twice in new

    def test_are_as_wide_as_a_face_leaves(self) -> None:
        blob = page(
            command(10110, jp("前")), command(10130, b"Face1", 3), command(10110, jp("顔")), command(10130, b"", 0),
            command(10110, jp("後")),
        )  # fmt: skip
        document = opened(blob)
        assert [s.limits.columns for s in document.segments] == [50, 38, 50]
        assert document.segments[1].notes == ("face: Face1 3",)
        assert [s.limits.columns for s in opened(blob, columns="40", columns_face="28").segments] == [40, 28, 40]

    def test_share_their_box_with_a_choice_or_a_number_that_fits(self) -> None:
        choice = [command(10140, jp("は/い")), command(20140, jp("は"), 0), command(20140, jp("い"), 1), command(20141)]
        lines = [command(20110, jp("行"))]
        blob = page(
            command(10110, jp("一")), *choice, command(10110, jp("一")), *lines * 2, *choice,
            command(10110, jp("数")), command(10150, b"", 1, 1), command(10110, jp("数")), *lines * 3,
            command(10150, b"", 1, 1),
        )  # fmt: skip
        limits = [s.limits.lines for s in opened(blob).segments if "message" in s.key]
        assert limits == [2, 4, 3, 4]

    @pytest.mark.parametrize(
        ("text", "speaker"),
        [
            ("【長老】\nよく来た。", "長老"),
            ("長老\n「よく来た」", "長老"),
            ("長老：\nよく来た。", "長老"),
            ("ナギ「来たよ」", "ナギ"),
            ("\\N[1]「来たよ」", "ナギ"),
            ("\\C[3]長老\\C[0]\n「よく来た」", "長老"),
            ("だれか「来たよ」", None),
            ("ただの地の文。", None),
            ("二行の\n地の文。", None),
        ],
    )
    def test_tell_their_speaker_where_it_is_certain(self, text: str, speaker: str | None) -> None:
        head, *rest = text.split("\n")
        blob = page(command(10110, jp(head)), *(command(20110, jp(line)) for line in rest))
        document = opened(blob, names="ナギ", **{"actor.1": "ナギ"})
        assert document.segments[0].speaker == speaker

    @pytest.mark.parametrize("target", ["", " \n ", "a\rb", "a\0b"])
    def test_refuse_what_would_be_read_back_otherwise(self, target: str) -> None:
        with pytest.raises(RefusedTargetError):
            opened(self.BLOB).render({f"{PAGE}/message/1": target})


class TestChoices:
    def test_are_kept_in_step_with_the_editor_s_copy(self) -> None:
        blob = page(
            command(10140, jp("はい/いいえ"), 5),
            command(20140, jp("はい"), 0), command(20140, jp("いいえ"), 1), command(20140, b"", 4), command(20141),
        )  # fmt: skip
        new = opened(blob).render({f"{PAGE}/choice/1/2": "だめ"})
        assert [text for _, _, text in shown(new)] == ["はい/だめ", "はい", "だめ", "", ""]

    def test_leave_a_copy_that_is_none_any_more(self) -> None:
        blob = page(command(10140, jp("古い/もの")), command(20140, jp("はい"), 0), command(20141))
        new = opened(blob).render({f"{PAGE}/choice/1/1": "うん"})
        assert [text for _, _, text in shown(new)] == ["古い/もの", "うん", ""]

    def test_within_choices_keep_their_own(self) -> None:
        document = opened((FIXTURES / "odd" / "Map0001.lmu").read_bytes())
        key = "events/9/pages/1/choice"
        new = document.render({f"{key}/1/2": "ひだり", f"{key}/2/1": "うえ"})
        assert [t for _, _, t in shown(new) if "/" in t and "い" not in t] == ["右/ひだり", "うえ/下"]


class TestNames:
    BLOB = page(
        command(10610, jp("船長"), 2), command(10620, jp("海の男"), 2),
        command(12010, jp("船長"), 5, 2, 1, 0, 0, 0), command(12010, jp("合言葉"), 5, 2, 1, 0, 0, 0),
        command(12010, jp("船長"), 5, 2, 0, 0, 0, 0),
    )  # fmt: skip

    def test_and_their_comparisons_are_one_decision(self) -> None:
        segments = opened(self.BLOB, names="船長").segments
        assert [(s.key.removeprefix(f"{PAGE}/"), s.binding) for s in segments] == [
            ("name/1", "actor-name"),
            ("title/1", None),
            ("condition/1", "actor-name"),
        ]

    def test_that_no_hero_has_are_not_offered_in_comparisons(self) -> None:
        assert texts(opened(self.BLOB)) == ["船長", "海の男"]
        document = opened(self.BLOB, names="船長")
        assert isinstance(document, HoldsBack)
        assert ("合言葉", "compared with a name that no hero has") in [(h.text, h.reason) for h in document.held_back()]


def test_texts_drawn_as_pictures_have_line_ends_of_their_own() -> None:
    raw = b"\x01" + jp("一") + b"\r\n" + jp("二") + b"\x01" + jp("ＭＳ 明朝") + b"\x02x"
    document = opened(page(command(3007, raw, 1)))
    assert texts(document) == ["一\n二"]
    converted = opened(page(command(3007, raw, 1)), output="936").render({f"{PAGE}/picture-text/1": "们"})
    assert b"\x01" + "们\x01ＭＳ 明朝\x02x".encode("gbk") in converted
    new = document.render({f"{PAGE}/picture-text/1": "ａ\nｂ\nｃ"})
    assert b"\x01" + jp("ａ\r\nｂ\r\nｃ") + b"\x01" + jp("ＭＳ 明朝") + b"\x02x" in new


def test_a_damaged_font_of_a_picture_s_text_does_not_keep_it_from_another_code_page() -> None:
    """Found by fuzzing: the string as a whole is no text, but the part that is shown is."""
    blob = page(command(3007, b"\x01" + jp("第一夜") + b"\x01\x82l\x82_r \x96", 1))
    again = opened(opened(blob, output="utf-8").render({}), charset="utf-8")
    assert texts(again) == ["第一夜"]


def test_a_title_that_is_no_text_is_held_back() -> None:
    document = opened(b"[RPG_RT]\nGameTitle=\x82\n", "RPG_RT.ini")
    assert isinstance(document, HoldsBack)
    assert [h.place for h in document.held_back()] == ["GameTitle"]
    assert document.render({}) == b"[RPG_RT]\nGameTitle=\x82\n"


def test_what_is_held_back_is_told_with_the_reason() -> None:
    document = opened((SAMPLE / "Map0002.lmu").read_bytes())
    assert isinstance(document, HoldsBack)
    assert [(h.text, h.reason) for h in document.held_back()] == [("影01", "file name"), ("Bell1", "file name")]
    document = opened((SAMPLE / "RPG_RT.ldb").read_bytes(), "RPG_RT.ldb")
    assert isinstance(document, HoldsBack)
    reasons = {h.text: h.reason for h in document.held_back()}
    assert reasons["Hero1"] == "file name"
    assert reasons["手紙を読んだ"] == "only the editor shows it"
    assert reasons["主人公が起きる"] == "a comment of the makers"
    document = opened((SAMPLE / "RPG_RT.lmt").read_bytes(), "RPG_RT.lmt")
    assert isinstance(document, HoldsBack)
    assert {h.reason for h in document.held_back()} == {"name of a map in the editor's tree"}


def test_a_string_cut_inside_of_a_character_is_held_back_and_stays() -> None:
    blob = page(command(10110, jp("切れた字") + b"\x82"), command(10110, jp("全部")))
    document = opened(blob)
    assert texts(document) == ["全部"]
    assert jp("切れた字") + b"\x82" in document.render({document.segments[0].key: "すべて"})


class TestSizes:
    def test_grow_on_the_way_up(self) -> None:
        blob = (SAMPLE / "RPG_RT.ldb").read_bytes()
        document = opened(blob, "RPG_RT.ldb")
        long = "長い" * 100
        new = document.render({"troops/1/pages/1/message/1": long, "items/1/name": long})
        again = opened(new, "RPG_RT.ldb")
        assert {s.key for s in again.segments if s.source == long} == {"troops/1/pages/1/message/1", "items/1/name"}
        assert again.render({s.key: s.source for s in document.segments}) == blob

    def test_are_told_before_event_commands_too(self) -> None:
        blob = page(command(10110, jp("短")))
        new = opened(blob).render({f"{PAGE}/message/1": "長" * 200})
        (where,) = read_tree(new).lists
        told = read_tree(new).sizes[where.size].told
        assert told
        assert read_number(new, told.start, told.end) == (where.end - where.start, told.end)

    def test_that_were_told_wrong_stay_wrong(self) -> None:
        document = opened((FIXTURES / "odd" / "Map0001.lmu").read_bytes())
        new = document.render({"events/12/pages/7/message/1": "長" * 200})
        where = read_tree(new).lists[-1]
        told = read_tree(new).sizes[where.size].told
        assert told
        assert new[told.start : told.end] == b"\x05"

    @given(st.dictionaries(st.integers(0, 200), st.text("あいうa\n", min_size=1), max_size=6))
    def test_always_fit(self, new: dict[int, str]) -> None:
        for name in ("RPG_RT.ldb", "Map0001.lmu"):
            blob = (SAMPLE / name).read_bytes()
            document = opened(blob, name)
            targets = {
                segment.key: f"+{new[index].replace(chr(10), '' if segment.limits.single else chr(10))}"
                for index, segment in enumerate(document.segments)
                if index in new
            }
            again = opened(document.render(targets), name)
            assert [s.source for s in again.segments] == [targets.get(s.key, s.source) for s in document.segments]
            assert again.render({s.key: s.source for s in document.segments}) == blob


class TestCodePages:
    def test_are_known_by_number_and_name(self) -> None:
        names = ("932", "cp932", "Shift_JIS", "MS932", "windows-1251", "GBK", "gb2312", "Big5", "utf-8", "65001")
        assert [codec(name) for name in names] == [
            "cp932", "cp932", "cp932", "cp932", "cp1251", "gbk", "gbk", "cp950", "utf-8", "utf-8",
        ]  # fmt: skip
        with pytest.raises(FormatError, match="no code page"):
            codec("rot13")

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("cp932", "勇者は静かに剣を抜いた。「行くぞ」"),
            ("gbk", "勇者静静地拔出了剑。“我们走吧，这里很危险。”"),
            ("cp950", "勇者靜靜地拔出了劍。「我們走吧，這裡很危險。」"),
            ("cp949", "용사는 조용히 검을 뽑았다. 그리고 앞으로 나아갔다."),
            ("cp1251", "Рыцарь молча вынул меч и пошёл вперёд."),
            ("cp1252", "Der Ritter zog wortlos sein Schwert – schön für alle Mädchen, Größe übersieht man."),
            ("cp1250", "Rycerz bez słowa dobył miecza i poszedł naprzód; żaden z gości nie śmiał się odezwać."),
            ("utf-8", "勇者は静かに剣を抜いた。"),
            ("cp1252", "plain"),
        ],
    )
    def test_are_found_in_the_texts(self, name: str, text: str) -> None:
        assert detect([text.encode(name)], []) == name

    def test_are_found_in_what_events_show_rather_than_in_names_left_over(self) -> None:
        events = [f"Grüße, Mädchen! Schöne Bäume, {word} für übermäßige Äpfel.".encode("cp1252") for word in "abcdefgh"]
        assert detect(events, [jp("戦士"), jp("ポーション"), jp("炎の剣をふるう")] * 9) == "cp1252"

    def test_hold_what_they_hold(self) -> None:
        document = opened(page(command(10110, jp("一"))))
        assert document.charset == "cp932"
        with pytest.raises(UnencodableError) as caught:
            document.render({f"{PAGE}/message/1": "们"})
        assert (caught.value.character, caught.value.charset) == ("们", "cp932")
        assert caught.value.instead[:2] == ("utf-8", "cp936")

    def test_change_for_the_whole_file(self) -> None:
        blob = (SAMPLE / "Map0002.lmu").read_bytes()
        document = opened(blob, "Map0002.lmu", output="936")
        new = document.render({"events/3/pages/1/message/1": "你们好"})
        assert document.charset == "gbk"
        again = opened(new, "Map0002.lmu", charset="936")
        sources = texts(opened(blob, "Map0002.lmu"))
        assert texts(again) == ["你们好", *sources[1:]]
        back = opened(new, "Map0002.lmu", charset="936", output="932").render({again.segments[0].key: sources[0]})
        assert back == blob

    def test_change_file_names_in_move_routes_too(self) -> None:
        new = opened((SAMPLE / "Map0002.lmu").read_bytes(), output="936").render({})
        numbers = b"".join(map(write_number, (34, 4, *"影01".encode("gbk"), 2, 35)))
        assert numbers in new

    def test_change_the_route_of_an_event_and_the_size_told_before_it(self) -> None:
        moves = b"\x00\x22" + write_number(4) + jp("影01") + b"\x02\x23\x05Bell1\x64\x64\x32\x20\x07"
        listed = struct(chunk(0x29, struct(sized(0x0B, moves))), sized(0x33, commands(command(10110, jp("一")))))
        blob = game_map({}, chunk(0x51, things({1: struct(chunk(0x05, things({1: listed})))})))
        new = opened(blob, output="utf-8").render({})
        tree = read_tree(new)
        assert [new[text.start : text.end].decode() for text in tree.texts] == ["影01", "Bell1"]
        told = next(size.told for size in tree.sizes if size.told)
        assert new[told.start : told.end] == write_number(len(moves) + 1)
        assert opened(new, charset="utf-8", output="932").render({}) == blob

    def test_change_nothing_where_they_stay_the_same(self) -> None:
        blob = (SAMPLE / "Map0002.lmu").read_bytes()
        assert opened(blob, output="cp932").render({}) == blob

    def test_do_not_lose_a_file_name(self) -> None:
        blob = page(command(11110, jp("ﾊﾝｶｸ"), 1), command(12410, jp("♪")))
        with pytest.raises(UnencodableError):
            opened(blob, output="936").render({})
        blob = page(command(12410, jp("♪")))
        assert opened(blob, output="936").render({}) == blob
        assert opened(blob, output="utf-8").render({}) != blob

    def test_lose_no_map_for_a_character_of_an_untranslated_text(self) -> None:
        blob = page(command(10110, jp("ﾊﾝ・♪")), command(10140, jp("♪/・")), command(20140, jp("♪"), 0))
        document = opened(blob, output="936", language="zh-CN")
        assert list(document.notices) == ["Texts that stay untranslated lose what code page 936 lacks: ♪"]
        assert texts(opened(document.render({}), charset="936")) == ["ハン·?", "?"]
        with pytest.raises(UnencodableError):
            document.render({f"{PAGE}/message/1": "♪"})
        assert opened(blob, output="utf-8").notices == ()

    def test_say_what_becomes_of_them(self) -> None:
        blob = (SAMPLE / "RPG_RT.ldb").read_bytes()
        (notice,) = opened(blob, "RPG_RT.ldb", language="zh-CN").notices
        assert "Code page 932 cannot hold Simplified Chinese" in notice
        assert "--output-charset utf-8" in notice
        assert "cp936" in notice
        (notice,) = opened(blob, "RPG_RT.ldb", output="936", language="zh-CN").notices
        assert "RPG_RT.exe" in notice
        assert opened(blob, "RPG_RT.ldb", language="ja").notices == ()


class TestIni:
    BLOB = (SAMPLE / "RPG_RT.ini").read_bytes()

    def test_has_the_title(self) -> None:
        document = opened(self.BLOB, "RPG_RT.ini", charset=None)
        assert texts(document) == ["灯台守の手紙"]
        assert document.render({"GameTitle": "塔"}) == self.BLOB.replace(jp("灯台守の手紙"), jp("塔"))

    def test_names_the_code_page_that_the_game_changes_to(self) -> None:
        new = opened(self.BLOB, "RPG_RT.ini", output="936").render({"GameTitle": "们"})
        assert new == self.BLOB.replace(jp("灯台守の手紙"), "们".encode("gbk")).replace(b"=932", b"=936")

    @pytest.mark.parametrize(
        ("blob", "new"),
        [
            (b"[RPG_RT]\r\nGameTitle=a\r\n", b"[RPG_RT]\r\nGameTitle=a\r\n[EasyRPG]\r\nEncoding=936\r\n"),
            (b"[RPG_RT]\nGameTitle=a", b"[RPG_RT]\nGameTitle=a\n[EasyRPG]\nEncoding=936\n"),
            (b"[EasyRPG]\nX=1\n[rpg_rt]\n", b"[EasyRPG]\nEncoding=936\nX=1\n[rpg_rt]\n"),
        ],
    )
    def test_gets_the_entry_where_it_has_none(self, blob: bytes, new: bytes) -> None:
        assert opened(blob, "RPG_RT.ini", output="936").render({}) == new

    def test_without_the_engine_s_section_is_refused(self) -> None:
        with pytest.raises(FormatError) as caught:
            opened(b"[Other]\n", "RPG_RT.ini")
        assert caught.value.offset == 8  # the end, up to which there is none

    def test_refuses_a_title_of_several_lines(self) -> None:
        for target in ("a\nb", " a"):
            with pytest.raises(RefusedTargetError):
                opened(self.BLOB, "RPG_RT.ini").render({"GameTitle": target})


HUGE = write_number(0xFFFFFFF0)


class TestDamage:
    @pytest.mark.parametrize(
        ("blob", "offset"),
        [
            (b"not a file", 0),
            (b"\x0bLcfDataBase\x0b" + HUGE, 13),
            (b"\x0bLcfDataBase\x0b\x05" + HUGE, 19),
            (b"\x0bLcfDataBase\x0b\x02\x02\x01", 16),
            (b"\x0bLcfDataBase\x0b\x80\x80\x80\x80\x80\x80\x01", 13),
            (page(b"\xce\x7e\x00" + HUGE), None),
            (page(b"\xce\x7e\x00\x00" + HUGE), None),
            (b"\x0aLcfMapTree" + HUGE, 16),
        ],
    )
    def test_with_sizes_past_the_end_is_refused_with_its_place(self, blob: bytes, offset: int | None) -> None:
        with pytest.raises(FormatError) as caught:
            opened(blob)
        assert caught.value.offset is not None
        assert offset is None or caught.value.offset == offset

    def test_in_parameters_is_found_when_the_file_is_opened(self) -> None:
        """Found by fuzzing: parameters were stepped over, and read only where something was written."""
        with pytest.raises(FormatError):
            opened(page(b"\xd8\x42\x00\x00\x02" + b"\xff" * 5 + b"\x01\x01"))

    def test_in_a_size_that_is_told_again_leaves_it_as_it_is(self) -> None:
        """Found by fuzzing."""
        listed = struct(chunk(0x33, b"\xff\xff"), chunk(0x34, commands(command(10110, jp("一")))))
        blob = game_map({}, chunk(0x51, things({1: struct(chunk(0x05, things({1: listed})))})))
        assert b"\x33\x02\xff\xff" in opened(blob).render({f"{PAGE}/message/1": "二\n三"})

    def test_takes_no_more_memory_than_the_file(self) -> None:
        tracemalloc.start()
        for blob in (
            b"\x0bLcfDataBase\x0b\x06" + HUGE + b"\x00",
            b"\x0aLcfMapTree\x00" + HUGE,
            page(b"\xce\x7e\x00\x00" + HUGE),
        ):
            with pytest.raises(FormatError):
                opened(blob)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
        tracemalloc.stop()

    @pytest.mark.parametrize("name", ["odd/Map0001.lmu", "odd/RPG_RT.ldb", "western/Map0007.lmu"])
    def test_of_any_kind_is_refused_or_kept(self, name: str) -> None:
        chance = random.Random(name)  # noqa: S311  the same bytes in every run
        blob = (FIXTURES / name).read_bytes()
        nowhere = 0
        for _ in range(1500):
            damaged = bytearray(blob)
            for _ in range(chance.randrange(1, 4)):
                at = chance.randrange(len(damaged))
                damaged[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
            damaged = damaged[: chance.randrange(len(damaged))] if chance.random() < 0.2 else damaged
            try:
                document = opened(bytes(damaged), name)
            except FormatError as error:
                nowhere += error.offset is None
                continue
            assert document.render({}) == damaged
            assert isinstance(document, HoldsBack)
            list(document.held_back())
        assert nowhere == 0

    def test_takes_linear_time(self) -> None:
        many = 20_000
        opened(page(*[command(10140, b"a/b")] * many))
        opened(page(*[command(10140, b"a/b") + command(20140, b"a", 0)] * many))
        document = opened(page(*[command(10110, b"a"), command(20110, b"b")] * many))
        document.render({s.key: "x\ny\nz" for s in document.segments})
        opened(database(chunk(0x17, things({n: struct(chunk(1, b"switch")) for n in range(1, many)}))), "RPG_RT.ldb")


@pytest.mark.parametrize("name", ["RPG_RT.ldb", "Map0001.lmu", "Map0002.lmu"])
def test_keys_stay_when_a_neighbour_gets_more_lines(name: str) -> None:
    document = opened((SAMPLE / name).read_bytes(), name)
    longer = {s.key: f"{s.source}\nｘ" for s in document.segments if not s.limits.single}
    again = opened(document.render(longer), name)
    assert [s.key for s in again.segments] == [s.key for s in document.segments]
