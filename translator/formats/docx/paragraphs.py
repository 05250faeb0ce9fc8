"""A paragraph as one text with short tags, and a translation of that laid into its runs again.

Texts of the same formatting are joined silently. The plainest formatting of the paragraph has no tag, each other one
has a number: `<1>…</1>`, as often as it is used, in any order. What is no text (an image, a note's mark) has one too,
`<2/>`; such things stay where they are among each other, and those at the paragraph's edges are not shown. How all is
spelled: `docx.notation`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from translator.core.document import RefusedTargetError
from translator.core.splice import Edit
from translator.core.xml_spans import unwritable
from translator.formats.docx.forms import Form, form_of
from translator.formats.docx.notation import END, READING, RUBY, TAG, read, spelled, with_readings
from translator.formats.docx.pen import Pen
from translator.formats.docx.scanner import Atom, Of, Paragraph, Run, Thing

_BREAK = re.compile(r"([\n\t])")
_IS_READ = re.compile(rf"{READING}([^{END}]*){END}")
_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring atoms of one formatting."""

    form: Form
    atoms: list[Atom]

    @property
    def text(self) -> str:
        return "".join(a.text for a in self.atoms)


@dataclass(frozen=True)
class Text:
    """A paragraph's text. `raw` is the part's, `w` the prefix of the paragraph's elements."""

    paragraph: Paragraph
    raw: str
    w: str

    @cached_property
    def _regions(self) -> list[list[Atom]]:
        """The atoms between the things, without what stands outside of the first and the last atom."""
        items = self.paragraph.items
        with_things = self.has_things
        regions: list[list[Atom]] = [[]]
        for item in items:
            if isinstance(item, Thing) or (with_things and item.of is Of.BREAK and item.text == "\n"):
                if regions[-1]:
                    regions.append([])
            else:
                regions[-1].append(item)
        return [region for region in regions if any(atom.of is not Of.BREAK for atom in region)]

    @cached_property
    def has_things(self) -> bool:
        """Whether something that is no text stands between its texts."""
        items = self.paragraph.items
        texts = [number for number, item in enumerate(items) if isinstance(item, Atom) and item.of is not Of.BREAK]
        return bool(texts) and any(isinstance(item, Thing) for item in items[texts[0] : texts[-1]])

    @cached_property
    def _has_old(self) -> bool:
        """Whether some of its text is in no tracked insertion."""
        return not all(atom.run.inserted or atom.run.ours for region in self._regions for atom in region)

    @cached_property
    def _groups(self) -> list[list[_Group]]:
        return [list(self._grouped(region)) for region in self._regions]

    def _form(self, run: Run) -> Form:
        return form_of(run.properties, run.wrapper, self.w)

    def _grouped(self, region: Sequence[Atom]) -> Iterator[_Group]:
        """A break has the form of the text before it (of what was added: none); the first ones that of the next."""
        known = [a for a in region if a.of is not Of.BREAK]
        first = next((a for a in known if not a.run.ours), known[0])
        form = own = self._form(first.run)
        forms: list[tuple[Form, bool, Atom]] = []
        for atom in region:
            form = own if atom.of is Of.BREAK else self._form(atom.run)
            own = own if atom.run.ours else form
            forms.append((form, atom.run.ours, atom))
        for (known, _), atoms in groupby(forms, lambda item: item[:2]):
            yield _Group(known, [atom for _, _, atom in atoms])

    @cached_property
    def _forms(self) -> dict[Form, Run]:
        """The formattings in the order in which they appear, the plainest one first, each with a run that has it."""
        found: dict[Form, Run] = {}
        for region in self._regions:
            for atom in region:
                if atom.of is not Of.BREAK:
                    found.setdefault(self._form(atom.run), atom.run)
        plainest = min(found, key=len, default=())
        return {form: found[form] for form in sorted(found, key=lambda form: form != plainest)}

    @cached_property
    def source(self) -> str:
        """The paragraph as it is offered for translation; "" where it has no text."""
        numbers = {form: number for number, form in enumerate(self._forms)}
        said: list[str] = []
        for number, groups in enumerate(self._groups):
            if number:
                said.append(f"<{len(numbers) - 1 + number}/>")
            full = [g for g in groups if g.text]
            for form, same in groupby(full, lambda g: g.form):
                text = spelled("".join(g.text for g in same))
                code = numbers[form]
                said.append(f"<{code}>{text}</{code}>" if code else text)
        while said and said[0].endswith("/>") and TAG.fullmatch(said[0]):
            said.pop(0)
        while said and said[-1].endswith("/>") and TAG.fullmatch(said[-1]):
            said.pop()
        return "".join(said)

    def edits(self, target: str, key: str) -> Iterator[Edit]:
        """What changes in the part so that the paragraph says `target`; raises RefusedTargetError."""
        pieces, first = self._parsed(target, key)
        for number, region in enumerate(self._groups):
            wanted = pieces[number - first] if 0 <= number - first < len(pieces) else []
            yield from self._region(region, wanted, key)

    def _check(self, target: str, key: str) -> None:
        bad = unwritable(target)
        if bad is not None or "\r" in target:
            raise RefusedTargetError(key, f"the character {bad or chr(13)!r} cannot stand in a document")
        if self.has_things and "\n" in target:
            raise RefusedTargetError(key, "a paragraph with images or notes in it is one line")

    @cached_property
    def _signs(self) -> Mapping[str, Atom]:
        """See `Pen.signs`."""
        atoms = [atom for region in self._regions for atom in region]
        spelled_out = "".join(atom.text for atom in atoms if atom.of is Of.TEXT)
        signs = [atom for atom in atoms if atom.of is Of.SIGN and atom.text not in spelled_out]
        return {atom.text.partition(READING)[2].removesuffix(END) or atom.text: atom for atom in signs}

    def _with_readings(self, target: str, key: str) -> str:
        """A target with signs for its readings, which must be the paragraph's."""
        made = with_readings(target)
        if made is None:
            raise RefusedTargetError(key, "a reading is <ruby>word<rt>reading</rt></ruby>")
        for found in _IS_READ.finditer(made):
            if read(found[1]) not in self._signs:
                raise RefusedTargetError(key, f"the source has no reading {found[1]!r}")
        return made

    def _parsed(self, target: str, key: str) -> tuple[list[list[tuple[Form, str]]], int]:  # noqa: C901
        """The texts between the things of a target, each with its formatting, and the region of the first of them."""
        self._check(target, key)
        target = self._with_readings(target, key)
        forms = list(self._forms)
        things = len(self._regions) - 1
        regions: list[list[tuple[Form, str]]] = [[]]
        seen: list[int] = []
        current, at = 0, 0
        for match in (*TAG.finditer(target), None):
            text = target[at : match.start() if match else len(target)]
            if text:
                regions[-1].append((forms[current], read(text)))
            if match is None:
                break
            at, code = match.end(), int(match[2])
            if match[3] and not match[1] and len(forms) <= code < len(forms) + things:
                if current:
                    raise RefusedTargetError(key, f"{match.group()} stands inside of <{current}>")
                seen.append(code - len(forms))
                regions.append([])
            elif not match[1] and not match[3] and not current and 0 < code < len(forms):
                current = code
                if target.startswith(f"</{code}>", at):
                    raise RefusedTargetError(key, f"there is nothing in <{code}>")
            elif match[1] and not match[3] and code == current:
                current = 0
            else:
                raise RefusedTargetError(key, f"{match.group()} has no place there")
        if current:
            raise RefusedTargetError(key, f"<{current}> is not closed")
        if seen and seen != list(range(seen[0], seen[0] + len(seen))):
            raise RefusedTargetError(key, "the images or notes in it are not those of the source, in their order")
        return [_joined(region) for region in regions], seen[0] if seen else 0

    def _region(self, groups: Sequence[_Group], wanted: Sequence[tuple[Form, str]], key: str) -> Iterator[Edit]:
        """Lay texts into the runs of a region; those that find no run of their formatting get a new one."""
        pen = Pen(self.raw, self.w, self._forms, self._signs)
        own = [g for g in groups if not g.atoms[0].run.ours]
        for group in groups:
            if group.atoms[0].run.ours:
                run = group.atoms[0].run
                start, end = (run.wrapper_start, run.wrapper_end) if run.alone else (run.start, run.end)
                yield Edit(start, end, "")
        matched = _matched([g.form for g in own], [form for form, _ in wanted])
        filled: dict[int, str] = {}
        added: dict[int, list[str]] = {}
        last = -1
        for number, (form, text) in enumerate(wanted):
            if number in matched:
                last = matched[number]
                filled[last] = text
            else:
                added.setdefault(last, []).append(pen.run(form, text))
        for number, group in enumerate(own):
            yield from self._fill(group, filled.get(number, ""), pen)
        for after, runs in added.items():
            place = self._place(own, after, key)
            yield Edit(place, place, "".join(runs))

    def _fill(self, group: _Group, text: str, pen: Pen) -> Iterator[Edit]:
        """Lay a text into atoms of one formatting, line for line as far as their breaks are the same."""
        said = _BREAK.split(text)
        breaks, pieces = said[1::2], said[::2]
        rows: list[list[Atom]] = [[]]
        have: list[Atom] = []
        for atom in group.atoms:
            if atom.of is Of.BREAK:
                have.append(atom)
                rows.append([])
            else:
                rows[-1].append(atom)
        same = 0
        while same < min(len(have), len(breaks)) and have[same].text == breaks[same]:
            same += 1
        if same < len(have):  # from here on the lines are others: they all go into the first text that comes
            for atom in have[same:]:
                yield Edit(atom.start, atom.end, "")
            rows[same:] = [[atom for row in rows[same:] for atom in row]]
        pieces = [*pieces[:same], "".join(said[2 * same :])]
        for number, (row, wanted) in enumerate(zip(rows, pieces, strict=True)):
            if row:
                yield from _fill_row(row, wanted, pen)
            elif wanted and number < len(have):
                yield self._beside(have[number], wanted, group.form, pen, before=True)
            elif wanted:
                yield self._beside(have[-1], wanted, group.form, pen, before=False)

    def _beside(self, atom: Atom, text: str, form: Form, pen: Pen, *, before: bool) -> Edit:
        """Write a text before or behind a break: beside its run, or in that where it goes on."""
        run, at = atom.run, atom.start if before else atom.end
        edge, outer = (run.start, run.outer_start) if before else (run.end, run.outer_end)
        for place in (outer,) if run.inserted and self._has_old else (outer, edge):
            if self._is_beside(place, atom):
                return Edit(place, place, pen.run(form, text))
        return Edit(at, at, pen.text(text) if self._form(run) == form else pen.amid(run, form, text))

    def _place(self, own: Sequence[_Group], after: int, key: str) -> int:
        """Where a run is added: behind a group of the region, before the first for -1.

        That is outside of links, and of tracked insertions unless they go on there, or have all the text.
        """
        atom = own[0].atoms[0] if after < 0 else own[after].atoms[-1]
        run = atom.run
        outer, inner = (
            (run.outer_start, run.wrapper_start) if after < 0 else (run.outer_end, run.wrapper_end or run.end)
        )
        for place in (outer, inner) if self._has_old else (inner,):
            if place and self._is_beside(place, atom):
                return place
        raise RefusedTargetError(key, "text of another formatting has no place there: the run goes on")

    def _is_beside(self, place: int, atom: Atom) -> bool:
        """Whether nothing else of the paragraph stands between a place and an atom."""
        low, high = sorted((place, atom.start))
        return not any(low < item.start < high for item in self.paragraph.items)


