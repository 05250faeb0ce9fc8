"""The rules that every file format must keep, each a function that raises BrokenRuleError where it is broken.

They are checked on any `Format` and any bytes; no test framework is needed. `RULES` lists those that are about one
case (a variant of a fixture); `check_info` and `check_claim` are about the format and its place among the others.
"""

import codecs
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from zlib import crc32

import regex

from translator.core.document import Confidence, Document, Format, FormatError, UnencodableError
from translator.core.marks import MARKS, held, marked, restored, same
from translator.core.segment import Segment
from translator.formats import HEAD_SIZE
from translator.testing.deadline import deadline
from translator.testing.fixtures import Case
from translator.testing.variants import Variant

HARD = (
    'say "hi"',
    "it's '' `quoted`",
    "back\\slash \\\\ \\n \\u3042 \\",
    "tab\there",
    "two\nlines",
    "blank\n\nline",
    "carriage\r\nreturn\rs",
    " spaces at both ends ",
    "\u3000full-width\u3000",
    "astral 𠮷 😀",
    "no-break\u00a0 zero\u200bwidth \u2028 separator \u0085",
    "mark \ufeff inside",
    "control \x01\x1b\x7f",
    "zero \0 byte",
    "lone \ud800 surrogate",
    "<b>&amp;</b> <!-- x --> ]]>",
    "{a} [b] (c) {{d}} [[e]]",
    "a=b;c,d:e|f/g#h@i*j",
    "// slash /* star */ -- dash",
    "; first",
    "# first",
    "* first",
    "@ first",
    "100% %s %1 $x ${y}",
    "1\n00:00:01,000 --> 00:00:02,000\nx",
    "《ルビ》｜［＃改ページ］",
    "「かぎ」、。…―～－",
)
"""Texts with the delimiters, escapes and white space that formats are known to stumble over."""

_CUTS = 24
_FLIPS = 24
_SAMPLE = 8
_SECONDS = 20.0


class BrokenRuleError(AssertionError):
    """A format does not keep a rule; the message says which, on what, and how it shows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name, the function that checks it, and the variants it is checked on (None: all)."""

    name: str
    check: Callable[[Format, Case], None]
    variants: frozenset[Variant] | None = None


def _opened(known: Format, case: Case, blob: bytes, what: str) -> Document:
    """Open what the format itself wrote: it must."""
    try:
        with deadline(_SECONDS):
            return case.open(known, blob)
    except FormatError as error:
        raise BrokenRuleError(f"{case}: {what} does not open again: {error}") from error


def _render(document: Document, targets: Mapping[str, str], case: Case, what: str) -> bytes:
    try:
        with deadline(_SECONDS):
            return document.render(targets)
    except (UnencodableError, ValueError) as error:
        raise BrokenRuleError(f"{case}: {what} cannot be written: {error!r}") from error


def _tokens(document: Document) -> dict[str, str]:
    """A plain word for each text: two files with all texts set to these differ only in what is not text."""
    return {segment.key: f"w{number}w" for number, segment in enumerate(document.segments)}


def _same_frame(known: Format, case: Case, blob: bytes, original: Document, what: str) -> Document:
    """Open `blob` and hold that it has the segments of the original and the same bytes around them."""
    document = _opened(known, case, blob, what)
    keys = [s.key for s in original.segments]
    now = [s.key for s in document.segments]
    if keys != now:
        gone, new = [k for k in keys if k not in now][:3], [k for k in now if k not in keys][:3]
        raise BrokenRuleError(f"{case}: {what} has other keys: {len(keys)} became {len(now)}, gone {gone}, new {new}")
    tokens = _tokens(original)
    before, after = (_render(d, tokens, case, "a plain word for each text") for d in (original, document))
    if not same(known, before, after):
        raise BrokenRuleError(f"{case}: {what} differs outside of its texts: {difference(before, after)}")
    return document


