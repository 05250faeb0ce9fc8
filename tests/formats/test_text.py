from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError, UnencodableError
from translator.core.markup import Fate
from translator.core.segment import Role
from translator.formats.text import FORMAT, TextDocument
from translator.testing.deadline import deadline as ended_within

MARKUP = FORMAT.info.markup
AOZORA = """題
作者

-----------------------
【テキスト中に現れる記号について】

《》：ルビ
-----------------------

［＃７字下げ］第一篇［＃「第一篇」は大見出し］

［＃中見出し］一［＃中見出し終わり］

　文。
［＃改ページ］

［＃７字下げ］第二篇［＃「第二篇」は大見出し］

　次の文。

底本：「題」
入力：誰か
"""


def opened(text: str, **options: str) -> TextDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(**options))  # pyright: ignore[reportArgumentType]  only text fields are passed


def sources(text: str) -> list[str]:
    return [s.source for s in opened(text).segments]


def keys(text: str) -> dict[str, str]:
    return {s.key: s.source for s in opened(text).segments}


def seen(text: str) -> str:
    """What is left for the model: rewritten, without what is dropped."""
    return "".join(
        p.text for p in MARKUP.tokenize(MARKUP.normalise(text)) if not p.rule or p.rule.fate is not Fate.DROP
    )


class TestParagraphs:
    def test_are_lines_without_their_edges(self) -> None:
        assert sources("　一つ目。\n\n  二つ目。　\n「三つ目」\n") == ["一つ目。", "二つ目。", "「三つ目」"]

    @pytest.mark.parametrize(
        "line", ["＊　＊　＊", "***", "――――", "◇", "……", "　　※", "［＃改ページ］", "☆★☆", "-----"]
    )
    def test_are_no_lines_without_language(self, line: str) -> None:
        assert keys(f"一。\n{line}\n二。\n") == {"1.1": "一。", "2.1": "二。"}

    @pytest.mark.parametrize("line", ["「……」", "！？", "２", "x", "〇", "『――』"])
    def test_are_lines_with_a_letter_digit_or_mark_of_speech(self, line: str) -> None:
        assert sources(f"一。\n{line}\n") == ["一。", line]

    def test_leave_notes_about_a_line_outside(self) -> None:
        assert sources("［＃２字下げ］［＃地付き］文。［＃改ページ］\n［＃ここから２字下げ］\n") == ["文。"]

    def test_are_dialogue_or_narration(self) -> None:
        assert [s.role for s in opened("地の文。\n「台詞」\n『声』\n").segments] == [
            Role.NARRATION,
            Role.DIALOGUE,
            Role.DIALOGUE,
        ]

    def test_hold_one_line_each(self) -> None:
        assert all(s.limits.single for s in opened(AOZORA).segments)


class TestScenes:
    def test_part_at_more_blank_lines_than_usual(self) -> None:
        assert list(keys("一。\n\n二。\n\n三。\n\n\n四。\n")) == ["1.1", "1.2", "1.3", "2.1"]
        assert list(keys("一。\n二。\n\n三。\n四。\n\n\n五。\n")) == ["1.1", "1.2", "1.3", "1.4", "2.1"]

    def test_do_not_part_at_blocks_that_are_set_in(self) -> None:
        assert list(keys("一。\n［＃ここから２字下げ］\n二。\n［＃ここで字下げ終わり］\n三。\n")) == [
            "1.1",
            "1.2",
            "1.3",
        ]

    def test_part_at_headings_but_not_between_them(self) -> None:
        assert keys(AOZORA) == {
            "title.1": "題",
            "title.2": "作者",
            "1.1": "第一篇",
            "1.2": "一",
            "1.3": "文。",
            "2.1": "第二篇",
            "2.2": "次の文。",
        }


class TestAozora:
    def test_title_and_author_are_names_and_the_frame_is_held_back(self) -> None:
        document = opened(AOZORA)
        assert [s.role for s in document.segments if s.scene == "title"] == [Role.NAME, Role.NAME]
        translated = document.render({s.key: "x" for s in document.segments}).decode()
        assert "【テキスト中に現れる記号について】\n\n《》：ルビ\n-----" in translated
        assert translated.endswith("\n\n底本：「題」\n入力：誰か\n")

    def test_a_heading_is_quoted_by_its_translation(self) -> None:
        text = "［＃７字下げ］第｜一《いち》篇［＃「第一篇」は大見出し］\n"
        assert sources(text) == ["第｜一《いち》篇"]
        translated = opened(text).render({"1.1": "第一「部」"}).decode()
        assert translated == "［＃７字下げ］第一「部」［＃「第一「部」」は大見出し］\n"
        assert opened(translated).render({"1.1": "第｜一《いち》篇"}).decode() == text

    def test_a_note_that_quotes_another_text_is_no_heading(self) -> None:
        assert sources("第一篇［＃「第二篇」は大見出し］\n") == ["第一篇［＃「第二篇」は大見出し］"]