def _joined(texts: Sequence[tuple[Form, str]]) -> list[tuple[Form, str]]:
    return [(form, "".join(text for _, text in same)) for form, same in groupby(texts, lambda item: item[0])]


def _matched(have: Sequence[Form], want: Sequence[Form]) -> dict[int, int]:
    """Which of `have` each of `want` goes into: the longest common sequence, or where that is long work, the first."""
    if list(have) == list(want):
        return {n: n for n in range(len(want))}
    if len(have) * len(want) > _LARGE:
        return _greedily(have, want)
    best = [[0] * (len(want) + 1) for _ in range(len(have) + 1)]
    for i in range(len(have) - 1, -1, -1):
        for j in range(len(want) - 1, -1, -1):
            same = have[i] == want[j]
            best[i][j] = best[i + 1][j + 1] + 1 if same else max(best[i + 1][j], best[i][j + 1])
    found: dict[int, int] = {}
    i = j = 0
    while i < len(have) and j < len(want):
        if have[i] == want[j]:
            found[j] = i
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _greedily(have: Sequence[Form], want: Sequence[Form]) -> dict[int, int]:
    found: dict[int, int] = {}
    at = 0
    for number, form in enumerate(want):
        if at < len(have) and have[at] == form:
            found[number] = at
            at += 1
    return found