def difference(before: bytes, after: bytes) -> str:
    """Where two files part, for a message."""
    at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    was, now = (blob[max(at - 20, 0) : at + 40].decode("utf-8", "backslashreplace") for blob in (before, after))
    return f"{len(before)} and {len(after)} bytes, first at byte {at}: {was!r} / {now!r}"


def _seeded(case: Case, salt: str) -> random.Random:
    return random.Random(crc32(case.blob) ^ crc32(salt.encode()))  # noqa: S311  the same choice in every run


def _chosen(segments: Sequence[Segment], chance: random.Random, count: int) -> list[Segment]:
    """Up to `count` segments, of every kind (role, limits, binding) where there are so many."""
    kinds: dict[object, list[Segment]] = {}
    for segment in segments:
        kind = (segment.role, segment.limits.single, segment.limits.wrap, segment.binding is None)
        kinds.setdefault(kind, []).append(segment)
    first = [chance.choice(group) for group in kinds.values()]
    chance.shuffle(first)
    rest = [s for s in segments if s not in first]
    return (first + chance.sample(rest, min(len(rest), count)))[:count]


def check_opens(known: Format, case: Case) -> None:
    """Every variant opens, but those that are declared as refused, with a reason."""
    reason = case.declared.refused.get(case.variant)
    try:
        document = case.open(known)
    except FormatError as error:
        if not reason:
            raise BrokenRuleError(
                f"{case}: does not open: {error}. If it rightly does not, declare it: "
                f'contract.toml, refused = {{ "{case.variant}" = "the reason" }}'
            ) from error
        return
    if reason:
        raise BrokenRuleError(f"{case}: is declared as refused ({reason}) but opens")
    if not document.segments and not case.declared.empty:
        raise BrokenRuleError(f'{case}: no text is found in it; if so it is, declare: empty = "the reason"')
    if not document.segments and not document.notices:
        raise BrokenRuleError(f"{case}: has no text, and no notice says why")
    if document.segments and case.declared.empty:
        raise BrokenRuleError(f"{case}: is declared as empty ({case.declared.empty}) but has text")


def check_identity(known: Format, case: Case) -> None:
    """With nothing to change, every byte is as it was, each time; and opening it twice gives the same."""
    document = case.open(known)
    for _ in range(2):
        blob = document.render({})
        if blob != case.blob:
            raise BrokenRuleError(f"{case}: unchanged, it is not identical: {difference(case.blob, blob)}")
    if list(document.segments) != list(case.open(known).segments):
        raise BrokenRuleError(f"{case}: opened twice, it has other segments")


def check_keys(known: Format, case: Case) -> None:
    """Keys are unique and not empty, sources have lines separated by single line feeds; other keys are refused."""
    document = case.open(known)
    seen: set[str] = set()
    for segment in document.segments:
        if not segment.key or segment.key in seen:
            raise BrokenRuleError(f"{case}: the key {segment.key!r} is empty or names two segments")
        seen.add(segment.key)
        if not segment.source.strip():
            raise BrokenRuleError(f"{case}: {segment.key} has no text: {segment.source!r}")
        if segment.limits.single and "\n" in segment.source:
            raise BrokenRuleError(f"{case}: {segment.key} is said to be a single line and has several")
    try:
        document.render({"\0no such key": "x"})
    except KeyError:
        return
    raise BrokenRuleError(f"{case}: a key that it does not have is not refused with KeyError")


def check_there_and_back(known: Format, case: Case) -> None:
    """Each text marked: all are read back as written. All restored: the file is as it was."""
    document = case.open(known)
    if not document.segments:
        return
    targets, blob = _marked(document, case)
    again_marked = _same_frame(known, case, blob, document, "the file with every text marked")
    back_again: dict[str, str] = {}
    for before, after in zip(document.segments, again_marked.segments, strict=True):
        if held(after) != targets[before.key]:
            raise BrokenRuleError(f"{case}: {before.key}: written {targets[before.key]!r}, read {held(after)!r}")
        back_again[before.key] = restored(before, after)
    back = _render(again_marked, back_again, case, "what was there")
    again = _same_frame(known, case, back, document, "the restored file")
    for before, after in zip(document.segments, again.segments, strict=True):
        if (before.source, before.target or None) != (after.source, after.target or None):
            raise BrokenRuleError(f"{case}: {before.key}: was {held(before)!r}, restored {held(after)!r}")
    if not case.declared.respelled and not same(known, back, case.blob):
        raise BrokenRuleError(
            f"{case}: marked and restored, it is not identical: {difference(case.blob, back)}. If only the spelling of "
            f'characters inside the texts differs, declare it: contract.toml, respelled = "the reason"'
        )