class TestMarkup:
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("全然｜放擲《ほうてき》した", "全然放擲した"),
            ("臆病《おくびょう》だ", "臆病だ"),
            ("|魔法使い《ウィザード》", "魔法使い"),
            ("ありがとう《ボンジュール》", "ありがとう"),
            ("スキル《鑑定》を使う", "スキル《鑑定》を使う"),
            ("《魔法》を", "《魔法》を"),
            ("｜《記号》", "｜《記号》"),
            ("漢字(かんじ)", "漢字(かんじ)"),
            ("《《強調》》だ", "《《強調》》だ"),
            ("いっさい［＃「いっさい」に傍点］の", "［＃傍点］いっさい［＃傍点終わり］の"),
            ("臆病《おくびょう》［＃「臆病」に丸傍点］", "［＃丸傍点］臆病［＃丸傍点終わり］"),
            ("離れて［＃「いっさい」に傍点］", "離れて"),
            ("彼［＃「彼」に傍点］［＃「彼」は太字］は", "［＃太字］［＃傍点］彼［＃傍点終わり］［＃太字終わり］は"),
            (
                "｜彼《かれ》［＃「彼」は太字］［＃「彼」に傍線］",
                "［＃傍線］［＃太字］彼［＃太字終わり］［＃傍線終わり］",
            ),
            ("彼［＃「彼」に傍点］［＃「私」は太字］", "［＃傍点］彼［＃傍点終わり］"),
            ("AB［＃「AB」に傍点］［＃「B」は太字］", "［＃傍点］A［＃太字］B［＃太字終わり］［＃傍点終わり］"),
            (
                "青空［＃「青空」に傍点］文庫［＃「青空文庫」に傍線］",
                "［＃傍線］［＃傍点］青空［＃傍点終わり］文庫［＃傍線終わり］",
            ),
            (
                "青空［＃「青空」に傍点］文［＃「空文」に傍線］庫",
                "［＃傍点］青［＃傍線］空［＃傍線終わり］［＃傍点終わり］［＃傍線］文［＃傍線終わり］庫",
            ),
            ("差《さ》して来《き》た［＃「来た」に傍点］", "差して［＃傍点］来た［＃傍点終わり］"),
            ("（宵《よい》）［＃「（宵《よい》）」は太字］", "［＃太字］（宵）［＃太字終わり］"),
            (
                "あ［＃「あ」は太字］り［＃「あ［＃「あ」は太字］り」に傍線］",
                "［＃傍線］［＃太字］あ［＃太字終わり］り［＃傍線終わり］",
            ),
            ("ひどいひと！［＃「ひと」に傍点］", "ひどい［＃傍点］ひと［＃傍点終わり］！"),
            ("第一図［＃「第一図」はキャプション］", "［＃キャプション］第一図［＃キャプション終わり］"),
            ("誤字［＃「誤字」はママ］", "誤字"),
            ("何［＃「何」は底本では「※［＃「木＋吶のつくり」、第3水準1-85-54］」］だ", "何だ"),
            ("学而時習［＃レ］之［＃一］", "学而時習之"),
            ("図［＃図１（fig.png、横1×縦1）入る］", "図［＃図１（fig.png、横1×縦1）入る］"),
            ("※［＃「木＋吶のつくり」、第3水準1-85-54］《ほぞ》へ", "枘へ"),
            ("※［＃「口＋世」、U+546D、1-2］", "呭"),
            ("※［＃「馬＋馬」、ページ数-行数］", "※［＃「馬＋馬」、ページ数-行数］"),
            ("※［＃「無」、第3水準1-99-99］", "※［＃「無」、第3水準1-99-99］"),
            ("〔franc,ais〕と〔scho:n〕", "françaisとschön"),
            ("〔la ve'rite'〕", "la vérité"),
            ("〔qu'il n'est〕", "〔qu'il n'est〕"),
            ("〔注記〕", "〔注記〕"),
            ("本文［＃閉じない文", "本文［#閉じない文"),
            ("本文［＃閉じない、彼［＃「彼」に傍点］は", "本文［#閉じない、［＃傍点］彼［＃傍点終わり］は"),
        ],
    )
    def test_leaves_this_to_the_model(self, text: str, left: str) -> None:
        assert seen(text) == left

    def test_emphasis_is_a_pair(self) -> None:
        pieces = MARKUP.tokenize(MARKUP.normalise("《《強い》》と弱い［＃「弱い」に傍点］"))
        assert [(p.text, p.rule.fate) for p in pieces if p.rule] == [
            ("《《", Fate.OPEN),
            ("》》", Fate.CLOSE),
            ("［＃傍点］", Fate.OPEN),
            ("［＃傍点終わり］", Fate.CLOSE),
        ]


