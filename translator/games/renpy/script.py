"""A Ren'Py script as the engine sees it: its dialogue in blocks with their identifiers, and its menus.

Follows `Restructurer` of `renpy/translation/__init__.py`: a say statement is a block of its own, together with the
translatable statements (`voice`, `nvl clear`) right above it. A block's identifier is the label that it stands under,
`_`, and the first eight digits of the MD5 of its code; the next free of `_1`, `_2` … is added where another line has
it. A label that begins with `_` (also that of a `call … from`) gives a second, alternate identifier and the label
before it the first; hidden labels give none. Walks the file with a stack of its own, never by recursion.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import regex

from translator.formats.renpy_tl.lexer import STRING, Logical, Script
from translator.formats.renpy_tl.literals import say_values
from translator.formats.renpy_tl.say import STATEMENTS, Say, brackets, first_word, parse_say

_LABEL = regex.compile(r"(?:label|menu)\s+([^\W\d]\w*)?\s*(?:(\.)\s*([^\W\d]\w*))?\s*")
_HIDDEN = regex.compile(r"\s*hide\b")
_FROM = regex.compile(r"\bfrom\s+([^\W\d]\w*)?\s*(?:(\.)\s*([^\W\d]\w*))?\s*$")
_INIT = regex.compile(r"init(?:\s+[+-]?\d+)?\s*(:)?\s*")
_MONOLOGUE = regex.compile(r"rpy\s+monologue\s+(double|single|none)\b")
_TRANSLATABLE = regex.compile(r"voice\b|nvl\s+clear\b")
_ITEM = regex.compile(rf"r?({STRING})\s*", regex.DOTALL)
_DELIMITERS = {"double": "\n\n", "single": "\n", "none": ""}
_SCRIPT_BLOCKS = frozenset(("if", "elif", "else", "while", "IF", "ELIF", "ELSE"))
_GOES_ON = frozenset(("elif", "else", "ELIF", "ELSE"))
_MUNGED = regex.compile(
    rf"(?P<string>{STRING})"
    r"|\b__(?P<word>[a-zA-Z0-9\u0080-\U0010FFFF]+(?:_[a-zA-Z0-9\u0080-\U0010FFFF]+)*_?)\b",
    regex.DOTALL,
)
_MUNGED_INSIDE = regex.compile(r"(\.|\[+)__(\w+)")


@dataclass(frozen=True, slots=True)
class Custom:
    """A statement that a game registers for itself: whether its block is script, whether it belongs to dialogue."""

    script: bool
    translatable: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a whole game. custom: its own statements by their words. only_say: other statements than say are
    no part of the checksum (`config.tlid_only_considers_say`).
    """

    custom: Mapping[str, Custom] = field(default_factory=dict[str, Custom])
    only_say: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Dialogue that is translated together: where it is, its identifiers, its code line by line.

    whos: who speaks in its say statements. silent: it is `extend ""` alone, which the engine leaves out.
    """

    line: int
    identifier: str
    alternate: str | None
    codes: tuple[str, ...]
    whos: tuple[str | None, ...]
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu's choice or caption: its line, its text, the label that it stands under."""

    line: int
    text: str
    label: str


@dataclass
class Identifiers:
    """The identifiers that are taken: those of the files before, those that the game's writer gave, and new ones."""

    taken: set[str] = field(default_factory=set[str])
    given: frozenset[str] = frozenset()

    def free(self, label: str | None, digest: str) -> str:
        """The identifier of a text with this checksum under a label that nothing else has."""
        base = digest if label is None else f"{label.replace('.', '_')}_{digest}"
        identifier, number = base, 0
        while identifier in self.taken or identifier in self.given:
            number += 1
            identifier = f"{base}_{number}"
        return identifier


@dataclass(slots=True)
class _Frame:
    """A block of statements that is walked: the lines still to come, and what waits for the next say statement."""

    position: int
    end: int
    menu: bool
    top: str | None
    delimiter: str
    group: list[tuple[int, str, Say | None]]
    owed: bool = False
    owner: bool = False


