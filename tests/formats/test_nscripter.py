"""Scripts of NScripter: what is a text, how it is spelled, and what is refused."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import (
    Confidence,
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.core.segment import Role
from translator.formats.nscripter import FORMAT
from translator.formats.nscripter.reader import CODES
from translator.testing.deadline import deadline as ended_within

HEAD = "*define\ngame\n*start\n"
START = len(HEAD.encode("cp932"))


def opened(script: str, *, language: str | None = None, output: str | None = None) -> Document:
    options = FormatOptions(charset="cp932", target_language=language, output_charset=output)
    return FORMAT.open((HEAD + script).encode("cp932"), options=options)


def sources(script: str) -> list[str]:
    return [segment.source for segment in opened(script).segments]


def written(script: str, **targets: str) -> str:
    document = opened(script)
    keys = {key.replace("_", "/"): target for key, target in targets.items()}
    return document.render(keys).decode("cp932").removeprefix(HEAD)


def test_a_message_goes_up_to_its_page_end() -> None:
    assert sources("一行目@\n二行目\\\n次の頁\\\n") == ["一行目@\n二行目", "次の頁"]


def test_the_name_of_a_variable_ends_where_ascii_ends() -> None:
    assert sources("$nameは窓を見た。\\\n") == ["$nameは窓を見た。"]


def test_a_name_on_a_line_of_its_own_is_the_speaker_of_what_follows() -> None:
    name, text = opened("【ハル】\n「やあ」\\\n").segments
    assert (name.source, name.role, name.binding) == ("ハル", Role.NAME, "name")
    assert text.speaker == "ハル"


def test_a_name_that_a_condition_compares_with_is_kept() -> None:
    script = '*start\nif $name=="太郎" goto *end\n【太郎】\nこんにちは。\\\n【花子】\nこんばんは。\\\n'
    document = opened(script)
    assert [s.source for s in document.segments if s.role is Role.NAME] == ["花子"]
    assert [s.speaker for s in document.segments if s.role is Role.DIALOGUE] == ["太郎", "花子"]
    assert isinstance(document, HoldsBack)
    assert "name that a condition compares with" in {held.reason for held in document.held_back()}


def test_a_name_before_a_voice_is_taken_and_the_voice_stays() -> None:
    script = "[1|【　翠　】|sui-1]「はい」\\\n"
    assert sources(script) == ["翠", "「はい」"]
    assert written(script, start_1="「いいえ」", start_name_1="緑") == "[1|【　緑　】|sui-1]「いいえ」\\\n"


@pytest.mark.parametrize("tag", ["[花子]", "[花子/voice.wav]", "[花子/v1]\n"])
def test_a_name_in_a_tag_is_the_speaker_and_the_tag_stays(tag: str) -> None:
    name, text = opened(f"{tag}「やあ」\\\n").segments
    assert (name.source, name.role, text.source, text.speaker) == ("花子", Role.NAME, "「やあ」", "花子")
    spelled = tag.replace("花子", "Hanako") + "`Hi.`\\\n"
    assert written(f"{tag}「やあ」\\\n", start_1="Hi.", start_name_1="Hanako") == spelled


def test_a_tag_that_is_no_name_stays() -> None:
    assert sources("[v001]「やあ」\\\n[voice\\a.wav]「ねえ」\\\n") == ["「やあ」", "「ねえ」"]


def test_a_target_in_latin_letters_is_put_in_backticks_and_its_codes_outside_of_them() -> None:
    assert written("やあ@元気\\\n", start_1="Hello@ there") == "`Hello`@` there`\\\n"


def test_backticks_are_left_out_of_a_text_and_put_back() -> None:
    assert sources("`Hello`@` there`\\\n") == ["Hello@ there"]
    assert written("`Hello`@` there`\\\n", start_1="Bye@ now") == "`Bye`@` now`\\\n"


def test_lines_after_an_angle_bracket_may_be_wrapped_anew() -> None:
    script = ">one\n>two\\\n"
    assert opened(script).segments[0].limits.wrap
    assert written(script, start_1="a\nb\nc") == ">a\n>b\n>c\\\n"


def test_the_grid_of_the_window_is_the_limit() -> None:
    limits = opened("setwindow 8,16,23,16,26,26,0,2,20,1,1,#ffffff,0,0,639,479\n文\\\n").segments[0].limits
    assert (limits.columns, limits.lines) == (46, 16)


def test_choices_are_taken_over_several_lines_and_labels_are_not() -> None:
    assert sources('select "はい",*yes,\n  "いいえ",*no\ncselect4 "花","*L_1"\n') == ["はい", "いいえ", "花"]


def test_file_names_labels_comments_and_compared_strings_are_held_back() -> None:
    document = opened('bg "絵.jpg",1\n;注釈\nif $a="翠" goto *midori\n')
    assert isinstance(document, HoldsBack)
    assert not document.segments
    assert {held.text: held.reason for held in document.held_back()} == {
        "define": "label", "start": "label", "絵.jpg": "string of bg", "注釈": "comment", "翠": "string of if",
    }  # fmt: skip


def test_the_text_of_a_string_sprite_is_taken_without_its_size_and_colours() -> None:
    assert sources('lsp 1,":s/24,24,0;#FFFFFF文字",0,0\nlsp 2,":a;絵.png",0,0\n') == ["文字"]


@pytest.mark.parametrize("target", ["文\\章", "文!w100章", "文\n\n章", "文章\\", "　", "100%a"])
def test_a_target_that_would_be_read_otherwise_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        written("文\\\n", start_1=target)


def test_a_string_has_no_place_for_a_quote() -> None:
    with pytest.raises(RefusedTargetError):
        written('caption "題"\n', start_string_1='a"b')


def test_a_charset_that_lacks_the_language_is_kept_and_said_unless_another_is_asked_for() -> None:
    document = opened("文\\\n", language="zh-CN")
    assert "--output-charset" in document.notices[0]
    with pytest.raises(UnencodableError):
        document.render({"start/1": "这们"})
    assert opened("文\\\n", output="gb18030").render({"start/1": "这们"}).decode("gb18030") == HEAD + "这们\\\n"


@pytest.mark.parametrize("key", [b"\x84", b"\x79\x57\x0d\x80\x04"])
def test_a_scrambled_script_is_scrambled_again(key: bytes) -> None:
    def scramble(data: bytes) -> bytes:
        return bytes(byte ^ key[at % len(key)] for at, byte in enumerate(data))

    plain = (HEAD + "文\\\n").encode("cp932")
    scrambled = scramble(plain)
    assert FORMAT.sniff(PurePath("nscr_sec.dat"), scrambled) is Confidence.CERTAIN
    document = FORMAT.open(scrambled, options=FormatOptions(charset="cp932"))
    assert document.render({}) == scrambled
    assert scramble(document.render({"start/1": "二字"})).decode("cp932") == HEAD + "二字\\\n"


@given(
    st.text(alphabet='文「」あい Aa`@\\/!w1$%[]|【】>;*"\n', max_size=30), st.text(alphabet="字aB @\n`!w1", max_size=12)
)
def test_what_is_written_is_read_back(script: str, target: str) -> None:
    document = opened(script)
    assert document.render({s.key: s.source for s in document.segments}) == document.render({})
    for segment in document.segments:
        try:
            blob = document.render({segment.key: target})
        except RefusedTargetError:
            continue
        again = FORMAT.open(blob, options=FormatOptions(charset="cp932"))
        assert {s.key: s.source for s in again.segments}[segment.key] == target


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_as_a_format_error(blob: bytes) -> None:
    try:
        document = FORMAT.open(blob, options=FormatOptions())
    except FormatError:
        return
    assert document.render({}) == blob


@pytest.mark.parametrize(
    ("script", "column"),
    [('select "閉じない,*a\nこんにちは\\\nend\n', 7), ('mov $1,"甲",$2,"乙\n', 15), ('select "甲",*a,\n"乙,*b\n', 16)],
)
def test_a_string_that_does_not_end_on_its_line_is_held_back_and_told_with_its_place(script: str, column: int) -> None:
    document = opened(script)
    assert f"(byte {START + column}): a string does not end on the line" in document.notices[-1]
    assert isinstance(document, HoldsBack)
    assert "a string without its end" in {row.reason for row in document.held_back()}


@pytest.mark.parametrize("line", ['mov $1,"甲" ; "', ';"', '*a "', 'd `"`', 'd ^"^', '甲"乙\\'])
def test_a_quotation_mark_that_begins_no_string_is_none(line: str) -> None:
    assert not any("does not end" in notice for notice in opened(line + "\n").notices)
    assert opened(line + "\n").render({}) == (HEAD + line + "\n").encode("cp932")


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        *(
            ("あ", piece)
            for piece in ("?a[", "?a[1]", "?a[[1]", "あ\n", "*a\n", "[あ", "(あ/", "`あ`", 'mov $1,"あ"\n')
        ),
        *(
            (start, piece)
            for start in ("bg ", "if ")
            for piece in ("a:", "a ", "`あ`", "^あ", "あ;", "%1==1 && ", "?a[")
        ),
    ],
)
def test_a_long_line_takes_no_square_of_its_length(start: str, piece: str) -> None:
    line = f"{start}{piece * 100_000}\n"
    with ended_within(20.0):  # with the square of its length it takes minutes
        document = opened(line)
    assert document.render({}).endswith(line.encode("cp932"))


def test_an_element_s_index_may_be_an_element() -> None:
    assert written("値は?1[?2[3]]だ\\\n", start_1="是?1[?2[3]]") == "是?1[?2[3]]\\\n"
    with pytest.raises(RefusedTargetError, match="a code that its source has not"):
        written("値は?1[?2[3]]だ\\\n", start_1="是?1[?2[4]]")


LINE = st.from_regex(r"[A-Za-z0-9 .,:;!'\"()*+=&~|^{}<>\[_?-]{1,30}", fullmatch=True)
PLAIN = LINE.filter(lambda line: bool(line.strip()) and not CODES.search(line))
ENGLISH = st.lists(PLAIN, min_size=1, max_size=3).map("\n".join)


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("一行目。@\n二行目。\\\n", ""), ("　一行目。@\n　二行目。\\\n", ""), ("「やあ」@\n「ねえ」\\\n", ""),
        ("……\\\n", ""), ("[1|【翠】|sui-1]「はい」\\\n", ""), ("[翠/v.wav]「はい」\\\n", ""),
        ("$0さん、こんにちは。\\\n", "$0"),
        ("#FF0000赤い文だ。\\\n", "#FF0000"), ("!sd遅い。\\\n", "!sd"), ("　%12回です\\\n", "%12"),
        ('dwave 0,"v.wav":「行内文」@\n次\\\n', ""), ("bg black,1:文の後の文\\\n", ""), ("if %1==1 条件後の文\\\n", ""),
        ('if %1==%2 && $3=="甲" $0さん。\\\n', "$0"),
    ],
)  # fmt: skip
@given(st.data())
def test_any_plain_english_is_taken_and_read_back(message: str, codes: str, data: st.DataObject) -> None:
    english = data.draw(ENGLISH)
    target = codes + (" " if codes and english[0].isalnum() else "") + english
    document = opened(message)
    (key,) = (segment.key for segment in document.segments if segment.role is not Role.NAME)
    script = document.render({key: target}).decode("cp932")
    (line,) = (
        segment.source for segment in opened(script.removeprefix(HEAD)).segments if segment.role is not Role.NAME
    )
    assert line == target


@pytest.mark.parametrize(
    ("message", "target", "spelled"),
    [
        ("　一行目。@\n　二行目。\\\n", "Line one.@\nLine two.", "　`Line one.`@\n　`Line two.`\\\n"),
        ("　一行目。@\n二行目。\\\n", "Line one.@\nLine two.", "　`Line one.`@\n`Line two.`\\\n"),
        ("$0さん。\\\n", "$0, hello.", "$0`, hello.`\\\n"),
        ("$0さん。\\\n", "$0san.", "$0`san.`\\\n"),
        ("#FF0000赤\\\n", "#FF0000A red line.", "#FF0000`A red line.`\\\n"),
        ("!s100遅い。\\\n", "!s100Slow.", "!s100`Slow.`\\\n"),
        ("!s0`So `/\n!d800`slow.`\\\n", "!s0Too /\n!d800fast.", "!s0`Too `/\n!d800`fast.`\\\n"),
        ("……\\\n", "...", "`...`\\\n"),
        ("「本当」\\\n", "“Really” so?", "`“Really” so?`\\\n"),
        ("本当\\\n", "真的?", "`真的?`\\\n"),
        ("本当\\\n", "真的！", "真的！\\\n"),
        ("……\\\n", "！？", "`！？`\\\n"),
    ],
)
def test_what_the_engine_would_not_show_as_it_is_gets_backticks(message: str, target: str, spelled: str) -> None:
    document = opened(message)
    assert document.render({document.segments[0].key: target}).decode("cp932") == HEAD + spelled


def test_a_dollar_that_begins_no_variable_of_the_text_is_refused() -> None:
    with pytest.raises(RefusedTargetError, match=r"follow \$"):
        written("文\\\n", start_1="$ 5")


@pytest.mark.parametrize(
    ("line", "text", "spelled"),
    [
        ('dwave 0,"v.wav":「行内文」@', "「行内文」", 'dwave 0,"v.wav":`Here 1`@'),
        ("bg black,1 : 文の後の文\\", "文の後の文", "bg black,1 : `Here 1`\\"),
        ("if %1==1 && $2=甲乙 条件後\\", None, None),
        ("if %1==1 条件後の文\\", "条件後の文", "if %1==1 `Here 1`\\"),
        ('notif %1 <> 3 | $2=="乙" #FF0000赤い文\\', "#FF0000赤い文", 'notif %1 <> 3 | $2=="乙" `Here 1`\\'),
        ('if fchk "絵.bmp" &lchk *a `Old`\\', "Old", 'if fchk "絵.bmp" &lchk *a `Here 1`\\'),
        ("if %left = right  inc %1 :mov %2,1 : 文", "文", "if %left = right  inc %1 :mov %2,1 : `Here 1`"),
        ("Monday, December XX, 10:00 AM", None, None),
        ("pickup 古い鍵", None, None),
        ("*end おわり", None, None),
        ("bg ^絵^,1", None, None),
    ],
)
def test_text_behind_a_command_is_offered_or_held_back(line: str, text: str | None, spelled: str | None) -> None:
    document = opened(line + "\n")
    assert isinstance(document, HoldsBack)
    if text is None or spelled is None:
        assert not document.segments
        assert {held.reason for held in document.held_back()} & {"text behind a command", "string of bg"}
        return
    assert [segment.source for segment in document.segments] == [text]
    assert document.render({"start/1": "Here 1"}).decode("cp932") == f"{HEAD}{spelled}\n"


def test_strings_of_commands_may_be_in_backticks() -> None:
    script = (
        'select `Go; left`,*a,`Go right`,*b\nmesbox `Over`,"題"\nmov $1,`値`\nlsp 1,`:s/20,20,0;#FFFFFFSprite`,0,0\n'
    )
    document = opened(script)
    assert [s.source for s in document.segments] == ["Go; left", "Go right", "Over", "題", "Sprite"]
    assert isinstance(document, HoldsBack)
    assert ("値", "string of mov") in {(held.text, held.reason) for held in document.held_back()}
    assert written(script, start_choice_1='Say "no"') == script.replace("Go; left", 'Say "no"')
    with pytest.raises(RefusedTargetError, match="no escape"):
        written(script, start_choice_1="a`b")


def test_strings_that_are_shown_are_taken_and_their_colours_are_not() -> None:
    script = (
        'strsp 3,"看板",1,1,10,3,24,24,0,2,1,1,"#FFFFFF"\nputtext "文"\ninputstr $1,"名前",10,0\n'
        'logsp 1,"記",0,0\nyesnobox %1,"終わる","確認"\n'
    )
    assert sources(script) == ["看板", "文", "名前", "記", "終わる", "確認"]