class TestRender:
    @pytest.mark.parametrize(
        "target", ["", " ", "a\nb", "a\r", "　a", "a ", "＊＊＊", "\0", "［＃改ページ］", "a［＃改ページ］", "\ufeffa"]
    )
    def test_refuses_what_would_not_be_read_back(self, target: str) -> None:
        with pytest.raises(RefusedTargetError) as caught:
            opened("一。\n二。\n").render({"1.2": "b", "1.1": target})
        assert caught.value.key == "1.1"

    def test_refuses_what_would_start_the_list_of_sources(self) -> None:
        with pytest.raises(RefusedTargetError) as caught:
            opened("一。\n\n二。\n三。\n").render({"1.3": "c", "1.2": "底本：二"})
        assert caught.value.key == "1.2"

    def test_refuses_what_would_close_a_note_that_is_text(self) -> None:
        document = opened("本文［＃閉じない、大事な文である。\n")
        with pytest.raises(RefusedTargetError):
            document.render({"1.1": "［正文［＃没关闭，重要的句子。］"})
        assert document.render({"1.1": "［正文［#没关闭］"}).decode() == "［正文［#没关闭］\n"
        assert opened("本文［＃閉じない\n").render({"1.1": "本文［＃閉じない"}).decode() == "本文［＃閉じない\n"

    def test_refuses_unknown_keys(self) -> None:
        with pytest.raises(KeyError):
            opened("一。\n").render({"9.9": "x"})

    def test_switches_to_utf_8_for_a_language_that_the_charset_lacks_and_says_so(self) -> None:
        blob = "　雨が降っていた。\r\n".encode("cp932")
        document = FORMAT.open(blob, options=FormatOptions(name=PurePath("a.txt"), target_language="zh-CN"))
        assert document.render({"1.1": "下着雨。"}) == "　下着雨。\r\n".encode()
        assert "a.txt: cp932 cannot hold Simplified Chinese" in document.notices[0]

    def test_never_switches_without_a_language(self) -> None:
        document = FORMAT.open("　雨が降っていた。\r\n".encode("cp932"), options=FormatOptions())
        assert document.notices == ()
        with pytest.raises(UnencodableError, match="们"):
            document.render({"1.1": "他们"})

    def test_writes_the_charset_that_is_asked_for(self) -> None:
        assert opened("　雨。\n", output_charset="shift_jis").render({}) == "　雨。\n".encode("cp932")

    def test_reads_the_charset_that_is_told(self) -> None:
        document = FORMAT.open(b"Pi\xf1a\n", options=FormatOptions(charset="latin-1"))
        assert [s.source for s in document.segments] == ["Piña"]
        with pytest.raises(FormatError):
            FORMAT.open(b"Pi\xf1a\n", options=FormatOptions(charset="utf-8"))


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "　", " ", "［＃２字下げ］"]),
        st.sampled_from(
            [
                "",
                "一文。",
                "「声」",
                "＊＊",
                "底本：x",
                "-----------",
                "章［＃「章」は大見出し］",
                "字《じ》",
                "《《強》》",
                "ab",
            ]
        ),
        st.sampled_from(["", "　", "［＃改ページ］"]),
        st.sampled_from(["\n", "\r\n", "\r", "\n\n\n"]),
    ),
    max_size=12,
)