def _fill_row(row: Sequence[Atom], text: str, pen: Pen) -> Iterator[Edit]:
    """Lay a text without a break that is known into the texts of a line."""
    current = "".join(a.text for a in row)
    if current == text:
        return
    pieces = _kept(row, current, text)
    yield from _fill_anew(row, text, pen) if pieces is None else _fill_around(row, pieces, pen)


def _fill_anew(row: Sequence[Atom], text: str, pen: Pen) -> Iterator[Edit]:
    homes = [a for a in row if a.of is Of.TEXT and not a.ours]
    home = next((a for a in homes if not a.run.inserted), homes[0] if homes else None)
    for atom in row:
        if atom is home:
            yield pen.written(atom, text)
        elif atom.ours or atom.of is Of.SIGN:
            yield Edit(atom.start, atom.end, "")
        elif atom.text:
            yield pen.written(atom, "")
    if home is None and text:
        yield Edit(row[0].start, row[0].start, pen.text(text))


def _fill_around(row: Sequence[Atom], pieces: Sequence[str], pen: Pen) -> Iterator[Edit]:
    for atom, piece in zip(row, pieces, strict=True):
        if piece == atom.text and (piece or not atom.ours):
            continue
        if atom.of is Of.TEXT and atom.ours and not piece:
            yield Edit(atom.start, atom.end, "")
        elif atom.of is Of.TEXT:
            yield pen.written(atom, piece)
        else:
            before, _, after = piece.partition(atom.text)
            if before:
                yield Edit(atom.start, atom.start, pen.text(before))
            if after:
                yield Edit(atom.end, atom.end, pen.text(after))


def _kept(row: Sequence[Atom], current: str, text: str) -> list[str] | None:
    """What each atom says where the old text is in the new one, or the new one in the old: then all stays in place."""
    if not current or not text:
        return None
    at = text.find(current)
    if at >= 0:
        move, low, high = at, 0, len(text)
    else:
        at = current.find(text)
        if at < 0:
            return None
        move, low, high = -at, 0, len(text)
    pieces: list[str] = []
    position, start = 0, 0
    for number, atom in enumerate(row):
        position += len(atom.text)
        last = number == len(row) - 1 or position == len(current)
        stop = high if last else min(max(position + move, low), high) if position else 0
        pieces.append(text[start:stop])
        start = stop
        if atom.of is Of.SIGN and atom.text not in pieces[-1]:
            return None
    return None if any(piece.count(RUBY) != piece.count(END) for piece in pieces) else pieces
