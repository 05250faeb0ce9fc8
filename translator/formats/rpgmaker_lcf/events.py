r"""The texts of event pages, common events and battle events.

What the engine does with each command is seen in EasyRPG Player's `Game_Interpreter`: a message (10110) goes on in the
20110 that follow at once; the options of a choice are the strings of its 20140 at the indent behind it, that of 10140
(all options, parted by `/`) is for the editor only; a choice or a number shares the box of the message right before it
where both fit into four lines; a face (10130) stays until the next one.

Keys count the commands of one kind in a list (the third message, the second choice): lines that a translation adds to
a message move nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from translator.core.collecting import SINGLE, About
from translator.core.segment import Limits, Role
from translator.formats.rpgmaker_lcf import commands as codes
from translator.formats.rpgmaker_lcf.collector import NAME, Block, Choice, Collector, Spot
from translator.formats.rpgmaker_lcf.commands import Command, parameters
from translator.formats.rpgmaker_lcf.facts import LINES, GameFacts
from translator.formats.rpgmaker_lcf.tree import CommandList

_HERO, _HERO_HAS_NAME = 5, 1
_MOST_OPTIONS = 4
_MARK, _ENDS = b"\x01", (b"\x01", b"\x02", b"\x03")


class EventList:
    """Takes the texts of one list of commands."""

    def __init__(self, collector: Collector, facts: GameFacts, where: CommandList) -> None:
        self._collector = collector
        self._blob = collector.blob
        self._facts = facts
        self._where = where
        self._counts: Counter[str] = Counter()
        self._face = False
        self._face_note: tuple[str, ...] = ()
        self._commands: Sequence[Command] = ()
        self._choices: dict[int, tuple[str, Choice]] = {}
        self._options: dict[int, list[Command]] = {}

    def take(self, commands: Sequence[Command]) -> None:
        """Take the texts of the commands, in their order."""
        self._commands = commands
        self._find_options()
        index = 0
        while index < len(commands):
            handler = self.handlers.get(commands[index].code)
            index = handler(self, index) if handler else index + 1

    def _next(self, kind: str) -> str:
        """The key of the next command of a kind."""
        self._counts[kind] += 1
        return f"{self._where.path}/{kind}/{self._counts[kind]}"

    def _about(self, role: Role, limits: Limits, binding: str | None = None) -> About:
        return About(role, scene=self._where.path, limits=limits, binding=binding)

    def _spot(self, command: Command) -> Spot:
        return Spot(command.text_at, command.start, command.end, self._where.size)

    def _message(self, index: int) -> int:
        """10110 and its 20110 lines, or lines without a head, which the engine passes over."""
        following = index + 1
        while following < len(self._commands) and self._commands[following].code == codes.MESSAGE_LINE:
            following += 1
        run = self._commands[index:following]
        block = Block(tuple(run), self._where.size)
        key = self._next("message")
        text = self._collector.block_text(key, block)
        if text is not None:
            limits = self._facts.message(
                face=self._face, below=self._below(following, len(run)), splits=run[0].code == codes.MESSAGE
            )
            about = About(
                Role.DIALOGUE,
                scene=self._where.path,
                speaker=self._facts.speaker(text),
                notes=self._face_note + self._facts.actors.notes(text),
                limits=limits,
            )
            self._collector.add_block(key, text, block, about)
        return following

    def _below(self, index: int, lines: int) -> int:
        """How many lines of a message's box are taken by what comes right after it."""
        following = self._commands[index] if index < len(self._commands) else None
        if following is None:
            return 0
        if following.code == codes.NUMBER_INPUT:
            return 1 if lines < LINES else 0
        if following.code == codes.CHOICE:
            options = len(self._options[index])
            return options if lines + options <= LINES else 0
        return 0

    def _find_options(self) -> None:
        """The options of each choice: those at its indent before its end."""
        opened: dict[int, list[Command]] = {}
        for index, command in enumerate(self._commands):
            if command.code == codes.CHOICE:
                opened[command.indent] = self._options[index] = []
            elif command.code == codes.CHOICE_END:
                opened.pop(command.indent, None)
            elif command.code == codes.OPTION and command.indent in opened and self._number(command) < _MOST_OPTIONS:
                opened[command.indent].append(command)

    def _number(self, command: Command) -> int:
        return next(iter(parameters(self._blob, command, 1)), _MOST_OPTIONS)

    def _choice(self, index: int) -> int:
        """10140: a new choice; its string repeats the options for the editor."""
        command = self._commands[index]
        options = [self._spot(option) for option in self._options[index]]
        self._choices[command.indent] = (self._next("choice"), Choice(self._spot(command), tuple(options)))
        return index + 1

    def _option(self, index: int) -> int:
        """20140: one option, which the engine shows, and the branch behind it. Of four on it is that for cancelling."""
        command = self._commands[index]
        key, choice = self._choices.get(command.indent, ("", None))
        number = self._number(command)
        if choice is None:
            key = self._next("option")
        elif number < _MOST_OPTIONS:
            key = f"{key}/{number + 1}"
        else:
            return index + 1
        about = self._about(Role.CHOICE, self._facts.choice(face=self._face))
        self._collector.add(key, self._spot(command), about, choice)
        return index + 1

    def _choice_end(self, index: int) -> int:
        self._choices.pop(self._commands[index].indent, None)
        return index + 1

    def _set_face(self, index: int) -> int:
        """10130: the face beside the messages from here on; no name takes it away."""
        command = self._commands[index]
        self._face = command.end > command.start
        name = self._collector.decoded(command.start, command.end) if self._face else None
        number = next(iter(parameters(self._blob, command, 1)), 0)
        self._face_note = (f"face: {name} {number}",) if name else ()
        return index + 1

    def _hero_name(self, index: int) -> int:
        self._collector.add(self._next("name"), self._spot(self._commands[index]), self._about(Role.NAME, SINGLE, NAME))
        return index + 1

    def _hero_title(self, index: int) -> int:
        self._collector.add(self._next("title"), self._spot(self._commands[index]), self._about(Role.NAME, SINGLE))
        return index + 1

    def _condition(self, index: int) -> int:
        """12010: a comparison with a hero's name changes with that name, and only a name that a hero can have."""
        command = self._commands[index]
        key = self._next("condition")
        if parameters(self._blob, command, 3)[::2] == [_HERO, _HERO_HAS_NAME]:
            name = self._collector.decoded(command.start, command.end)
            if name in self._facts.actors.names:
                self._collector.add(key, self._spot(command), self._about(Role.NAME, SINGLE, NAME))
        return index + 1

    def _string_picture(self, index: int) -> int:
        """3007 of the Maniac Patch: a text that is drawn as a picture; it stands between marks before others."""
        command = self._commands[index]
        raw = self._blob[command.start : command.end]
        key = self._next("picture-text")
        if raw.startswith(_MARK):
            end = min((at for mark in _ENDS if (at := raw.find(mark, 1)) > 0), default=len(raw))
            inside = (command.start + 1, command.start + end)
            spot = Spot(command.text_at, command.start, command.end, self._where.size, inside)
            self._collector.add(key, spot, self._about(Role.NARRATION, Limits()))
        return index + 1

    handlers: ClassVar[Mapping[int, Callable[..., int]]] = {
        codes.MESSAGE: _message,
        codes.MESSAGE_LINE: _message,
        codes.FACE: _set_face,
        codes.CHOICE: _choice,
        codes.OPTION: _option,
        codes.CHOICE_END: _choice_end,
        codes.HERO_NAME: _hero_name,
        codes.HERO_TITLE: _hero_title,
        codes.CONDITION: _condition,
        codes.STRING_PICTURE: _string_picture,
    }
    """What takes the text of a command, by its code: from the command's index to that of the next."""