@given(LINES, st.sampled_from(["utf-8", "cp932", "utf-16-le"]))
def test_unchanged_marked_and_restored_files_are_equal(rows: list[tuple[str, str, str, str]], charset: str) -> None:
    blob = "".join("".join(row) for row in rows).encode(charset)
    options = FormatOptions(charset=charset)
    document = FORMAT.open(blob, options=options)
    assert document.render({}) == blob
    marked = FORMAT.open(document.render({s.key: f"<{s.source}>" for s in document.segments}), options=options)
    assert [s.source for s in marked.segments] == [f"<{s.source}>" for s in document.segments]
    assert [s.scene for s in marked.segments] == [s.scene for s in document.segments]
    assert marked.render({s.key: s.source for s in document.segments}) == blob


@given(st.binary(max_size=200))
def test_any_bytes_open_and_stay_or_are_refused(blob: bytes) -> None:
    try:
        document = FORMAT.open(blob, options=FormatOptions())
    except FormatError:
        return
    assert document.render({}) == blob


class TestSniff:
    @pytest.mark.parametrize(
        ("name", "head", "claim"),
        [
            ("a.txt", "　文。\n".encode("cp932"), Confidence.LIKELY),
            ("a.TXT", b"", Confidence.LIKELY),
            ("a.text", "　文。".encode("utf-16-le"), Confidence.LIKELY),
            ("a.txt", b"caf\xe9 cr\xe8me\n", Confidence.MAYBE),
            ("a.txt", b"PK\x03\x04\x00\x00\xff\xff\x01\x02\x00\x00", Confidence.NONE),
            ("a.srt", "文。".encode(), Confidence.NONE),
            ("a", "文。".encode(), Confidence.NONE),
        ],
    )
    def test_claims(self, name: str, head: bytes, claim: Confidence) -> None:
        assert FORMAT.sniff(PurePath(name), head) is claim


class TestNovel:
    """A whole novel of Aozora Bunko: 4,193 lines, 2,228 readings, 244 emphasised places."""

    @pytest.fixture
    def blob(self, corpus: Callable[[str], Path]) -> bytes:
        return (corpus("aozora-crime-and-punishment") / "tsumito_batsu_sjis.txt").read_bytes()

    def test_comes_back_byte_for_byte_also_marked_and_restored(self, blob: bytes) -> None:
        document = FORMAT.open(blob, options=FormatOptions())
        assert document.render({}) == blob
        marked = FORMAT.open(
            document.render({s.key: f"〔{s.source}〕" for s in document.segments}), options=FormatOptions()
        )
        assert marked.render({s.key: s.source for s in document.segments}) == blob

    def test_has_its_readings_and_emphasis_found(self, blob: bytes) -> None:
        segments = FORMAT.open(blob, options=FormatOptions()).segments
        found: Counter[str] = Counter()
        for segment in segments:
            for piece in MARKUP.tokenize(MARKUP.normalise(segment.source)):
                if piece.rule is not None:
                    found["reading" if piece.text.startswith("《") else piece.text] += 1
                else:
                    assert not {"《", "》", "｜", "［", "］"} & set(piece.text)
        # 2,228 less 4 in the frame of the file and 4 inside notes of the editors
        assert (found["reading"], found["［＃傍点］"], found["［＃傍点終わり］"]) == (2220, 244, 244)
        assert found["｜"] == 90  # of 92: one in the explanation of the notation, one in the list of sources

    def test_has_its_chapters_for_scenes(self, blob: bytes) -> None:
        segments = FORMAT.open(blob, options=FormatOptions()).segments
        assert [s.source for s in segments[:5]] == [
            "罪と罰",
            "フョードル・ミハイロヴィッチ・ドストエフスキー",
            "米川正夫訳",
            "第一篇",
            "一",
        ]
        assert len({s.scene for s in segments}) == 44
        assert segments[-1].source.startswith("しかし、そこにはもう新しい物語が始まっている")


def _opened(text: str, **settings: str) -> TextDocument:
    options = FormatOptions(name=PurePath("book.txt"), target_language="zh-CN", settings=settings)
    return FORMAT.open(text.encode(), options=options)


@pytest.mark.parametrize(
    ("where", "written"),
    [
        ("above", "第一章\r\n第一回\r\n\r\n　夜だ。\r\n　入夜。\r\n　朝だ。\r\n"),
        ("below", "第一回\r\n第一章\r\n\r\n　入夜。\r\n　夜だ。\r\n　朝だ。\r\n"),
        ("side", "第一章\t第一回\r\n\r\n　夜だ。\t入夜。\r\n　朝だ。\r\n"),
    ],
)
def test_the_original_stays_beside_its_translation(where: str, written: str) -> None:
    document = _opened("第一章\r\n\r\n　夜だ。\r\n　朝だ。\r\n", bilingual=where)
    first, second, third = document.segments
    targets = {first.key: "第一回", second.key: "入夜。", third.key: third.source}
    assert document.render(targets).decode() == written


