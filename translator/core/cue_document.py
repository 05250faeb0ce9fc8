"""A subtitle file as a document: one segment for each cue, or for each sentence where cues are joined.

With the setting `join` = "1", cues that surely are one sentence (`translator.core.cue_joins`) are one segment, on one
line; its key is that of its first cue. Its translation is parted among the cues at their own proportion
(`translator.core.cue_split`). Where it is what the cues hold, or only more stands around that, or less, it is cut
where they are cut. A cue of which no text is left is written empty. Where no target language is given, the file is
only looked at: a text with which other sentences would be found in it is refused then. A translation never is for
that: another language ends its sentences in another way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from translator.core.collector import collector_paused
from translator.core.cue_frames import Frame, frame_of
from translator.core.cue_joins import Joined, find_sentences, joined
from translator.core.cue_split import part, shares_of
from translator.core.cues import ONE_LINE, Cue, columns_of, has_blank, room_of, scenes
from translator.core.document import FormatOptions, RefusedTargetError, UnencodableError
from translator.core.lines import Lines, Texts
from translator.core.markup import MarkupSyntax
from translator.core.segment import NO_LIMITS, Segment, quick_segment
from translator.core.textfile import Output, replaced, write


def _as_it_is(_cue: Cue, text: str) -> str:
    return text


def _no_objection(_source: str, _target: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a format reads and spells its cues.

    cues: those of a file's lines (without their ends), in order, those without text included. spell: a text as it is
    written at a cue's place. objection: why a target cannot stand where a source stands, None if it can. empty: the
    notice for a file without texts. paused: whether a pause begins a new scene. blanks: whether a cue
    may get blank lines.
    """

    markup: MarkupSyntax
    cues: Callable[[Sequence[str]], Sequence[Cue]]
    spell: Callable[[Cue, str], str] = _as_it_is
    objection: Callable[[str, str], str | None] = _no_objection
    empty: str = "no text: no cue has any"
    paused: bool = True
    blanks: bool = False


class _Sentence(NamedTuple):
    """A segment of several cues: what stands around the text of each, how long that is, and all of them as one."""

    cues: tuple[Cue, ...]
    frames: tuple[Frame, ...]
    lengths: tuple[int, ...]
    joined: Joined

    @staticmethod
    def of(cues: tuple[Cue, ...], markup: MarkupSyntax) -> "_Sentence":
        frames, texts = zip(*(frame_of(cue.text, markup) for cue in cues), strict=True)
        return _Sentence(cues, frames, tuple(map(len, texts)), joined(texts, markup))

    @property
    def text(self) -> str:
        return self.joined.source


