"""Texts of XUnity.AutoTranslator: which lines are pairs, what they mean, and how targets are written."""

import codecs
from pathlib import PurePath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role, Segment
from translator.formats.xunity import FORMAT
from translator.formats.xunity.lines import Directive, escape, read_directive, read_pair
from translator.testing.deadline import deadline as ended_within

TEXTS = st.text(st.sampled_from('あab=\\/\n%3D"ru0$ {}:'), max_size=12)


def opened(text: str | bytes, name: str = "") -> Document:
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))


def only(text: str) -> Segment:
    (segment,) = opened(text).segments
    return segment


def written(text: str, target: str) -> str:
    return opened(text).render({only(text).key: target}).decode()


@pytest.mark.parametrize(
    ("line", "source", "target"),
    [
        ("あ=い", "あ", "い"),
        ("あ=", "あ", None),
        ("あ=あ", "あ", None),
        (r"あ\=い=う", "あ=い", "う"),
        ("あ%3Dい=う", "あ=い", "う"),
        (r"あ\\n=い", "あ\\n", "い"),
        (r"あ\nい=う\nえ", "あ\nい", "う\nえ"),
        (r"あ\r\nい=", "あ\nい", None),
        (r"コード \u3042=\u0041", "コード あ", "A"),
        (r"C:\dir=D:\dir", "C:\\dir", "D:\\dir"),
        (r"\/\/あ=い", "//あ", "い"),
        ("あ=い // 注", "あ", "い "),
        ("{{A}}さん={{A}}", "{{A}}さん", "{{A}}"),
        ('"あ"="い"', '"あ"', '"い"'),
        ("あ=い\\", "あ", "い\\"),
    ],
)
def test_a_pair_means(line: str, source: str, target: str | None) -> None:
    assert (only(line).source, only(line).target) == (source, target)


@pytest.mark.parametrize(
    "line",
    [
        "// あ=い",
        "あ=い=う",
        "あ=い // x\nなし",
        "あ // =い",
        r"あ\u12=い",
        "=い",
        " =い",
        "あ",
        "",
        "#set level 1",
        r"あ\=い",
    ],
)
def test_lines_that_the_plugin_ignores_are_no_pairs(line: str) -> None:
    found = [segment.source for segment in opened(line).segments]
    assert found == (["あ"] if "なし" in line else [])


def test_a_file_without_a_pair_says_so() -> None:
    assert opened("// nothing").notices
    assert not opened("あ=").notices


@pytest.mark.parametrize(
    ("line", "directive"),
    [
        ("#set level 1,2", Directive("set", "level", "1,2")),
        ("  #SET exe Game // why", Directive("set", "exe", "Game")),
        ("#unset required-resolution", Directive("unset", "required-resolution", "")),
        ("#enable fallback", Directive("enable", "fallback", "")),
        ("#set colour red", None),
        ("# a note", None),
        ("level 1", None),
    ],
)
def test_directives(line: str, directive: Directive | None) -> None:
    assert read_directive(line) == directive


def test_directives_part_scenes_and_keys() -> None:
    text = (
        "#set level 1,2\nあ=\n#unset level 2\nあ=\n#set exe Game\nあ=\n#unset exe Game\n#unset level 1\nあ=\nあ=\n"
        "#set required-resolution w > 1\nあ=\n#unset required-resolution\nあ=\n#enable x\nあ=\n#unset level 9\nあ="
    )
    assert [(s.key, s.scene) for s in opened(text).segments] == [
        ("level 1; level 2: あ", "level 1; level 2"),
        ("level 1: あ", "level 1"),
        ("level 1; exe Game: あ", "level 1; exe Game"),
        ("あ", ""),
        ("あ#2", ""),
        ("required-resolution w > 1: あ", "required-resolution w > 1"),
        ("あ#3", ""),
        ("あ#4", ""),
        ("あ#5", ""),
    ]


def test_keys_that_look_counted_stay_unique() -> None:
    keys = [segment.key for segment in opened("あ#2=\nあ=\nあ=\nあ=").segments]
    assert keys == ["あ#2", "あ", "あ#3", "あ#4"]


def test_long_texts_have_short_keys_of_their_own() -> None:
    one, two = (segment.key for segment in opened(f"{'あ' * 200}=\n{'あ' * 199}い=").segments)
    assert one != two
    assert max(len(one), len(two)) < 100


