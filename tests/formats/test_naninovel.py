"""Documents of Naninovel: managed texts, and localizations of both generations of the engine."""

from collections.abc import Mapping
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role, Segment
from translator.formats.naninovel import FORMAT, MARKUP

HERE = Path(__file__).parents[2]
SAMPLE = HERE / "samples/naninovel/Assets/Resources/Naninovel/Localization/zh-CN/Text/Scripts/Night.txt"
NEW, OLD, INLINE, BASE = (
    "Localization/en/Text/Scripts/A.txt",
    "Localization/en/Scripts/A.nani",
    "Localization/en/Text/UI.txt",
    "Naninovel/Text/UI.txt",
)
SCRIPT = "# 1\n; 雨。\n\n\n# 2\n; 風。\nwind\n"


def opened(text: str, name: str = NEW, settings: Mapping[str, str] | None = None) -> Document:
    return FORMAT.open(text.encode(), options=FormatOptions(name=PurePath(name), settings=settings or {}))


def only(text: str, name: str = NEW, settings: Mapping[str, str] | None = None) -> Segment:
    (segment,) = opened(text, name, settings).segments
    return segment


def written(text: str, targets: Mapping[str, str], name: str = NEW) -> str:
    return opened(text, name).render(targets).decode()


def held(text: str, name: str = NEW) -> dict[str, str]:
    document = opened(text, name)
    assert isinstance(document, HoldsBack)
    return {place: reason for place, _, reason in document.held_back()}


def test_the_last_comment_is_the_original_and_the_value_its_translation() -> None:
    first, second = opened(SCRIPT).segments
    assert (first.key, first.source, first.target) == ("1", "雨。", None)
    assert (second.key, second.source, second.target) == ("2", "風。", "wind")


def test_an_untranslated_record_takes_the_empty_line_below_its_comment() -> None:
    assert written(SCRIPT, {"1": "rain"}) == SCRIPT.replace("雨。\n\n", "雨。\nrain\n")


def test_a_record_without_an_empty_line_gets_one() -> None:
    assert written("# 1\n; 雨。\n# 2\n; 風。", {"1": "rain", "2": "wind"}) == "# 1\n; 雨。\nrain\n# 2\n; 風。\nwind"


def test_an_empty_target_takes_a_translation_away() -> None:
    assert written(SCRIPT, {"2": ""}) == SCRIPT.replace("wind", "")


def test_lines_of_a_value_are_joined_and_break_after_each_tag() -> None:
    text = "# 1\n; 雨。<br>風。\nrain<br>\nwind\n"
    assert only(text).target == "rain<br>wind"
    assert written(text, {"1": "snow<br>ice"}) == text.replace("rain", "snow").replace("wind", "ice")


def test_line_breaks_before_tags_stay_where_they_were() -> None:
    text = "# TIP\n雨。\n<br><br>\n風。\n"
    assert written(text, {"TIP": "rain<br><br>wind"}, "Naninovel/Text/Tips.txt") == "# TIP\nrain\n<br><br>\nwind\n"


def test_the_annotation_tells_the_speaker_and_what_a_text_is() -> None:
    said = only("# 1\n; > A.Happy: |#1|\n; 雨。\n\n\n", settings={"name.A": "灯"})
    chosen = only('# 1\n; > @choice "|#1|"\n; 雨。\n\n\n')
    assert (said.speaker, said.role, chosen.role) == ("灯", Role.DIALOGUE, Role.CHOICE)


def test_white_space_around_a_text_stays() -> None:
    assert written("# 1\n;  雨。 \n\n\n", {"1": "rain"}) == "# 1\n;  雨。 \n rain \n\n"


def test_a_whole_line_of_version_1_keeps_its_author() -> None:
    text = "# ab\n; \tA: 雨。\n\n# cd\n; @back X\n\n"
    assert only(text, OLD).speaker == "A"
    assert written(text, {"ab": "rain"}, OLD) == text.replace("雨。\n", "雨。\n\tA: rain\n")
    assert written(written(text, {"ab": "rain"}, OLD), {"ab": ""}, OLD) == text


