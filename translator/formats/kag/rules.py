"""Which tags of a scenario show text, name who speaks, or end a message: presets, and what a game says of its own.

Presets are tags of KAG 3, its plug-ins and TyranoScript, and names of macros that many games have for the same thing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from translator.core.segment import Role

NAMES = ("nm.t", "nm.name", "name.text", "cn.name", "speaker.name", "talk.name", "set_title.name", "名前.名前",
         "chara_new.jname")  # fmt: skip
CHOICES = ("glink.text", "seladd.text", "mseladd.text", "sel.text", "selbutton.text")
TEXTS = (
    "ch.text", "hch.text", "ptext.text", "mtext.text", "dialog.text", "dialog.label_ok", "dialog.label_cancel",
    "dialog_config_ok.text", "dialog_config_ng.text", "edit.initial", "edit.placeholder", "pushlog.text", "title.name",
    "button.hint", "link.hint", "savesnap.title", "autosave.title", "loading_log.text", "fuki_chara.text",
)  # fmt: skip
BREAKS = (
    "l", "p", "cm", "ct", "er", "s", "jump", "call", "return", "link", "endlink", "glink", "button", "clickable",
    "current", "position", "locate", "macro", "endmacro", "html", "endhtml", "bg", "waitclick", "chara_ptext",
)  # fmt: skip
INLINE = ("r", "ruby", "font", "resetfont", "emb", "graph", "delay", "resetdelay", "configdelay", "nowait", "endnowait",
          "mark", "endmark")  # fmt: skip
PAIRS = ("ns.nse",)
PAGES = ("p", "cm", "ct", "er", "s", "jump", "return")
"""After these a speaker named by a tag or a line no longer speaks."""
ENDS_SCENE = frozenset({"s", "jump", "return"})

SETTINGS = ("names", "choices", "texts", "breaks", "pages", "voices", "inline", "name_pairs")
"""The settings that add to the presets, each a list of `tag.attribute` (or of tags), one a line; `-` takes one away."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the scenarios of a game.

    tyrano: they are TyranoScript. ignore_cr: a line's end in the file is none on the screen. shown: by tag, the
    attributes that are texts, each with its role. breaks: tags that end a message; pages: those after which nobody
    speaks; voices: those after which somebody else does. inline: tags that may end a line amid a message. pairs: by
    the tag before a name, the one after it. people: by a character's id, the name that is shown.
    """

    tyrano: bool = False
    ignore_cr: bool = True
    shown: Mapping[str, Mapping[str, Role]] = field(default_factory=dict[str, Mapping[str, Role]])
    breaks: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    inline: frozenset[str] = frozenset()
    pairs: Mapping[str, str] = field(default_factory=dict[str, str])
    people: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, settings: Mapping[str, str], *, tyrano: bool) -> "Rules":
        """The presets with what `settings` add to them; `dialect` wins over `tyrano`."""
        if "dialect" in settings:
            tyrano = settings["dialect"] == "tyrano"
        shown: dict[str, dict[str, Role]] = {}
        for name, preset, role in (
            ("texts", TEXTS, Role.DESCRIPTION),
            ("choices", CHOICES, Role.CHOICE),
            ("names", NAMES, Role.NAME),
        ):
            for entry in _with(preset, settings.get(name)):
                tag, _, attribute = entry.rpartition(".")
                shown.setdefault(tag, {})[attribute] = role
        pairs = (entry.partition(".") for entry in _with(PAIRS, settings.get("name_pairs")))
        pages = _with(PAGES, settings.get("pages"))
        people = {name[6:]: value for name, value in settings.items() if name.startswith("chara.")}
        return cls(
            tyrano=tyrano,
            ignore_cr=tyrano or settings.get("ignore_cr") != "false",
            shown={tag: dict(names) for tag, names in shown.items() if tag},
            breaks=frozenset((*_with(BREAKS, settings.get("breaks")), *pages)),
            pages=frozenset(pages),
            voices=frozenset(_with((), settings.get("voices"))),
            inline=frozenset(_with(INLINE, settings.get("inline"))),
            pairs={first: last for first, _, last in pairs if first and last},
            people=people,
        )


def _with(preset: Iterable[str], said: str | None) -> list[str]:
    """A preset with the entries of a setting; an entry that starts with `-` is taken out."""
    found = dict.fromkeys(preset)
    for entry in (said or "").lower().split("\n"):
        if entry.startswith("-"):
            found.pop(entry[1:].strip(), None)
        elif entry.strip():
            found[entry.strip()] = None
    return list(found)
