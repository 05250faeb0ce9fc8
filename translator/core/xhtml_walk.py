"""The texts of an XHTML, HTML or FB2 file in reading order: which elements they stand in, and what they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from translator.core.collecting import Keys
from translator.core.document import HeldBack
from translator.core.segment import Role
from translator.core.xhtml_entries import Around, Entry, Frame, Pair, Place, Said, said_language
from translator.core.xhtml_held import why_held
from translator.core.xhtml_text import (
    BLANK,
    DIALOGUE,
    Item,
    Run,
    local,
    read_run,
    read_text,
    settle,
    speaks,
    unbroken,
    whole_parts,
)
from translator.core.xhtml_whole import WholeReader
from translator.core.xhtml_words import BILINGUAL, Words
from translator.core.xml_spans import VOID, Attribute, Kind, MarkupFile, Token, attribute, attributes

_SIBLINGS = {"li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "td": ("td", "th"), "th": ("td", "th"),
             "tr": ("td", "th", "tr"), "option": ("option",)}  # fmt: skip
_PICTURES = ("img", "area", "input", "meta")
_DEEP = ("svg", "math", "object", "audio", "video", "canvas", "select", "iframe")
"""Elements that may have blocks in them and are one code all the same."""

_LONGEST = 120


@dataclass(slots=True)
class Walk:
    """One walk through a file's tokens. Call `walk`, then read `entries` and `held`."""

    file: MarkupFile
    words: Words
    tokens: Sequence[Token]
    bilingual: bool = True
    holding: bool = False
    entries: list[Entry] = field(default_factory=list[Entry])
    held: list[HeldBack] = field(default_factory=list[HeldBack])
    root_lang: tuple[Attribute, ...] = ()
    language: tuple[int, int] | None = None
    _stack: list[Frame] = field(default_factory=list[Frame])
    _open: Counter[str] = field(default_factory=Counter[str])
    _items: list[Item] = field(default_factory=list[Item])
    _keys: Keys = field(default_factory=Keys)
    _counts: dict[str | None, int] = field(default_factory=dict[str | None, int])
    _reader: WholeReader = field(init=False)
    _scene: int = 1
    _filled: bool = False
    _heading: bool = False
    _original: tuple[Run, int, int, str] | None = None
    _reasons: dict[tuple[str, bool], str | None] = field(default_factory=dict[tuple[str, bool], str | None])
    _ends: dict[int, int] = field(default_factory=dict[int, int])
    _blocks: list[int] = field(default_factory=list[int])
    _outside: Around = field(init=False)

    def walk(self) -> None:
        """Find the texts."""
        self._reader = WholeReader(html=self.file.html)
        self._outside = Around(Place(self.words))
        self._pair_up()
        tokens, index, size = self.tokens, 0, len(self.tokens)
        while index < size:
            token = tokens[index]
            kind = token.kind
            if kind is Kind.WHOLE:
                self._whole(index, token)
                index += 1
            elif kind is Kind.START or kind is Kind.EMPTY:
                index = self._start(index, token)
            elif kind is Kind.END:
                name = local(token.name)
                if self.words.is_block(name):
                    self._end(index, name)
                else:
                    self._items.append(Item(index, index))
                index += 1
            else:
                if kind is not Kind.DOCTYPE and kind is not Kind.RAW:
                    self._items.append(Item(index, index))
                index += 1
        self._flush(None)

    def _whole(self, index: int, token: Token) -> None:
        """Take an element that is whole in one token."""
        text = self.file.text
        _, begin, end, name, inner = token
        if self._items:
            self._flush(None)
        if self.file.html:
            self._close_implied(name)
        start: Token | None = None
        stop = text.rfind("</", inner, end)
        if inner - begin > len(name) + 2:
            start = Token(Kind.START, begin, inner, name)
            reason = self._why_held(start, name)
            if reason is not None:
                self._hold(index, inner, stop, reason)
                return
            if not self._stack and not self.root_lang and not self.file.html:
                self.root_lang = said_language(self.file, start)
        run = self._reader.read(text[inner:stop], inner)
        if run is not None and run.plain:
            self._text(run, token, None, self._inside(name, start))

    def _here(self) -> Around:
        return self._stack[-1].around if self._stack else self._outside

    def _inside(self, name: str, tag: Token | None) -> Around:
        """What is around the texts of an element. tag: its start tag, where that has attributes."""
        place, owner, said = self._here()
        if tag is not None:
            raw = self.file.text[tag.start : tag.end].lower()
            ident = self._value(tag, "id") if "id" in raw else None
            owner = f"#{ident}" if ident else owner
            if "lang" in raw:
                found = said_language(self.file, tag)
                said = Said(found, said) if found and found != self.root_lang else said
        return Around(place.within(name), owner, said)

    def items_of(self, first: int, stop: int) -> list[Item] | None:
        """The items of a run that tokens `first` to `stop` are; None where a block stands among them."""
        self._pair_up()
        items: list[Item] = []
        index = first
        while index < stop:
            token = self.tokens[index]
            name = local(token.name)
            if name and self.words.is_block(name):
                return None
            end = self._ends.get(index) if token.kind is Kind.START else None
            if end is not None and end < stop and self._why_held(token, name) is not None:
                items.append(Item(index, end))
                index = end
            else:
                items.append(Item(index, index))
            index += 1
        return items

    def _pair_up(self) -> None:
        """Which END ends which START, and how many block tags stand before each token."""
        waiting: dict[str, list[int]] = {}
        count = 0
        for index, (kind, _, _, name, _) in enumerate(self.tokens):
            if self.file.html:
                self._blocks.append(count)
                if kind is Kind.START or kind is Kind.END:
                    count += self.words.is_block(local(name))
                elif kind is Kind.WHOLE:
                    count += 2
            if kind is Kind.START:
                waiting.setdefault(name, []).append(index)
            elif kind is Kind.END and waiting.get(name):
                self._ends[waiting[name].pop()] = index

    def _value(self, token: Token, name: str) -> str | None:
        return attribute(self.file.text, token, name, html=self.file.html)

    def _why_held(self, token: Token, name: str) -> str | None:
        reason = self.words.held.get(name)
        if reason is not None:
            return reason
        tag, in_nav = self.file.text[token.start : token.end], self._open["nav"] > 0
        if (tag, in_nav) not in self._reasons:
            self._reasons[tag, in_nav] = why_held(self.file, token, name, in_nav=in_nav)
        return self._reasons[tag, in_nav]

    def _start(self, index: int, token: Token) -> int:
        name = local(token.name)
        block = self.words.is_block(name)
        reason = self._why_held(token, name)
        end = self._ends.get(index)
        if block:
            self._flush(None)
            self._close_implied(name)
        elif end is not None and self.file.html and name not in _DEEP and self._blocks[end] > self._blocks[index]:
            end = None
        if reason is not None and token.kind is Kind.START and end is not None:
            self._hold(index, token.end, self.tokens[end].start, reason)
            if not block:
                self._items.append(Item(index, end))
            return end + 1
        if not self._stack and not self.root_lang and (not self.file.html or name == "html"):
            self.root_lang = said_language(self.file, token)
        if name in _PICTURES and self.words.attributes and self._find_values(name, token):
            return index + 1
        if not block:
            self._items.append(Item(index, index))
        elif token.kind is Kind.START and not (self.file.html and token.name in VOID):
            tag = self.file.text[token.start : token.end]
            classes = tuple((self._value(token, "class") or "").split()) if "bilingual-" in tag else ()
            self._stack.append(Frame(name, index, self._inside(name, token if "=" in tag else None), classes))
            self._open[name] += 1
        return index + 1

    def _find_values(self, name: str, token: Token) -> bool:
        """Offer the texts of a picture (or of the description for search engines); whether it has any."""
        found = attributes(self.file.text, token, html=self.file.html)
        if name == "meta":
            described = any(a.name == "name" and self._raw(a).lower() == "description" for a in found)
            values = [a for a in found if a.name == "content"] if described else []
        else:
            values = [a for a in found if a.name in ("alt", "title")]
        values = [a for a in values if speaks(self._raw(a))]
        if not values:
            return False
        self._flush(None)
        for value in values:
            self._attribute(name, value)
        return True

    def _raw(self, value: Attribute) -> str:
        return self.file.text[value.start : value.end]

    def _hold(self, index: int, start: int, stop: int, reason: str) -> None:
        text = self.file.text[start:stop].strip()
        if text and self.language is None and local(self.tokens[index].name) == self.words.language:
            self.language = (start, stop)
        if text and self.holding:
            shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
            place = f"{self._here().owner or self._scene}@{local(self.tokens[index].name)}"
            self.held.append(HeldBack(place, shown, reason))

    def _close_implied(self, name: str) -> None:
        """In HTML a block ends a paragraph, and an item the item before it."""
        if self.file.html and self._stack:
            closed = _SIBLINGS.get(name, ())
            while self._stack and self._stack[-1].name in ("p", *closed):
                self._open[self._stack.pop().name] -= 1

    def _end(self, index: int, name: str) -> None:
        whole = self._stack and self._stack[-1].name == name
        self._flush(index if whole else None)
        if not self._open[name]:
            return
        while self._stack:
            closed = self._stack.pop().name
            self._open[closed] -= 1
            if closed == name:
                return

    def _flush(self, end: int | None) -> None:
        """What was gathered since the last block tag is a text; `end`: the end tag of the element that it is in."""
        items, self._items = self._items, []
        if not items:
            return
        parts = whole_parts(self.file, self.tokens, items)
        for part in parts:
            if part:
                self._run(part, self._block(items, end) if len(parts) == 1 else None)

    def _block(self, items: Sequence[Item], end: int | None) -> Token | None:
        if end is None or not self._stack or items[0].first != self._stack[-1].token + 1:
            return None
        frame = self._stack[-1]
        start, stop = self.tokens[frame.token], self.tokens[end]
        return Token(Kind.WHOLE, start.start, stop.end, frame.name, start.end)

    def _run(self, items: Sequence[Item], block: Token | None) -> None:
        original, extra, items = self._inner_original(items) if self.bilingual else (None, (), items)
        run = read_run(self.file, self.tokens, items)
        if run is None or not run.plain.strip():
            return
        marked = [c for frame in self._stack[-2:] for c in frame.classes if c in BILINGUAL] if self.bilingual else []
        if block is not None and marked and block.name == "p" and original is None and self._take(run, block, marked):
            return
        pair = None if original is None else Pair(original, extra)
        if self._original is not None and block is not None and pair is None:
            pair = self._outer_original(block)
        self._original = None
        self._text(run, block, pair, self._here())

    def _text(self, run: Run, block: Token | None, pair: Pair | None, around: Around) -> None:
        """Note a text: what it is to the reader, its key."""
        place = around.place
        if place.chapter:
            if self._filled and not self._heading:
                self._scene, self._filled = self._scene + 1, False
                self._counts.pop(None, None)
            self._heading = True
        else:
            self._heading = False
        self._filled = self._filled or not place.titled or not self.words.attributes
        key = self._key(around.owner)
        plain = run.plain if pair is None else pair.original.plain
        if not speaks(plain):
            return
        role = place.role
        if role is None:
            spoken = plain.startswith(DIALOGUE) and not place.heading
            role = Role.DIALOGUE if spoken else Role.NARRATION
        single = self.words.single or place.titled
        block = None if place.narrow else block
        self.entries.append(
            Entry(key, role, self._scene, place.binding, run, block, None, "", single, pair, around.said)
        )

    def _key(self, owner: str | None) -> str:
        count = self._counts[owner] = self._counts.get(owner, 0) + 1
        if owner is None:
            return f"{self._scene}.{count}"
        return self._keys.new(owner if count == 1 else f"{owner}.{count}")

    def _attribute(self, tag: str, value: Attribute) -> None:
        raw = self.file.text[value.start : value.end]
        source = settle(unbroken(read_text(raw, html=self.file.html)).replace("\t", " ")).strip(BLANK)
        key = self._keys.new(f"{self._here().owner or self._scene}@{value.name}")
        if source and speaks(source):
            role = Role.DESCRIPTION if tag in ("img", "area", "meta") else Role.NARRATION
            said = self._here().said
            self.entries.append(Entry(key, role, self._scene, None, None, value=value, source=source, said=said))

    def _inner_original(self, items: Sequence[Item]) -> tuple[Run | None, tuple[tuple[int, int], ...], Sequence[Item]]:
        """An original in a `<span>` of its own before or behind its translation, parted by a `<br>`."""
        for at, class_name in ((0, BILINGUAL[0]), (len(items) - 1, BILINGUAL[1])):
            found = self._span_at(items, at, class_name)
            if found is None:
                continue
            first, last = found
            inner = read_run(self.file, self.tokens, items[first + 1 : last])
            gap = last + 1 if at == 0 else first - 1
            if inner is None or not 0 <= gap < len(items) or local(self.tokens[items[gap].first].name) != "br":
                continue
            one, other = self.tokens[items[first].first], self.tokens[items[last].last]
            line_break = self.tokens[items[gap].first]
            if at == 0:
                return inner, ((one.start, line_break.end),), items[gap + 1 :]
            return inner, ((line_break.start, other.end),), items[:gap]
        return None, (), items

    def _span_at(self, items: Sequence[Item], at: int, class_name: str) -> tuple[int, int] | None:
        token = self.tokens[items[at].first]
        if at == 0:
            end = self._ends.get(items[0].first)
            if token.kind is not Kind.START or local(token.name) != "span" or end is None:
                return None
            last = next((n for n, item in enumerate(items) if item.first == end), None)
            return (0, last) if last is not None and self._has_class(token, class_name) else None
        if token.kind is not Kind.END or local(token.name) != "span":
            return None
        first = next((n for n, item in enumerate(items) if self._ends.get(item.first) == items[at].first), None)
        if first is None or not self._has_class(self.tokens[items[first].first], class_name):
            return None
        return first, at

    def _has_class(self, token: Token, name: str) -> bool:
        return (
            "bilingual-" in self.file.text[token.start : token.end]
            and name in (self._value(token, "class") or "").split()
        )

    def _take(self, run: Run, block: Token, marked: Sequence[str]) -> bool:
        """A paragraph that holds an original: kept for the next one, or given to the one before; False: neither."""
        if marked[0] == BILINGUAL[1]:
            last = self.entries[-1] if self.entries else None
            if last is None or last.block is None or last.pair is not None:
                return False
            if self.file.text[last.block.end : block.start].strip(BLANK):
                return False
            self.entries[-1] = last._replace(pair=Pair(run, ((last.block.end, block.end),)))
            return True
        self._original = (run, block.start, block.end, marked[0])
        return True

    def _outer_original(self, block: Token) -> Pair | None:
        if self._original is None:
            return None
        run, start, end, where = self._original
        between = self.file.text[end : block.start]
        if where == BILINGUAL[0] and not between.strip(BLANK):
            return Pair(run, ((start, block.start),))
        if where == BILINGUAL[2] and between.startswith("</td><td"):
            opened = self.file.text.rfind('<table class="bilingual-side"', max(start - 400, 0), start)
            close = "</td></tr></table>"
            if opened >= 0 and self.file.text.startswith(close, block.end):
                return Pair(run, ((opened, block.start), (block.end, block.end + len(close))))
        return None
