"""From the tokens of a scenario to its texts: messages up to a click or a page's end, names, choices, titles, values.

A message is all text up to a tag that waits or leads elsewhere, to a tag that stands at the beginning or end of a line
or on one of its own (a picture, a sound, a macro of the game), a label, a comment or a blank line. Tags amid the text
of a line stay in it, and so do tags that stand for words of it (`words.py`), wherever they are. `[r]`, with the line
end beside it, is a line break; a line end alone is one too, and is layout only where the engine ignores line ends.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import regex

from translator.core.segment import NO_LIMITS, Limits, Role, Segment
from translator.formats.kag.linebreaks import line_breaks
from translator.formats.kag.markup import MARKUP
from translator.formats.kag.message import Message, Spot
from translator.formats.kag.pairs import bare_tags, closed_end, closing_of
from translator.formats.kag.rules import ENDS_SCENE, KEYWORDS, Rules
from translator.formats.kag.spelling import Form, read_value
from translator.formats.kag.tokens import Kind, Token, attributes, tokens
from translator.formats.kag.words import read_words, stands_for_words, words_inside

NAME = "name"
"""The binding of the names of people."""

_SINGLE = Limits(single=True)
_WRAP = Limits(wrap=True)
_TITLED = regex.compile(r"【([^【】\[\]\n]+)】")
_LINE_ENDS = ("", "\r", "\n")
_QUOTED = ("「", "『", "（", "“", '"', "《")


class Reader:
    """Reads a scenario's text; `segments` and `spots` (by key) are what was found, `inside` where values start that are
    words of messages, `broken` where tags without an end do.
    """

    def __init__(self, text: str, rules: Rules, charset: str | None = None) -> None:
        """charset: what translations are written in."""
        self._free, self._single, self._wrap = (limits.within(charset) for limits in (NO_LIMITS, _SINGLE, _WRAP))
        self.segments: list[Segment] = []
        self.spots: dict[str, Spot] = {}
        self.inside: set[int] = set()
        self.broken: list[int] = []
        self.people = dict(rules.people)
        self._text = text
        self._rules = rules
        self._label = "*"
        self._labels: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._scene = "*"
        self._scene_over = False
        self._speaker: str | None = None
        self._lasting: str | None = None
        self._message: Message | None = None
        self._choice = False
        self._macro = ""
        self._name_until = ""
        self._lead: tuple[int, str] | None = None
        self._closings: dict[str, int] | None = None  # where a line's last tags without values stand
        self._on_line = False
        self._blank = True

    def read(self, lines: Iterable[tuple[str, str]]) -> "Reader":
        """Read all lines (text, line end)."""
        for token in tokens(lines, tyrano=self._rules.tyrano):
            self._take(token)
        self._close()
        return self

    def _take(self, token: Token) -> None:
        match token.kind:
            case Kind.END:
                self._end(token)
                return
            case Kind.TAG:
                self._tag(token)
            case Kind.BROKEN:
                self.broken.append(token.start)
                if not self._macro:
                    self._close()
            case _ if self._macro:
                pass
            case Kind.TEXT:
                self._take_text(token)
            case Kind.LABEL:
                self._take_label(token)
            case Kind.NAME:
                self._close()
                self._take_name(token)
            case _:
                self._close(keep_name=token.kind is Kind.COMMENT)
        self._blank = False

    def _end(self, token: Token) -> None:
        message = self._message
        if message is not None:
            if self._blank and self._rules.ignore_cr:
                self._close()
            elif message.foreign:
                self._close(keep_name=True)
            else:
                message.pending.append(token)
        self._lead = self._closings = None
        self._on_line = False
        self._blank = True

    def _take_text(self, token: Token) -> None:
        text = self._text[token.start : token.end]
        if self._name_until:
            if text.strip():
                self._take_between(token, text)
            return
        if not self._rules.ignore_cr and text.endswith("\\") and self._text[token.end : token.end + 1] in _LINE_ENDS:
            token = token._replace(end=token.end - 1)  # the backslash takes the line end away
            text = text[:-1]
        message = self._message
        if not text.strip():
            self._take_blank(token)
            return
        self._on_line = True
        if message is not None and message.titled and (message.pending or token.kind is Kind.TAG):
            self._take_titled(message)
            message = None
        if message is None:
            message = self._open(token, text)
        else:
            self._join(message, token)
        if token.kind is Kind.TAG:
            message.words.append(token)
        else:
            message.said = True

    def _take_blank(self, token: Token) -> None:
        message = self._message
        if message is not None and message.words and message.end == token.start:
            message.end = token.end  # as spaces after other words
        elif message is not None:
            message.pending.append(token)
        elif self._lead is None:
            self._lead = (token.start, "")

    def _open(self, token: Token, text: str) -> Message:
        start = token.start
        found = _TITLED.match(text)
        if found is not None and text[found.end() :].strip():
            self._add_name(found[1], Spot(start + found.start(1), start + found.end(1), Form.BRACKETS))
            start += found.end()
            found = None
        elif found is not None and found.end() != len(text.rstrip()):
            found = None
        lead = self._lead if start == token.start else None
        self._message = message = Message(start, token.end, titled=found is not None, lead=lead)
        return message

    def _take_titled(self, message: Message) -> None:
        """What was read is a name on a line of its own, before the message."""
        found = _TITLED.match(self._text, message.start, message.end)
        if found is not None:
            self._add_name(found[1], Spot(found.start(1), found.end(1), Form.BRACKETS))
        self._message = self._lead = None
        for token in reversed(message.pending):
            if token.name != "ruby" and token.kind is not Kind.TEXT:
                break
            self._lead = (token.start, "")

    def _join(self, message: Message, token: Token) -> None:
        """Go on with a message: what stands between becomes line breaks, or stays in it."""
        places, hard = line_breaks(message.pending, token.start, self._rules, self._text)
        message.breaks += places
        message.hard = message.hard or hard
        message.pending.clear()
        message.foreign = False
        message.end = token.end

    def _tag(self, token: Token) -> None:
        name = token.name
        rules = self._rules
        if self._macro:
            if name == self._macro:
                self._macro = ""
            return
        if name in ("macro", "html"):
            self._close()
            self._macro, self._lead = "end" + name, None
            return
        if name == "chara_ptext":
            self._take_speaker(token)
        shown = rules.shown.get(name)
        if stands_for_words(self._text, token, rules):
            self._take_text(token)
            return
        ends = name in rules.breaks or name in rules.voices or name in rules.pairs or bool(shown)
        if ends or token.whole_line:
            self._close(keep_name=not ends)
            self._lead = None
            self._leave(name, token)
            if shown:
                self._take_values(token, shown)
            self._name_until = rules.pairs.get(name, self._name_until)
        elif name and name == self._name_until:
            self._name_until, self._lead = "", None
        else:
            self._take_inline(token)

    def _take_inline(self, token: Token) -> None:
        """A tag that may stand in a message: amid a line's text, or one that only changes how text looks."""
        if token.name not in self._rules.inline and not self._on_line:
            self._close(keep_name=True)
        if self._message is not None:
            self._message.pending.append(token)
            self._message.foreign = self._message.foreign or token.name not in self._rules.inline
        elif token.name == "r":
            self._lead = None
        elif self._lead is None:
            if token.name == "ruby":  # of the message's first character: it goes where that goes
                self._lead = (token.start, "")
                return
            if self._closings is None:
                self._closings = bare_tags(self._text, token.end)
            closing = closing_of(token.name)
            if self._closings.get(closing, -1) >= token.end:
                self._lead = (token.start, closing)

    def _leave(self, name: str, token: Token) -> None:
        """What a tag ends beside a message."""
        if name == "link":
            self._choice = True
        elif name == "endlink":
            self._choice = False
        if name in self._rules.voices:
            self._speaker = self._lasting = None
        if name in self._rules.pages:
            self._speaker = self._lasting
        if name in ENDS_SCENE:
            conditional = any(a.name == "cond" for a in attributes(self._text, token, tyrano=self._rules.tyrano))
            self._scene_over = self._scene_over or not conditional

    def _close(self, *, keep_name: bool = False) -> None:
        """End the message. keep_name: what may be a name before the message is waited for still."""
        message = self._message
        if message is None:
            return
        if keep_name and message.titled:
            message.pending.append(Token(Kind.COMMENT, message.end, message.end))
            return
        self._message = None
        self._lead = None
        if not message.said:
            for token in message.words:
                self._take_values(token, self._rules.shown.get(token.name, {}))
            return
        for token in message.words:
            self.inside.update(words_inside(self._text, token, self._rules))
        if message.lead is not None and message.lead[1] in self._text[message.start : message.end]:
            message.start = message.lead[0]
        if message.pending:
            message.end = closed_end(self._text, message.start, message.end, message.pending[0])
        spot = Spot(message.start, message.end, Form.MESSAGE, tuple(message.breaks))
        source = self.source(spot)
        said = MARKUP.plain(source) if source.startswith("[") else source
        speaking = self._speaker is not None or said.lstrip().startswith(_QUOTED)
        role = Role.CHOICE if self._choice else Role.DIALOGUE if speaking else Role.NARRATION
        limits = self._wrap if message.breaks and not message.hard else self._free
        speaker = None if self._choice else self._speaker
        self.segments.append(Segment(self._key("", spot), source, role, self._scene, speaker, limits=limits))

    def source(self, spot: Spot) -> str:
        """The text at a place, each of its line breaks as a line feed."""
        parts: list[str] = []
        at = spot.start
        for start, end in spot.breaks:
            parts.append(self._text[at:start])
            at = end
        parts.append(self._text[at : spot.end])
        text = "\n".join(parts)
        return text if self._rules.tyrano or "` " not in text else read_words(text)

    def _key(self, kind: str, spot: Spot) -> str:
        """The key of a text of this kind under the label, in the order of its kind."""
        place = f"{self._label}/{kind}" if kind else self._label
        self._counts[place] += 1
        key = f"{place}/{self._counts[place]}"
        self.spots[key] = spot
        return key

    def _add(self, kind: str, text: str, role: Role, spot: Spot) -> None:
        """Take a text of one line that nobody says."""
        binding = NAME if role is Role.NAME else None
        key = self._key(kind, spot)
        self.segments.append(Segment(key, text, role, self._scene, limits=self._single, binding=binding))

    def _add_name(self, name: str, spot: Spot, *, speaks: bool = True, kind: str = "name") -> None:
        if name.strip():
            self._add(kind, name, Role.NAME, spot)
        if speaks:
            self._speaker = name.strip() or None

    def _take_between(self, token: Token, text: str) -> None:
        """The name between two tags, `[ns]` and `[nse]`."""
        if token.kind is Kind.TAG:
            self._speaker = None  # computed
        elif not any(mark in text for mark in "[]\\\t"):
            self._add_name(text, Spot(token.start, token.end, Form.BETWEEN))

    def _take_label(self, token: Token) -> None:
        self._close()
        name, bar, title = self._text[token.start : token.end].partition("|")
        name = name.strip()
        self._labels[name] += 1
        number = self._labels[name]
        self._label = name if number == 1 else f"{name}:{number}"
        if self._scene_over:
            self._scene, self._scene_over = self._label, False
        if not bar or not title.strip() or title.startswith("&") or "\t" in title:
            return
        start = token.end - len(title)
        if self._rules.tyrano:
            title = title.partition("|")[0]
            start += len(title) - len(title.lstrip())
            title = title.strip()
        spot = Spot(start, start + len(title), Form.TITLE)
        if title:
            self._add("title", title, Role.DESCRIPTION, spot)

    def _take_name(self, token: Token) -> None:
        """`#name:face` of TyranoScript: an id of a character, or the name itself."""
        raw = self._text[token.start + 1 : token.end]
        name = raw.partition(":")[0]
        start = token.start + 1 + len(name) - len(name.lstrip())
        name = name.strip()
        found = _TITLED.fullmatch(name)
        if found is not None:
            start, name = start + 1, found[1]
        if name in self.people:
            self._speaker = self.people[name] or None
        elif any(mark in name for mark in "#【】[]\t") or name.startswith(("&", "%")):
            self._speaker = None  # computed, or spelled in a way that is not written here
        else:
            self._add_name(name, Spot(start, start + len(name), Form.SPEAKER))
        self._lasting = self._speaker

    def _take_speaker(self, token: Token) -> None:
        """`[chara_ptext name=…]`, for which `#name` is short; its name is an id, or computed."""
        names = [a for a in attributes(self._text, token, tyrano=self._rules.tyrano) if a.name == "name"]
        self._close()
        name = self._text[names[0].start : names[0].end] if names else ""
        self._speaker = self._lasting = self.people.get(name) or None

    def _take_values(self, token: Token, roles: Mapping[str, Role]) -> None:
        values = list(attributes(self._text, token, tyrano=self._rules.tyrano))
        if token.name == "chara_new":
            self._meet({one.name: self._text[one.start : one.end] for one in values if not one.computed})
        for value in values:
            role = roles.get(value.name)
            raw = self._text[value.start : value.end]
            if role is Role.NAME and (value.computed or not raw.strip()):
                self._speaker = None
            if role is None or value.computed:
                continue
            text = read_value(raw, value.quote, tyrano=self._rules.tyrano) if raw.strip() else None
            if text is None or not text.strip() or text in KEYWORDS.get(token.name, ()):
                continue
            spot = Spot(value.start, value.end, Form.VALUE, quote=value.quote)
            kind = f"{token.name}.{value.name}"
            if role is Role.NAME:
                self._add_name(text, spot, speaks=token.name != "chara_new", kind=kind)
            else:
                self._add(kind, text, role, spot)

    def _meet(self, values: dict[str, str]) -> None:
        """A character's definition: its id is no name to translate, but stands for one."""
        name = values.get("name")
        if name:
            self.people[name] = self.people.get(name) or values.get("jname", "").strip()