def test_layout_notes_hold_for_both_languages() -> None:
    document = _opened("［＃大見出し］序［＃大見出し終わり］\n\n夜だ。［＃改ページ］\n", bilingual="above")
    targets = {s.key: new for s, new in zip(document.segments, ("前言", "入夜。"), strict=True)}
    assert document.render(targets).decode() == (
        "［＃大見出し］序［＃大見出し終わり］\n［＃大見出し］前言［＃大見出し終わり］\n\n夜だ。\n入夜。［＃改ページ］\n"
    )


@pytest.mark.parametrize(
    ("source", "kept", "brackets"),
    [
        ("｜雪国《ゆきぐに》の夜", "｜雪国《ゆきぐに》の夜", "雪国（ゆきぐに）の夜"),
        ("その雪国《ゆきぐに》の夜", "その｜雪国《ゆきぐに》の夜", "その雪国（ゆきぐに）の夜"),
        (
            "かの有名なＡＢＣ《エービーシー》だ",
            "かの有名な｜ＡＢＣ《エービーシー》だ",
            "かの有名なＡＢＣ（エービーシー）だ",
        ),
        ("《《強調》》と｜《括弧", "《《強調》》と｜《括弧", "《《強調》》と｜《括弧"),
        ("｜小説家（なろう）だ", "｜小説家（なろう）だ", "小説家（なろう）だ"),
        ("「夜《よる》」｜其《そ》の", "「｜夜《よる》」｜其《そ》の", "「夜（よる）」其（そ）の"),
        ("その銀［＃「銀」に「ぎん」のルビ］の", "その｜銀《ぎん》の", "その銀（ぎん）の"),
        ("その鍵［＃「鍵」の左に「かぎ」のルビ］の", "その｜鍵《かぎ》の", "その鍵（かぎ）の"),
        ("「銀」［＃「銀」に「ぎん」のルビ］の", "「｜銀《ぎん》」の", "「銀（ぎん）」の"),
        ("「銀」［＃「「銀」」に「ぎん」のルビ］の", "｜「銀」《ぎん》の", "「銀」（ぎん）の"),
        (
            "妙な鼓［＃「妙な鼓」に傍点］［＃「鼓」の左に「つづみ」のルビ］",
            "［＃傍点］妙な｜鼓《つづみ》［＃傍点終わり］",
            "［＃傍点］妙な鼓（つづみ）［＃傍点終わり］",
        ),
        (
            "三角※［＃「土＋壽」、46-2］《かくちゅう》",
            "｜三角※［＃「土＋壽」、46-2］《かくちゅう》",
            "三角※［＃「土＋壽」、46-2］（かくちゅう）",
        ),
    ],
)
def test_readings_can_be_kept_or_stand_in_brackets(source: str, kept: str, brackets: str) -> None:
    keep, parens = FORMAT.markup({"ruby": "keep"}), FORMAT.markup({"ruby": "parens"})
    assert keep.normalise(source) == kept
    assert parens.normalise(source) == brackets
    readings = [code for code in keep.codes(kept) if code[0] in "《（" and code[-1] in "》）" and len(code) > 2]
    assert len(readings) == brackets.count("（")
    assert FORMAT.markup({}) == FORMAT.info.markup
    assert [code for code in FORMAT.info.markup.codes(source) if code.startswith("《") and len(code) > 2] == []


@pytest.mark.parametrize("ruby", ["drop", "keep", "parens"])
@pytest.mark.parametrize(
    "piece",
    ["漢", "かな", "カナ", "abc", "｜漢", "漢《", "《《漢", "［＃", "［＃漢］［", "漢［＃「漢」に「か」のルビ］"],
)
def test_looking_for_readings_takes_no_square_of_a_paragraph_s_length(piece: str, ruby: str) -> None:
    markup = FORMAT.markup({"ruby": ruby})
    run = piece * 50_000
    with ended_within(20.0):  # with the square of its length it takes minutes
        text = markup.normalise(f"雪国《ゆきぐに》、{run}《{run}")
        plain = markup.plain(text)
    assert plain.startswith("雪国（ゆきぐに）、" if ruby == "parens" else "雪国、")


