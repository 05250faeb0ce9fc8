"""A PO file: its segments, and writing translations at their places."""

from collections.abc import Iterator, Mapping, Sequence

from translator.core.collecting import Keys
from translator.core.csv_spans import first_break
from translator.core.document import FormatOptions, HeldBack, RefusedTargetError
from translator.core.lines import Lines, unified_breaks
from translator.core.locales import language_of
from translator.core.plurals import plural_rule, read_rule
from translator.core.po_spans import GETTEXT, PoEntry, spelled, without_fuzzy
from translator.core.segment import Segment
from translator.core.textfile import choose_output
from translator.core.wholetext import WholeText
from translator.core.xml_charset import iana_name
from translator.formats.po.entries import Form, Forms, has_crlf, is_fuzzy, said, segments_of
from translator.formats.po.header import NO_HEADER, PLACEHOLDER, Header, read_header

_SIMPLE = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
ESCAPES = {**{chr(n): f"\\{n:03o}" for n in range(1, 32)}, **_SIMPLE, **GETTEXT}
"""How characters are written that cannot stand in a string as they are: as gettext's tools write them."""

_CHARSET, _FORMS, _AROUND = "\0charset", "\0forms", "\0entry"


class PoDocument:
    """A PO file or a template of one."""

    def __init__(
        self, text: WholeText, entries: Sequence[PoEntry], options: FormatOptions, notices: tuple[str, ...]
    ) -> None:
        self._text = text
        self._target = options.target_language
        self._output = choose_output(Lines(text.bom, text.charset, ()), options)
        self._header = _header(text.text, entries)
        self._forms = _forms(self._header, self._target)
        self._obsolete = [entry for entry in entries if entry.obsolete]
        self._places: dict[str, Form] = {}
        keys = Keys()
        segments: list[Segment] = []
        for entry in entries:
            if entry.obsolete or entry.is_header:
                continue
            for segment, form in segments_of(entry, self._forms, keys):
                segments.append(segment)
                self._places[segment.key] = form
        self.segments: Sequence[Segment] = tuple(segments)
        self.charset: str | None = self._output.charset
        name = f"{options.name.as_posix()}: " if options.name.name else ""
        odd = [*notices, *_remarks(self._header, self._target)]
        if not segments:
            odd.append("no text: it has a header only" if entries else "no text: it has no entry")
        self.notices: Sequence[str] = (*self._output.notices, *(name + notice for notice in odd))

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        touched: dict[int, tuple[PoEntry, dict[int, str]]] = {}
        missing: list[tuple[int, str]] = []
        for key, target in targets.items():
            form = self._places[key]
            self._check(key, target, form.entry)
            touched.setdefault(form.entry.start, (form.entry, {}))[1][form.number] = target
            if form.there is None:
                missing.append((form.number, key))
            elif target != said(form.entry, form.there.text):
                spans[key] = (form.there.start, form.there.end)
                new[key] = self._spelled(form, target)
        for number, key in sorted(missing):
            form = self._places[key]
            end = form.entry.targets[-1].end
            spans[key] = (end, end)
            new[key] = f"{self._newline(form.entry)}msgstr[{number}] {self._spelled(form, targets[key])}"
        for entry, texts in touched.values():
            for number, (span, text) in enumerate(self._around(entry, texts)):
                name = f"{_AROUND}{entry.start}/{number}"
                spans[name], new[name] = span, text
        if any(targets.values()):
            self._fill_header(spans, new, plural=any(self._places[key].entry.plural for key in targets))
        if self._output.charset != self._text.charset and self._header.charset_span:
            spans[_CHARSET], new[_CHARSET] = self._header.charset_span, iana_name(self._output.charset)
        return self._text.render(spans, new, self._output)

    @staticmethod
    def _check(key: str, target: str, entry: PoEntry) -> None:
        if target and not target.strip():
            raise RefusedTargetError(key, "a blank translation counts as none")
        if "\0" in target:
            raise RefusedTargetError(key, "a string of a PO file cannot hold a zero byte")
        if "\r" in target and has_crlf(entry) and unified_breaks(target) != target:
            raise RefusedTargetError(key, "a carriage return: its source has CR LF at the ends of lines only")

    def _spelled(self, form: Form, target: str) -> str:
        """A target as a string of the file, on one line or on several as its source is."""
        if has_crlf(form.entry):
            old = form.there.text if form.there is not None else ""
            old = old if old.strip() else ""
            target = target.replace("\n", "\r\n") if "\r\n" in old or "\n" not in old else target
        source = form.entry.source
        like = self._text.text[source.start : source.end] if source else ""
        return spelled(target, newline=self._newline(form.entry), like=like, escapes=ESCAPES)

    def _newline(self, entry: PoEntry) -> str:
        """How lines end there."""
        text = self._text.text
        start = entry.source.end if entry.source else entry.start
        end = entry.targets[0].start
        between = text[start:end] if start < end else ""
        return first_break(between if "\n" in between or "\r" in between else text)

    def _around(self, entry: PoEntry, texts: Mapping[int, str]) -> Iterator[tuple[tuple[int, int], str]]:
        """What else changes in an entry that is translated: forms that it has too many of, and its mark."""
        if not any(texts.values()):
            return
        if entry.plural is not None:
            yield from self._surplus(entry, texts)
        if is_fuzzy(entry):
            yield from ((span, without_fuzzy(self._text.text[slice(*span)])) for span in entry.flag_lines)
            for number, string in zip(entry.forms, entry.targets, strict=True):
                if entry.plural is not None and number not in texts and string.text:
                    yield (string.start, string.end), '""'

    def _surplus(self, entry: PoEntry, texts: Mapping[int, str]) -> Iterator[tuple[tuple[int, int], str]]:
        """A template has two forms for every language: empty ones that the target has no use for go."""
        count = self._forms.many
        if count is None or not self._forms.adds or self._header.forms is not None:
            return
        start = entry.targets[0].end
        for number, string in list(zip(entry.forms, entry.targets, strict=True))[1:]:
            if number >= count and not string.text and number not in texts:
                yield (start, string.end), ""
            start = string.end

    def _fill_header(self, spans: dict[str, tuple[int, int]], new: dict[str, str], *, plural: bool) -> None:
        """What a template leaves open (`charset=CHARSET`, `nplurals=INTEGER`) is said, where it holds for what is
        written; the rest of the header is for people to fill in.
        """
        header = self._header
        if self._target is None:
            return
        rule = plural_rule(self._target)
        if plural and rule and header.forms_span and header.forms is None:
            spans[_FORMS], new[_FORMS] = header.forms_span, rule
        if header.charset == PLACEHOLDER and header.charset_span and not "".join(new.values()).isascii():
            spans[_CHARSET], new[_CHARSET] = header.charset_span, iana_name(self._output.charset)

    def held_back(self) -> Iterator[HeldBack]:
        """The entries that are commented out."""
        for entry in self._obsolete:
            if entry.source is not None:
                line = self._text.line(entry.start)
                yield HeldBack(f"line {line}", entry.source.text, "an entry that is not used any more")


def _header(text: str, entries: Sequence[PoEntry]) -> Header:
    for entry in entries:
        if entry.is_header and not entry.obsolete and entry.targets:
            there = entry.targets[0]
            return read_header(text, there.text, (there.start, there.end))
    return NO_HEADER


def _forms(header: Header, target: str | None) -> Forms:
    if header.forms is not None:
        return Forms(header.forms, header.expression, adds=target is not None)
    rule = read_rule(plural_rule(target) or "")
    return Forms(*rule, adds=True) if rule else Forms(None, None, adds=False)


def _remarks(header: Header, target: str | None) -> Iterator[str]:
    if target and header.language and language_of(header.language.split("@")[0]) != target:
        yield f"its header says that it is in {header.language}: what is missing in it is translated into {target}"