def _marked(document: Document, case: Case) -> tuple[dict[str, str], bytes]:
    try:
        return marked(document, document.segments)
    except UnencodableError as error:
        raise BrokenRuleError(f"{case}: even the mark {MARKS[-1][0]!r} cannot be written: {error}") from error
    except ValueError as error:
        raise BrokenRuleError(f"{case}: marked texts are refused: {error!r}") from error


def check_one_change(known: Format, case: Case) -> None:
    """One text made longer, with more lines where it may have them, leaves all others and their keys as they were."""
    document = case.open(known)
    chance = _seeded(case, "one change")
    for segment in _chosen(document.segments, chance, _SAMPLE):
        standing = held(segment) or segment.source
        longer = f"+{standing}+" if segment.limits.single else f"+{standing}\n{standing}\n+"
        try:
            blob = document.render({segment.key: longer})
        except ValueError as error:
            if segment.limits.single or isinstance(error, UnicodeError):
                raise BrokenRuleError(f"{case}: {segment.key}: {longer!r} is refused: {error!r}") from error
            longer = f"+{standing}+{standing}+"
            blob = _render(document, {segment.key: longer}, case, f"{segment.key}: {longer!r}")
        changed = _same_frame(known, case, blob, document, f"the file with {segment.key} changed")
        _check_others(case, document, changed, segment.key)
        _check_written(case, changed, segment.key, longer)


def _check_others(case: Case, document: Document, changed: Document, key: str) -> None:
    """All segments but one are as they were (a speaker may be the very name that was changed)."""
    for before, after in zip(document.segments, changed.segments, strict=True):
        if before.key != key and _facts(before) != _facts(after):
            raise BrokenRuleError(f"{case}: changing {key} changed {before.key}: {before!r} became {after!r}")


def _facts(segment: Segment) -> tuple[object, ...]:
    return (segment.key, segment.source, segment.target, segment.role, segment.scene, segment.limits)


def _check_written(case: Case, changed: Document, key: str, written: str) -> None:
    read = next(held(s) for s in changed.segments if s.key == key)
    if read != written:
        raise BrokenRuleError(f"{case}: {key}: written {written!r}, read {read!r}")


def check_hard_texts(known: Format, case: Case) -> None:
    """Quotes, escapes, line ends, astral characters and delimiters survive exactly, or are refused.

    A refusal is UnencodableError or a ValueError that is raised on purpose: one of Python's own UnicodeErrors is
    a character that slipped through.
    """
    document = case.open(known)
    chance = _seeded(case, "hard texts")
    chosen = _chosen(document.segments, chance, _SAMPLE)
    for number, hard in enumerate((*HARD, *case.declared.hard)):
        for segment in {s.key: s for s in (chosen[number % len(chosen)], chosen[0])}.values() if chosen else ():
            try:
                with deadline(_SECONDS):
                    blob = document.render({segment.key: hard})
            except UnencodableError as error:
                if error.key != segment.key or error.character not in hard:
                    raise BrokenRuleError(f"{case}: {segment.key}: {hard!r}: the error blames {error}") from error
                continue
            except UnicodeError as error:
                raise BrokenRuleError(f"{case}: {segment.key}: {hard!r}: {error!r} instead of a refusal") from error
            except ValueError:
                continue
            changed = _same_frame(known, case, blob, document, f"the file with {segment.key} set to {hard!r}")
            _check_others(case, document, changed, segment.key)
            _check_written(case, changed, segment.key, hard)