@pytest.mark.parametrize(
    ("source", "codes", "plain"),
    [
        ("彼［＃「彼」に波線］は", ["［＃波線］", "［＃波線終わり］"], "彼は"),
        ("［＃破線］彼［＃破線終わり］は", ["［＃破線］", "［＃破線終わり］"], "彼は"),
        ("［＃縦中横］12［＃縦中横終わり］月", ["［＃縦中横］", "［＃縦中横終わり］"], "12月"),
        ("［＃左にルビ付き］青空文庫［＃左に「あおぞらぶんこ」のルビ付き終わり］", [], "青空文庫"),
        ("［＃注記付き］名前［＃「（銘々）」の注記付き終わり］", [], "名前"),
        ("［＃「彼」のキャプション付きの図（a.png）入る］", ["［＃「彼」のキャプション付きの図（a.png）入る］"], ""),
        ("｜小説家（なろう）だ", [], "小説家だ"),
        ("漢字｜（かんじ）だ", [], "漢字（かんじ）だ"),
        ("漢字（かんじ）だ", [], "漢字（かんじ）だ"),
    ],
)  # fmt: skip
def test_notes_come_in_pairs_or_not_at_all(source: str, codes: list[str], plain: str) -> None:
    markup = FORMAT.info.markup
    text = markup.normalise(source)
    assert markup.codes(text) == codes
    assert markup.plain(text) == plain


@pytest.mark.parametrize(
    ("source", "kept", "brackets"),
    [
        (
            "水虎《すゐこ》［＃「水虎」の左に「カツハ」のルビ］は",
            "［＃左にルビ付き］｜水虎《すゐこ》［＃左に「カツハ」のルビ付き終わり］は",
            "水虎（すゐこ）（カツハ）は",
        ),
        (
            "［＃左にルビ付き］青空［＃左に「あおぞら」のルビ付き終わり］",
            "［＃左にルビ付き］青空［＃左に「あおぞら」のルビ付き終わり］",
            "青空（あおぞら）",
        ),
    ],
)
def test_readings_in_pairs_of_notes_are_kept_too(source: str, kept: str, brackets: str) -> None:
    keep, parens = FORMAT.markup({"ruby": "keep"}), FORMAT.markup({"ruby": "parens"})
    assert keep.normalise(source) == kept
    assert [code for code in keep.codes(kept) if "ルビ" in code] == [
        kept[:9],
        kept[kept.rindex("［") : kept.rindex("］") + 1],
    ]
    assert parens.normalise(source) == brackets


def test_an_original_with_a_note_that_the_translation_would_close_has_its_own_line() -> None:
    document = _opened("本文［＃閉じない\n次の文\n", bilingual="side")
    targets = {s.key: new for s, new in zip(document.segments, ("［正文］", "下一句"), strict=True)}
    assert document.render(targets).decode() == "本文［＃閉じない\n［正文］\n次の文\t下一句\n"


def test_notes_for_several_lines_stay_at_the_first_and_the_last() -> None:
    document = _opened("［＃ここから２字下げ］一文。\n二文。［＃ここで字下げ終わり］\n", bilingual="above")
    targets = {s.key: new for s, new in zip(document.segments, ("一。", "二。"), strict=True)}
    assert document.render(targets).decode() == (
        "［＃ここから２字下げ］一文。\n一。\n二文。\n二。［＃ここで字下げ終わり］\n"
    )


def test_headings_of_several_lines_begin_a_scene() -> None:
    text = (
        "文。\n\n［＃ここから中見出し］\n第一章\n「霧」\n［＃ここで中見出し終わり］\n\n次の文。\n［＃改頁］\n終わり。\n"
    )
    assert keys(text) == {"1.1": "文。", "2.1": "第一章", "2.2": "「霧」", "2.3": "次の文。", "3.1": "終わり。"}
    assert [s.role for s in opened(text).segments] == [Role.NARRATION] * 5


def test_a_line_s_place_holds_for_both_languages() -> None:
    document = _opened("［＃地付き］（署名）\n［＃７字下げ］一［＃「一」は中見出し］\n", bilingual="above")
    targets = {s.key: new for s, new in zip(document.segments, ("（签名）", "第一"), strict=True)}
    assert document.render(targets).decode() == (
        "［＃地付き］（署名）\n［＃地付き］（签名）\n"
        "［＃７字下げ］一［＃「一」は中見出し］\n［＃７字下げ］第一［＃「第一」は中見出し］\n"
    )