@pytest.mark.parametrize(
    ("line", "source", "target"),
    [
        ('r:"^シンプルリング ([0-9]+)$"="Simple $1"', "シンプルリング $1", "Simple $1"),
        ('r:"^([0-9]+)の(.+)$"=', "$1の$2", None),
        ("r:^剣(?<n>.+)=", "剣${n}", None),
        (r'sr:"^第([0-9]{2})話\n「([\S\s]+)」$"="A $1"', "第$1話\n「$2」", "A $1"),
        (r'r:"^本当\?(x)$"="$1"', "本当?$1", "$1"),
        (r"r:あ(い)=Kana $1", "あ$1", "Kana $1"),
    ],
)
def test_an_expression_that_is_a_text_with_groups_is_shown_as_one(line: str, source: str, target: str | None) -> None:
    assert (only(line).source, only(line).target) == (source, target)


@pytest.mark.parametrize(
    "line", ['r:"^[あ-ん]+$"=K', 'r:"あ|い"=x', 'sr:"(?:a|b)"="x"', r'r:"あ.*"=x', 'r:""=x', r"r:\d=x"]
)
def test_any_other_expression_is_held_back(line: str) -> None:
    document = opened(line)
    assert not document.segments
    assert isinstance(document, HoldsBack)
    assert [held.reason for held in document.held_back()] == ["regular expression"]


@pytest.mark.parametrize(
    ("line", "target", "expected"),
    [
        ("あ=", "a=b", r"あ=a\=b"),
        ("あ=", "//x%3D\\n", "あ=/\\u002Fx\\u00253D\\\\n"),
        (r"あ\r\nい=", "a\nb", r"あ\r\nい=a\r\nb"),
        (r"あ\r\nい=c\nd", "a\nb", r"あ\r\nい=a\nb"),
        (r"あ=x\r\n", "a\nb", r"あ=a\r\nb"),
        ("あ=い // 注", "x", "あ=x// 注"),
        ("あ=い// 注", "x/", "あ=x\\u002F// 注"),
        ('r:"あ(い)"="a"', 'b "c"', 'r:"あ(い)"="b "c""'),
        ("r:あ(い)=", "b $1", "r:あ(い)=b $1"),
        ("r:あ(い)=", 'b "$1"', 'r:あ(い)="b "$1""'),
        ("r:あ(い)=", "r:b", 'r:あ(い)="r:b"'),
        ("あ=い", "", "あ="),
    ],
)
def test_a_target_is_written(line: str, target: str, expected: str) -> None:
    assert written(line, target) == expected


@pytest.mark.parametrize("target", ["a\rb", "a\0b"])
def test_what_a_line_cannot_hold_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        written("あ=", target)


@given(
    target=TEXTS.filter(bool),
    tail=st.sampled_from(["", "// 注", "\r\n//=\r\n"]),
    left=st.sampled_from(["あ", "r:あ(い)", "\ufeffあ"]),
)
@example(target="a/", tail="// 注", left="あ")
@example(target='"', tail="", left="r:あ(い)")
def test_what_is_written_is_read_back(target: str, tail: str, left: str) -> None:
    line = f"{left}=う{tail}"
    again = written(line, target)
    found = only(again)
    assert (found.target or found.source) == target
    assert found.key == only(line).key
    assert again.startswith(f"{left}=")
    assert again.endswith(tail)


@given(text=TEXTS, line_break=st.sampled_from(["\n", "\r\n"]))
def test_an_escaped_text_is_one_side_of_a_pair(text: str, line_break: str) -> None:
    pair = read_pair(f"{escape(text, line_break)}={escape(text, line_break)}")
    assert pair is not None
    assert pair.source == pair.target == text.replace("\n", line_break)