class CueDocument:
    """A subtitle file."""

    def __init__(self, read: Texts, output: Output, reading: Reading, options: FormatOptions) -> None:
        self._file = read
        self._output = output
        self._reading = reading
        self._join = options.settings.get("join") == "1"
        self._looked_at = options.target_language is None
        self._columns = columns_of(options.target_language)
        self.lines = read.texts
        self._texts: dict[str, Cue | _Sentence] = {}
        with collector_paused():
            self._cues = reading.cues(self.lines)
            self.segments: Sequence[Segment] = tuple(self._segments())
        self.notices: Sequence[str] = output.notices if self.segments else (*output.notices, reading.empty)
        self.charset: str | None = output.charset

    @cached_property
    def _read(self) -> Lines:
        return self._file.cut()

    def _segments(self) -> list[Segment]:
        found: list[Segment] = []
        markup, columns = self._reading.markup, self._columns
        sentences = find_sentences(self._cues, markup) if self._join else {}
        parted = scenes(self._cues) if self._reading.paused else ["1"] * len(self._cues)
        taken = {cue.key for cues in sentences.values() for cue in cues[1:]}
        for cue, scene in zip(self._cues, parted, strict=True):
            key, _, _, source, _, _, _, _, role, speaker, _, notes, framed, single, _ = cue
            if not source or key in taken:
                continue
            if key in sentences:
                one = _Sentence.of(sentences[key], markup)
                source, limits = one.text, ONE_LINE
                self._texts[key] = one
            else:
                # What is placed by hand keeps its lines, however wide they become.
                limits = ONE_LINE if single else NO_LIMITS if framed else room_of(source, markup, columns)
                self._texts[key] = cue
            found.append(quick_segment(key, source, role, scene, speaker, None, notes, limits))
        return found

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[str, str] = {}
        wanted: dict[str, Sequence[str]] = {}
        owners: dict[str, str] = {}
        for key, target in targets.items():
            text = self._texts[key]
            self._check(key, text, target)
            cues = (text,) if isinstance(text, Cue) else text.cues
            for cue, piece, readings in zip(cues, *self._pieces(text, target), strict=True):
                owners[cue.key] = key
                if piece != cue.text:
                    wanted[cue.key] = readings
                    new[cue.key] = self._reading.spell(cue, piece)
        places = {cue.key: place for cue in self._cues if (place := cue.place) is not None}
        try:
            blob = write(self._read, places, new, self._output)
        except UnencodableError as error:
            owner = owners.get(error.key, error.key)
            raise UnencodableError(owner, error.character, error.charset, instead=error.instead) from error
        if new:
            again = self._check_read_back(new, wanted, owners)
            if self._join and self._looked_at:
                self._check_sentences(again, targets)
        return blob

    def _check_sentences(self, again: Sequence[Cue], targets: Mapping[str, str]) -> None:
        """Raise RefusedTargetError where other sentences would be found."""
        sentences = find_sentences(again, self._reading.markup)
        taken = {cue.key for cues in sentences.values() for cue in cues[1:]}
        found = [
            (cue.key, _source_of(sentences.get(cue.key, (cue,)), self._reading.markup))
            for cue in again
            if cue.text and cue.key not in taken
        ]
        wanted = [(key, targets.get(key, text.text)) for key, text in self._texts.items()]
        if found == wanted:
            return
        pairs = zip(wanted, found, strict=False)
        at = next((n for n, (one, other) in enumerate(pairs) if one != other), len(wanted) - 1)
        before = [key for key, _ in wanted[: at + 1] if key in targets]
        blamed = before[-1] if before else next(key for key, _ in wanted if key in targets)
        raise RefusedTargetError(blamed, "with it, other cues would be read as one sentence")

    def _pieces(self, text: Cue | _Sentence, target: str) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """What is written to each of the cues of a text, and as what each may be read."""
        if isinstance(text, Cue):
            return (target,), ((target,),)
        pieces = text.joined.kept(target)
        if pieces is None:
            shares = shares_of(text.lengths, [cue.end - cue.start for cue in text.cues])
            pieces = part(target, shares, self._columns, self._reading.markup)
        following = (*pieces[1:], pieces[-1])
        framed = [
            (frame if goes_on else frame.ended()).around(piece)
            for frame, piece, goes_on in zip(text.frames, pieces, following, strict=True)
        ]
        # Where no text was left, a format may see none behind the tags.
        return framed, [(one,) if piece else (one, "") for one, piece in zip(framed, pieces, strict=True)]

    def _check(self, key: str, text: Cue | _Sentence, target: str) -> None:
        if "\r" in target or ("\0" in target and "\0" not in text.text):
            raise RefusedTargetError(key, "a cue cannot hold a carriage return or a zero byte")
        if (isinstance(text, _Sentence) or text.single) and "\n" in target:
            raise RefusedTargetError(key, f"it stands on one line, and {target[:60]!r} has several")
        if not target.strip():
            raise RefusedTargetError(key, "it is blank")
        if not self._reading.blanks and has_blank(target) and not has_blank(text.text):
            raise RefusedTargetError(key, f"a blank line would end the cue: {target[:60]!r}")
        reason = self._reading.objection(text.text, target)
        if reason is not None:
            raise RefusedTargetError(key, reason)

    def _check_read_back(
        self, new: Mapping[str, str], wanted: Mapping[str, Sequence[str]], owners: Mapping[str, str]
    ) -> Sequence[Cue]:
        lines: list[str] = []
        position = 0
        for cue in sorted((c for c in self._cues if c.key in new), key=_line_of):
            place = cue.place
            if place is None:
                continue
            lines += self.lines[position : place.first]
            lines += [text for text, _ in replaced(self._read.lines, place, new[cue.key])]
            position = place.last + 1
        lines += self.lines[position:]
        again = self._reading.cues(lines)
        if len(again) == len(self._cues) and all(map(self._as_wanted(wanted), self._cues, again)):
            return again
        same = self._as_wanted(wanted)
        pairs = zip(self._cues, again, strict=False)
        at = next((n for n, (one, other) in enumerate(pairs) if not same(one, other)), len(self._cues))
        written = [cue.key for cue in self._cues[: at + 1] if cue.key in new]
        blamed = owners[written[-1] if written else next(c.key for c in self._cues if c.key in new)]
        raise RefusedTargetError(blamed, "it would be read as something else than the text of this cue")

    def _as_wanted(self, wanted: Mapping[str, Sequence[str]]) -> Callable[[Cue, Cue], bool]:
        def same(before: Cue, after: Cue) -> bool:
            return (
                before.key == after.key
                and before.speaker == after.speaker
                and after.text in wanted.get(before.key, (before.text,))
            )

        return same


def _source_of(cues: Sequence[Cue], markup: MarkupSyntax) -> str:
    return _Sentence.of(tuple(cues), markup).text if len(cues) > 1 else cues[0].text


def _line_of(cue: Cue) -> int:
    return cue.first