def test_of_a_command_of_version_1_only_what_is_read_is_offered() -> None:
    text = '# ab\n; @choice "行く" goto:X\n\n# cd\n; @back X\n\n'
    assert only(text, OLD).role is Role.CHOICE
    assert written(text, {"ab": "go"}, OLD) == text.replace("X\n\n# cd", 'X\n@choice "go" goto:X\n\n# cd')
    assert held(text, OLD) == {"cd": "command without text"}
    with pytest.raises(RefusedTargetError):
        opened(text, OLD).render({"ab": 'a "quote"'})


def test_an_inline_localization_of_an_older_version_has_its_originals_elsewhere() -> None:
    first = "; A <a> to B <b> localization document for `UI` managed text document\n\n"
    same, other = opened(first + "A: 雨\nB: wind\n", INLINE, {"source.A": "雨", "source.B": "風"}).segments
    assert (same.source, same.target, other.source, other.target) == ("雨", None, "風", "wind")


def test_managed_texts_are_translated_in_their_place() -> None:
    text = "; 注\nA: 雨: {x}\nnothing\nA: 風\n"
    assert only(text, BASE).notes == ("注",)
    assert written(text, {"A": "rain: {x}"}, BASE) == "; 注\nA: rain: {x}\nnothing\nA: 風\n"
    assert held(text, BASE) == {"A": "key that stands above"}


def test_text_that_stands_only_inside_an_expression_is_held_back() -> None:
    assert held('# ab\n; A: {x == "a" ? "雨" : "風"}\n\n', OLD) == {"ab": "text inside an expression"}


def test_names_of_languages_are_held_back() -> None:
    assert held("ja: Japanese\n", "Naninovel/Text/Locales.txt") == {"ja": "name of a language"}


def test_names_are_one_decision() -> None:
    assert only("; 灯\nA: \n", "Localization/en/Text/CharacterNames.txt").binding == "name"


@pytest.mark.parametrize("target", ["a\nb", "a\rb", "# a", "; a", " a", "a\0"])
def test_a_target_that_would_be_read_otherwise_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened(SCRIPT).render({"1": target})


def test_a_target_of_a_text_that_is_its_own_source_cannot_be_empty() -> None:
    with pytest.raises(RefusedTargetError):
        opened("A: 雨\n", BASE).render({"A": ""})


def test_other_charsets_are_an_error_with_the_offset() -> None:
    with pytest.raises(FormatError) as caught:
        FORMAT.open(b"# 1\n\xff\xfe\n", options=FormatOptions(name=PurePath(NEW)))
    assert caught.value.offset is not None
    with pytest.raises(FormatError):
        FORMAT.open(b"", options=FormatOptions(name=PurePath(NEW), charset="cp932"))


def test_codes_are_known() -> None:
    assert MARKUP.codes("a<b>b</b>{x}[wait 1]|#1|<br>c|d\\n") == [
        "<b>", "</b>", "{x}", "[wait 1]", "|#1|", "<br>", "|", "\\n"
    ]  # fmt: skip


def test_scripts_of_authors_and_other_texts_are_not_claimed() -> None:
    assert FORMAT.sniff(PurePath("Scenario/A.nani"), b"# Start\nA: hi\n") is Confidence.NONE
    assert FORMAT.sniff(PurePath("readme.txt"), b"A: hi\n") is Confidence.NONE
    assert FORMAT.sniff(PurePath(NEW), SCRIPT.encode()) is Confidence.LIKELY


@given(st.text(alphabet='#;:<br>/ ab\n\r\t|\\雨"@.{}[]\x0b\u2028'), st.sampled_from([NEW, OLD, INLINE, BASE]))
def test_any_text_is_read_and_written_as_it_is_or_refused(text: str, name: str) -> None:
    document = opened(text, name)
    assert document.render({}) == text.encode()
    targets = {s.key: f"x{s.source}x" for s in document.segments}
    try:
        blob = document.render(targets)
    except RefusedTargetError:
        return
    again = opened(blob.decode(), name).segments
    assert [s.key for s in again] == list(targets)


@given(st.binary(max_size=12), st.integers(0, 400), st.sampled_from([NEW, OLD, INLINE, BASE]))
def test_damaged_files_are_read_or_an_error(junk: bytes, at: int, name: str) -> None:
    blob = SAMPLE.read_bytes()
    blob = blob[:at] + junk + blob[at + len(junk) :]
    try:
        document = FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))
    except FormatError:
        return
    assert document.render({}) == blob