@given(
    blob=st.binary(max_size=60) | st.text(st.sampled_from('あ=\\nu/r:s"()\n\r#set level1'), max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(blob: bytes) -> None:
    try:
        document = opened(blob)
    except FormatError:
        return
    assert document.render({}) == blob
    assert document.render({s.key: s.target for s in document.segments if s.target is not None}) == blob
    assert len({s.key for s in document.segments}) == len(document.segments)


@pytest.mark.parametrize("text", ["あ=い\r\nう=", "\ufeffあ=い\nう=\n"])
def test_line_ends_and_the_byte_order_mark_stay(text: str) -> None:
    assert opened(text).render({"う": "u"}).decode() == text.replace("う=", "う=u")


def test_utf_16_is_read_with_a_byte_order_mark() -> None:
    blob = codecs.BOM_UTF16_LE + "あ=い\r\n".encode("utf-16-le")
    assert opened(blob).render({"あ": "x"}) == codecs.BOM_UTF16_LE + "あ=x\r\n".encode("utf-16-le")


def test_other_charsets_are_refused() -> None:
    with pytest.raises(FormatError):
        opened("あ=い".encode("cp932"))


def test_substitutions_are_names() -> None:
    assert opened("朱音=Akane", "Text/_Substitutions.txt").segments[0].role is Role.NAME
    assert opened("朱音=Akane", "Text/other.txt").segments[0].role is Role.TERM


PAIRS = "あ=a\nい=i\nう=u\n"


@pytest.mark.parametrize(
    ("name", "head", "confidence"),
    [
        ("_AutoGeneratedTranslations.txt", b"", Confidence.CERTAIN),
        ("Text/_Substitutions.txt", b"x", Confidence.CERTAIN),
        ("Text/_Postprocessors.txt", PAIRS.encode(), Confidence.NONE),
        ("Text/resizer.txt", PAIRS.encode(), Confidence.NONE),
        ("Translation/en/Text/a.txt", b"", Confidence.CERTAIN),
        ("Translation/en/Text/a.txt", b"a=b\n", Confidence.CERTAIN),
        ("Translation/en/Text/a.txt", b"only prose\n", Confidence.NONE),
        ("Translation/menu/Text/a.txt", b"a=b\n", Confidence.NONE),
        ("a.txt", PAIRS.encode(), Confidence.CERTAIN),
        ("a.txt", b"\xef\xbb\xbf" + PAIRS.encode(), Confidence.CERTAIN),
        ("a.txt", b'// x\n#set level 1\nr:"a"=b\nr:"b"=b\nr:"c"=b\n', Confidence.CERTAIN),
        ("a.txt", PAIRS.encode("cp932"), Confidence.NONE),
        ("a.txt", "あ=a\nい=i\n".encode(), Confidence.NONE),
        ("a.txt", b"[section]\nkey=value\nother=2\nthird=3\n", Confidence.NONE),
        ("a.txt", (PAIRS + "散文。\n" * 5).encode(), Confidence.NONE),
        ("a.ini", PAIRS.encode(), Confidence.NONE),
    ],
)
def test_what_is_claimed(name: str, head: bytes, confidence: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is confidence


def test_a_long_line_of_escapes_is_quick() -> None:
    assert len(only("あ" + r"\n" * 200_000 + "=").source) == 200_001


@pytest.mark.parametrize("piece", [r"\(", "(", "(a", "(a)", r"((\(", "((a)", "[a]"])
def test_a_long_expression_takes_no_square_of_its_length(piece: str) -> None:
    line = f'r:"{piece * 100_000}"=い\n'
    with ended_within(20.0):  # with the square of its length it takes minutes
        document = opened(line)
    assert document.render({}).decode() == line


def test_an_escaped_bracket_begins_no_group() -> None:
    assert only(r'r:"^\(あ\)(.+)い$"="(x)$1"' + "\n").source == "(あ)$1い"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("二つ=等=号", "it has several = without a backslash"),
        ("行末 // コメント=", "a comment starts before its ="),
        ("コード\\u30=", "an escape \\u without four digits"),
        ("等号のない行", "it has no ="),
    ],
)
def test_a_line_that_the_plugin_ignores_is_held_back_with_the_reason(line: str, reason: str) -> None:
    document = opened(f"あ=い\n{line}\n")
    assert isinstance(document, HoldsBack)
    (found,) = document.held_back()
    assert (found.text, found.reason) == (line, f"the plugin ignores the line: {reason}")


@pytest.mark.parametrize("line", ["// 注", "", "  ", "#set level 1", "bad\\q=x"])
def test_comments_directives_and_what_is_read_are_not_held_back(line: str) -> None:
    document = opened(f"あ=い\n{line}\n")
    assert isinstance(document, HoldsBack)
    assert not list(document.held_back())
