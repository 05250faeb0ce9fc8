"""The contract suite itself: a sound toy format passes, and each rule fails for a format that breaks it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import ClassVar

import pytest
import regex

from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatInfo,
    FormatOptions,
    UnencodableError,
)
from translator.core.segment import Limits, Role, Segment
from translator.core.splice import Edit, splice
from translator.testing import (
    RULES,
    BrokenRuleError,
    Case,
    Declaration,
    Variant,
    check_case,
    check_claim,
    check_golden,
    check_info,
    check_opens,
    fixtures_of,
    format_cases,
    has_origin,
    variants,
)
from translator.testing.deadline import HungError, deadline
from translator.testing.extracted import extracted

LINE = regex.compile(r'^(?P<key>\w+)="(?P<text>(?:[^"\\\r\n]|\\.)*)"(?=\r?$)', regex.MULTILINE)
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
SOUND = 'title="宿屋"\r\nsay="「どこへ?」\\n\\"ここ\\"へ。"\r\n; a comment\r\nend="さようなら"\r\n'


def unescape(text: str) -> str:
    return regex.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m[1], m[1]), text)


@dataclass
class ToyDocument:
    """Lines of `key="text"`; everything else is kept."""

    text: str
    bom: bytes
    charset: str
    segments: Sequence[Segment] = ()
    notices: Sequence[str] = ()
    spans: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def render(self, targets: Mapping[str, str]) -> bytes:
        return self.bom + self.encoded(splice(self.text, self.edits(targets)), targets)

    def edits(self, targets: Mapping[str, str]) -> list[Edit]:
        return [Edit(*self.spans[key], self.escaped(key, target)) for key, target in targets.items()]

    def escaped(self, key: str, target: str) -> str:
        if "\0" in target:
            raise ValueError(f"{key}: a zero byte cannot be written")
        return "".join(ESCAPES.get(c, c) for c in target)

    def encoded(self, text: str, targets: Mapping[str, str]) -> bytes:
        for key, target in targets.items():
            for character in target:
                try:
                    character.encode(self.charset)
                except UnicodeEncodeError as error:
                    raise UnencodableError(key, character, self.charset) from error
        return text.encode(self.charset)


class Toy:
    """A sound format. The mutants below change one thing each."""

    info: ClassVar[FormatInfo] = FormatInfo("toy", "Toy", Family.EXCHANGE, ("*.toy",), ("utf-8", "cp932"))
    document: ClassVar[type[ToyDocument]] = ToyDocument
    nothing: tuple[str, ...] = ("no text: there is no line with a key",)

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        return Confidence.CERTAIN if name.suffix == ".toy" and b'="' in head else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        bom = b"\xef\xbb\xbf" if blob.startswith(b"\xef\xbb\xbf") else b""
        charset = options.charset or "utf-8"
        try:
            text = blob[len(bom) :].decode(charset)
        except UnicodeDecodeError as error:
            raise FormatError(str(error), offset=error.start) from error
        if text.encode(charset) != blob[len(bom) :]:
            raise FormatError("not what it was decoded from")
        document = self.document(text, bom, charset)
        document.segments = tuple(self.segments(document, text))
        document.notices = () if document.segments else self.nothing
        return document

    def segments(self, document: ToyDocument, text: str) -> Iterator[Segment]:
        for match in LINE.finditer(text):
            source = unescape(match["text"])
            if source.strip() and "\0" not in source and match["key"] not in document.spans:
                document.spans[match["key"]] = match.span("text")
                yield Segment(match["key"], source, Role.TERM)


def case(text: str = SOUND, **declared: str) -> Case:
    return Case(PurePath("a.toy"), text.encode(declared.get("charset", "utf-8")), declared=Declaration(**declared))  # pyright: ignore[reportArgumentType]  only text fields are passed


def broken(known: Format, wanted: Case) -> list[str]:
    """The names of the rules that `known` breaks."""
    found: list[str] = []
    for rule in RULES:
        try:
            rule.check(known, wanted)
        except BrokenRuleError:
            found.append(rule.name)
    return found


@pytest.mark.parametrize("charset", ["utf-8", "cp932"])
def test_a_sound_format_passes(charset: str) -> None:
    check_info(Toy())
    check_claim(Toy(), case(charset=charset), [Toy()])
    for variant, blob in variants(SOUND.encode(charset)):
        check_case(Toy(), Case(PurePath("a.toy"), blob, variant, Declaration(charset=charset)))


class LosesLineEnds(Toy):
    class document(ToyDocument):  # noqa: N801  it stands in the place of the attribute
        def render(self, targets: Mapping[str, str]) -> bytes:
            return super().render(targets).replace(b"\r\n", b"\n")


class TakesLineNumbersForKeys(Toy):
    def segments(self, document: ToyDocument, text: str) -> Iterator[Segment]:
        for segment in super().segments(document, text):
            span = document.spans.pop(segment.key)
            document.spans[str(span[0])] = span
            yield Segment(str(span[0]), segment.source, Role.TERM)


class UsesAKeyTwice(Toy):
    def segments(self, document: ToyDocument, text: str) -> Iterator[Segment]:
        for segment in super().segments(document, text):
            document.spans["say"] = document.spans[segment.key]
            yield Segment("say", segment.source, Role.TERM)


class IgnoresUnknownKeys(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def edits(self, targets: Mapping[str, str]) -> list[Edit]:
            return super().edits({key: target for key, target in targets.items() if key in self.spans})


class DoesNotEscapeQuotes(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def escaped(self, key: str, target: str) -> str:
            return super().escaped(key, target).replace('\\"', '"')


class TrimsTargets(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def escaped(self, key: str, target: str) -> str:
            return super().escaped(key, target).strip()


class WritesQuestionMarks(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def encoded(self, text: str, targets: Mapping[str, str]) -> bytes:  # noqa: ARG002  as in the base class
            return text.encode(self.charset, "replace")


class LeaksUnicodeErrors(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def encoded(self, text: str, targets: Mapping[str, str]) -> bytes:  # noqa: ARG002  as in the base class
            return text.encode(self.charset)


class BlamesAnotherSegment(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def encoded(self, text: str, targets: Mapping[str, str]) -> bytes:
            return super().encoded(text, {"end": "".join(targets.values())} if targets else {})


class ChangesNeighbours(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def edits(self, targets: Mapping[str, str]) -> list[Edit]:
            return super().edits({"end": "他", **targets} if 0 < len(targets) < len(self.spans) else targets)


class DropsComments(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def render(self, targets: Mapping[str, str]) -> bytes:
            blob = super().render(targets)
            return blob.replace(b"; a comment\r\n", b"") if any("⟦" in t for t in targets.values()) else blob


class RefusesMarks(Toy):
    class document(ToyDocument):  # noqa: N801  see above
        def escaped(self, key: str, target: str) -> str:
            if target.startswith(("⟦", "+")):
                raise ValueError("no marks here")
            return super().escaped(key, target)


class LeaksDecodeErrors(Toy):
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        blob.decode(options.charset or "utf-8")
        return super().open(blob, options=options)


class MendsDamage(Toy):
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        mended = blob.decode(options.charset or "utf-8", "ignore").encode(options.charset or "utf-8")
        return super().open(mended, options=options)


@pytest.mark.parametrize(
    ("mutant", "rule"),
    [
        (LosesLineEnds(), "identity"),
        (UsesAKeyTwice(), "keys"),
        (IgnoresUnknownKeys(), "keys"),
        (TakesLineNumbersForKeys(), "one change"),
        (TakesLineNumbersForKeys(), "there and back"),
        (ChangesNeighbours(), "one change"),
        (ChangesNeighbours(), "hard texts"),
        (DoesNotEscapeQuotes(), "there and back"),
        (DoesNotEscapeQuotes(), "hard texts"),
        (TrimsTargets(), "hard texts"),
        (LeaksUnicodeErrors(), "hard texts"),
        (BlamesAnotherSegment(), "hard texts"),
        (DropsComments(), "there and back"),
        (RefusesMarks(), "there and back"),
        (RefusesMarks(), "one change"),
        (LeaksDecodeErrors(), "damage"),
        (MendsDamage(), "damage"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_each_rule_fails_for_a_format_that_breaks_it(mutant: Toy, rule: str) -> None:
    assert rule in broken(mutant, case())


def test_question_marks_for_characters_that_the_charset_lacks_are_noticed() -> None:
    assert {"hard texts", "there and back"} <= set(broken(WritesQuestionMarks(), case(charset="cp932")))
    assert "hard texts" not in broken(Toy(), case(charset="cp932"))


def test_a_text_that_is_spelled_anew_must_be_declared() -> None:
    spelled = r'a="\あ"'
    assert broken(Toy(), case(spelled)) == ["there and back"]
    assert broken(Toy(), case(spelled, respelled="an escape that is not needed is dropped")) == []


def test_a_blank_source_breaks_the_keys_rule() -> None:
    class FindsBlanks(Toy):
        def segments(self, document: ToyDocument, text: str) -> Iterator[Segment]:  # noqa: ARG002  as in the base class
            document.spans["a"] = (3, 3)
            yield Segment("a", " ", Role.TERM)

    assert "keys" in broken(FindsBlanks(), case('a=""'))


def test_a_single_line_with_several_breaks_the_keys_rule() -> None:
    class CallsAllSingle(Toy):
        def segments(self, document: ToyDocument, text: str) -> Iterator[Segment]:
            for segment in super().segments(document, text):
                yield Segment(segment.key, segment.source, Role.TERM, limits=Limits(single=True))

    assert "keys" in broken(CallsAllSingle(), case())
    assert broken(CallsAllSingle(), case('a="宿屋"')) == []


class TestOpens:
    def test_an_undeclared_refusal_fails_and_says_how_to_declare_it(self) -> None:
        damaged = Case(PurePath("a.toy"), b"\xff", Variant.CRLF)
        with pytest.raises(BrokenRuleError, match=r"contract\.toml, refused"):
            check_opens(Toy(), damaged)

    def test_a_declared_refusal_passes_and_a_stale_one_fails(self) -> None:
        declared = Declaration(refused={"as is": "no charset"})
        check_opens(Toy(), Case(PurePath("a.toy"), b"\xff", declared=declared))
        with pytest.raises(BrokenRuleError, match="but opens"):
            check_opens(Toy(), Case(PurePath("a.toy"), SOUND.encode(), declared=declared))

    def test_a_file_without_text_must_be_explained(self) -> None:
        with pytest.raises(BrokenRuleError, match="no text"):
            check_opens(Toy(), case("; nothing"))
        check_opens(Toy(), case("; nothing", empty="a comment only"))
        silent = Toy()
        silent.nothing = ()
        with pytest.raises(BrokenRuleError, match="no notice says why"):
            check_opens(silent, case("; nothing", empty="a comment only"))
        with pytest.raises(BrokenRuleError, match="has text"):
            check_opens(Toy(), case(empty="a comment only"))


class TestClaim:
    def test_a_second_format_that_is_as_sure_fails(self) -> None:
        class Other(Toy):
            info: ClassVar[FormatInfo] = FormatInfo("other", "Other", Family.EXCHANGE, ("*.toy",))

        with pytest.raises(BrokenRuleError, match="other claims it too"):
            check_claim(Toy(), case(), [Toy(), Other()])

    def test_a_file_that_its_own_format_does_not_claim_fails(self) -> None:
        with pytest.raises(BrokenRuleError, match="does not claim"):
            check_claim(Toy(), Case(PurePath("a.txt"), b'a="b"'), [])


class TestInfo:
    @pytest.mark.parametrize(
        "info",
        [
            FormatInfo("Not An Id", "T", Family.GAME, ("*",)),
            FormatInfo("toy", "T", Family.GAME, ()),
            FormatInfo("toy", "T", Family.GAME, ("*",), charsets=("no-such-charset",)),
        ],
    )
    def test_unusable_facts_fail(self, info: FormatInfo) -> None:
        bad = Toy()
        bad.__class__ = type("Bad", (Toy,), {"info": info})
        with pytest.raises(BrokenRuleError):
            check_info(bad)

    def test_an_error_while_sniffing_fails(self) -> None:
        class Strict(Toy):
            def sniff(self, name: PurePath, head: bytes) -> Confidence:
                head.decode()
                return super().sniff(name, head)

        with pytest.raises(BrokenRuleError, match="sniffing"):
            check_info(Strict())


class TestVariants:
    def test_text_has_all_of_them(self) -> None:
        assert dict(variants(b"a\r\nb\n")) == {
            Variant.AS_IS: b"a\r\nb\n",
            Variant.BOM: b"\xef\xbb\xbfa\r\nb\n",
            Variant.LF: b"a\nb\n",
            Variant.CRLF: b"a\r\nb\r\n",
            Variant.NO_FINAL_NEWLINE: b"a\r\nb",
        }

    def test_wide_text_is_changed_by_whole_characters(self) -> None:
        blob = "\ufeffab\u0a0d\r\nc\r\n".encode("utf-16-le")
        found = dict(variants(blob))
        assert found[Variant.LF].decode("utf-16-le") == "\ufeffab\u0a0d\nc\n"
        assert found[Variant.NO_FINAL_NEWLINE].decode("utf-16-le") == "\ufeffab\u0a0d\r\nc"
        assert Variant.BOM not in found

    def test_what_is_not_utf_8_gets_no_mark_and_binary_is_left_alone(self) -> None:
        assert Variant.BOM not in dict(variants("宿屋\n".encode("cp932")))
        assert list(variants(b"\0\n\x01")) == [(Variant.AS_IS, b"\0\n\x01")]


class TestFixtures:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        own = tmp_path / "fixtures" / "toy"
        (own / "deep").mkdir(parents=True)
        (own / "ORIGIN.md").write_text("ours", "utf-8")
        (own / "deep" / "a.toy").write_bytes(SOUND.encode())
        (own / "contract.toml").write_text(
            '[all]\nhard = ["x\\"y"]\n[files."deep/a.toy".refused]\nbom = "why"\n', "utf-8"
        )
        sample = tmp_path / "samples" / "toy"
        sample.mkdir(parents=True)
        (sample / "b.toy").write_bytes(SOUND.encode())
        (sample / "readme.txt").write_text("no toy", "utf-8")
        return tmp_path

    def test_are_all_files_of_the_folder_and_the_samples_that_are_claimed(self, folder: Path) -> None:
        found = list(fixtures_of(Toy(), folder / "fixtures", folder / "samples"))
        assert [f.name.as_posix() for f in found] == ["deep/a.toy", "b.toy"]
        assert [has_origin(f, folder) for f in found] == [True, False]
        assert len(list(format_cases(Toy(), folder / "fixtures"))) == 4

    def test_know_their_declarations(self, folder: Path) -> None:
        [fixture] = fixtures_of(Toy(), folder / "fixtures")
        assert fixture.declared == Declaration(refused={"bom": "why"}, hard=('x"y',))

    @pytest.mark.parametrize(
        "text", ["[other]\n", "[all]\nnew = 1\n", '[all.refused]\nbomb = "x"\n', "[all]\nhard = 1\n", "all = 1\n"]
    )
    def test_refuse_declarations_that_they_do_not_know(self, folder: Path, text: str) -> None:
        (folder / "fixtures" / "toy" / "contract.toml").write_text(text, "utf-8")
        with pytest.raises((ValueError, TypeError), match=r"contract\.toml"):
            list(fixtures_of(Toy(), folder / "fixtures"))

    def test_have_a_golden_file_that_lists_what_is_extracted(self, folder: Path) -> None:
        [fixture] = fixtures_of(Toy(), folder / "fixtures")
        with pytest.raises(BrokenRuleError, match="no golden file"):
            check_golden(Toy(), fixture)
        fixture.golden.write_text(extracted(Toy(), fixture), "utf-8")
        check_golden(Toy(), fixture)
        assert len(list(fixtures_of(Toy(), folder / "fixtures"))) == 1
        lines = fixture.golden.read_text("utf-8").splitlines(keepends=True)
        assert lines[0] == '{"key": "title", "source": "宿屋", "role": "term"}\n'
        for changed in (lines[:-1], [*lines[:-1], lines[0]]):
            fixture.golden.write_text("".join(changed), "utf-8")
            with pytest.raises(BrokenRuleError, match="segments"):
                check_golden(Toy(), fixture)


def test_what_hangs_is_stopped() -> None:
    def hang() -> None:
        with deadline(0.05):
            while True:
                pass

    with pytest.raises(HungError):
        hang()