class Walker:
    """One walk over a script; gives its blocks, its choices, and the lines of both."""

    def __init__(self, script: Script, prefix: str, rules: Rules, identifiers: Identifiers) -> None:
        self._script = script
        self._prefix = prefix
        self._rules = rules
        self._identifiers = identifiers
        self._label: str | None = None
        self._alternate: str | None = None
        self.blocks: list[Block] = []
        self.choices: list[Choice] = []
        self.spoken: set[int] = set()

    def walk(self) -> None:
        """Fill `blocks` and `choices`."""
        frames = [_Frame(0, len(self._script.lines), menu=False, top=None, delimiter="\n\n", group=[])]
        while frames:
            frame = frames[-1]
            if frame.position >= frame.end:
                self._flush(frame)
                frames.pop()
                continue
            index = frame.position
            frame.position = self._script.ends[index]
            inner = self._item(frame, index) if frame.menu else self._statement(frame, index)
            if inner is not None and inner.position < inner.end:
                frames.append(inner)

    def _code(self, line: Logical) -> str:
        code = line.code(self._script.text)
        return munged(code, self._prefix) if "__" in code else code

    def _inner(self, frame: _Frame, index: int, *, menu: bool = False) -> _Frame:
        block = self._script.block(index)
        return _Frame(block.start, block.stop, menu=menu, top=frame.top, delimiter=frame.delimiter, group=[])

    def _flush(self, frame: _Frame) -> None:
        frame.owed = False
        if frame.group:
            self._create(frame)

    def _statement(self, frame: _Frame, index: int) -> _Frame | None:
        line = self._script.lines[index]
        code = self._code(line)
        word = first_word(code)
        if frame.owed and word not in _GOES_ON:
            self._flush(frame)
        custom = self._custom(code)
        if custom is not None:
            return self._own_statement(frame, index, code, custom)
        if word == "init" and (match := _INIT.match(code)):
            if match[1]:
                frame.owed = True
                return self._inner(frame, index)
            code = code[match.end() :]
            word = first_word(code)
        if word in STATEMENTS:
            return self._known(frame, index, word, code)
        said = parse_say(code, delimiter=frame.delimiter)
        if said is None:
            self._flush(frame)
        else:
            self._say(frame, line.number, said)
        return None

    def _known(self, frame: _Frame, index: int, word: str, code: str) -> _Frame | None:
        line = self._script.lines[index]
        if _TRANSLATABLE.match(code):
            frame.group.append((line.number, code, None))
            return None
        if word == "label":
            return self._labelled(frame, index, code)
        if word == "menu":
            return self._menu(frame, index, code)
        if word == "call" and (match := _FROM.search(code)):
            self._set_label(_full(match, frame.top))
        elif word == "rpy" and (match := _MONOLOGUE.match(code)):
            frame.delimiter = _DELIMITERS[match[1]]
            return None
        if word in _SCRIPT_BLOCKS:
            frame.owed = True
            return self._inner(frame, index)
        self._flush(frame)
        return None

    def _own_statement(self, frame: _Frame, index: int, code: str, custom: Custom) -> _Frame | None:
        if custom.translatable:
            frame.group.append((self._script.lines[index].number, code, None))
            return None
        if custom.script:
            frame.owed = True
            return self._inner(frame, index)
        self._flush(frame)
        return None

    def _custom(self, code: str) -> Custom | None:
        if not self._rules.custom:
            return None
        found: tuple[int, Custom] | None = None
        words = code.split(maxsplit=4)
        for name, custom in self._rules.custom.items():
            own = name.split()
            if words[: len(own)] == own or (
                words[: len(own) - 1] == own[:-1]
                and len(words) >= len(own)
                and words[len(own) - 1].rstrip(":") == own[-1]
            ):
                found = max(found or (0, custom), (len(own), custom), key=lambda pair: pair[0])
        return found[1] if found else None

    def _labelled(self, frame: _Frame, index: int, code: str) -> _Frame | None:
        match = _LABEL.match(code)
        name = _full(match, frame.top) if match else None
        if match is None or name is None:
            return None
        frame.owed = True
        frame.top = name.split(".")[0]
        at = match.end()
        if code.startswith("(", at):
            at = brackets(code, at) or at
        # A hidden label is none for the dialogue; the dialogue in its block keeps the label before it.
        if not _HIDDEN.match(code, at):
            self._set_label(name)
        return self._inner(frame, index)

    def _set_label(self, name: str | None) -> None:
        if name is None:
            return
        if name.startswith("_"):
            self._alternate = name
        else:
            self._label, self._alternate = name, None

    def _menu(self, frame: _Frame, index: int, code: str) -> _Frame:
        match = _LABEL.match(code)
        name = _full(match, frame.top) if match else None
        if name is not None:
            self._flush(frame)
            frame.top = name.split(".")[0]
            self._set_label(name)
        for child in self._children(index):
            line = self._script.lines[child]
            text = self._code(line)
            if first_word(text) not in ("with", "set") and (said := parse_say(text, menu=True)) is not None:
                self._say(frame, line.number, said)
                break
        frame.owed = True
        return self._inner(frame, index, menu=True)

    def _children(self, index: int) -> Iterator[int]:
        block = self._script.block(index)
        at = block.start
        while at < block.stop:
            yield at
            at = self._script.ends[at]

    def _item(self, frame: _Frame, index: int) -> _Frame | None:
        line = self._script.lines[index]
        code = self._code(line)
        match = _ITEM.match(code)
        if match is None:
            return None
        rest = code[match.end() :]
        if rest and not rest.endswith(":"):
            return None
        texts = say_values(match[0].rstrip())
        block = self._script.block(index)
        number = self._script.lines[block.start].number - 1 if block else line.number
        if rest and block.start >= block.stop:
            return None
        if texts and texts[0]:
            self.spoken.add(line.number)
            self.choices.append(Choice(number, texts[0], self._label or ""))
        return self._inner(frame, index) if rest else None

    def _say(self, frame: _Frame, number: int, said: Say) -> None:
        self.spoken.add(number)
        for what in said.whats:
            if what == "{clear}" and len(said.whats) > 1:
                self._flush(frame)
                continue
            frame.group.append((number, said.code(what), said))
            self._create(frame)

    def _create(self, frame: _Frame) -> None:
        group, frame.group = frame.group, []
        spoken = [said for _, _, said in group if said is not None]
        digest = _digest([code for _, code, said in group if said is not None or not self._rules.only_say])
        identifier = self._identifiers.free(self._label, digest)
        given = next((said.identifier for said in reversed(spoken) if said.identifier), None)
        alternate = None
        if self._alternate is not None:
            alternate = self._identifiers.free(self._alternate, digest)
            identifier = given or identifier
        elif given is not None:
            identifier, alternate = given, identifier
        self._identifiers.taken.add(identifier)
        if alternate is not None:
            self._identifiers.taken.add(alternate)
        codes = tuple(code for _, code, _ in group)
        silent = all(code == 'extend ""' for code in codes)
        whos = tuple(said.who for said in spoken)
        self.blocks.append(Block(group[0][0], identifier.replace(".", "_"), alternate, codes, whos, silent))