def check_damage(known: Format, case: Case) -> None:
    """Cut short or with bits flipped, it raises FormatError and nothing else, or opens and is written back as it is."""
    for what, blob in _damaged(case):
        try:
            with deadline(_SECONDS):
                document = case.open(known, blob)
        except FormatError:
            continue
        except Exception as error:
            raise BrokenRuleError(f"{case}: {what}: {error!r} instead of FormatError") from error
        if document.render({}) != blob:
            raise BrokenRuleError(f"{case}: {what}: it opens, and is not written back as it is")


def _damaged(case: Case) -> Iterator[tuple[str, bytes]]:
    chance = _seeded(case, "damage")
    size = len(case.blob)
    cuts = {0, 1, 2, 3, size - 1, size - 2, size - 3} | {chance.randrange(size + 1) for _ in range(_CUTS)}
    for cut in sorted(c for c in cuts if 0 <= c < size):
        yield f"cut after {cut} bytes", case.blob[:cut]
    for _ in range(_FLIPS if size else 0):
        at, bit = chance.randrange(size), chance.randrange(8)
        damaged = bytearray(case.blob)
        damaged[at] ^= 1 << bit
        yield f"bit {bit} of byte {at} flipped", bytes(damaged)


_FEW = frozenset((Variant.AS_IS, Variant.CRLF))
RULES = (
    Rule("identity", check_identity),
    Rule("keys", check_keys),
    Rule("there and back", check_there_and_back),
    Rule("one change", check_one_change),
    Rule("hard texts", check_hard_texts, _FEW),
    Rule("damage", check_damage, frozenset((Variant.AS_IS,))),
)
"""What is checked on each case that opens, beside `check_opens` and `check_claim`."""


def check_claim(known: Format, case: Case, others: Sequence[Format]) -> None:
    """One and only one format is the surest that the file is its own, and it is this one."""
    head = case.blob[:HEAD_SIZE]
    mine = known.sniff(case.name, head)
    if mine is Confidence.NONE:
        raise BrokenRuleError(f"{case}: the format does not claim it")
    for other in others:
        if other.info.id != known.info.id and (claim := other.sniff(case.name, head)) >= mine:
            raise BrokenRuleError(f"{case}: {other.info.id} claims it too ({claim.name} against {mine.name})")


def check_info(known: Format) -> None:
    """The format's id, patterns, charsets and markup are usable, and it looks at any bytes without an error."""
    info = known.info
    if not regex.fullmatch(r"[a-z][a-z0-9_]*", info.id):
        raise BrokenRuleError(f"{info.id!r}: an id has lower-case letters, digits and _ only")
    if not info.title or not info.patterns or not info.charsets:
        raise BrokenRuleError(f"{info.id}: title, patterns and charsets must not be empty")
    for charset in info.charsets:
        try:
            codecs.lookup(charset)
        except LookupError as error:
            raise BrokenRuleError(f"{info.id}: Python knows no charset {charset}") from error
    try:
        text = "".join(p.text for p in info.markup.tokenize(info.markup.normalise("any text [x] <y> {z} \\w")))
    except regex.error as error:
        raise BrokenRuleError(f"{info.id}: a markup pattern is not valid: {error}") from error
    if not text:
        raise BrokenRuleError(f"{info.id}: the rewrites swallow plain text")
    _check_sniff(known)


def _check_sniff(known: Format) -> None:
    chance = random.Random(known.info.id)  # noqa: S311  the same bytes in every run
    noise = chance.randbytes(200)
    for pattern in (*known.info.patterns, "nothing"):
        name = PurePath(pattern.replace("*", "x"))
        for head in (b"", b"\0", b"{", b"\xff\xfe", b"\xef\xbb\xbf", noise):
            try:
                known.sniff(name, head)
            except Exception as error:
                raise BrokenRuleError(f"{known.info.id}: sniffing {name} {head[:8]!r} fails: {error!r}") from error