def _digest(codes: Sequence[str]) -> str:
    checksum = hashlib.md5(usedforsecurity=False)
    for code in codes:
        checksum.update(f"{code}\r\n".encode("utf-8", "surrogatepass"))
    return checksum.hexdigest()[:8]


def _full(match: "regex.Match[str]", top: str | None) -> str | None:
    """The label that a statement names, a local one (`.x`) with the one above it; None where it names none."""
    name, dot, local = match.groups()
    if not dot:
        return name
    above = name or top
    return f"{above}.{local}" if above and local else None


def munged(code: str, prefix: str) -> str:
    """Code with the names that begin with two underscores as the engine makes them each file's own.

    Inside of a string that is `[__name`; `[[__name` is no interpolation, `__name__` no name of the kind.
    """

    def inside(match: "regex.Match[str]") -> str:
        if len(match[1]) % 2 == 0 or "__" in match[2]:
            return match[0]
        return match[1] + prefix + match[2]

    def one(match: "regex.Match[str]") -> str:
        return prefix + match["word"] if match["string"] is None else _MUNGED_INSIDE.sub(inside, match[0])

    return _MUNGED.sub(one, code)


def munge_prefix(name: str) -> str:
    """What the engine puts before such names in a file of this name (without its folder)."""
    stem = name.removesuffix("_ren.py")
    stem = stem.rpartition(".")[0] or stem
    stem = stem.replace(" ", "_")
    return "_m1_" + regex.sub(r"[^a-zA-Z0-9_]", lambda match: hex(ord(match[0])), stem) + "__"


def given_identifiers(script: Script) -> frozenset[str]:
    """The identifiers that say statements name by `id`."""
    if " id " not in script.text:
        return frozenset()
    found: set[str] = set()
    for line in script.lines:
        code = line.code(script.text)
        if " id " in code and first_word(code) not in STATEMENTS and (said := parse_say(code)) and said.identifier:
            found.add(said.identifier)
    return frozenset(found)
