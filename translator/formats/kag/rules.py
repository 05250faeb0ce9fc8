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
    "button.hint", "link.hint", "savesnap.title", "autosave.title", "fuki_chara.text", "input.prompt", "input.title",
    "rclick.name", "text.val", "dialog_config.gotitle", "loading_log.all", "loading_log.preload", "loading_log.save",
    "3d_text_new.text", "3d_text_mod.text", "tb_ptext_show.text",
)  # fmt: skip
BREAKS = (
    "l", "p", "cm", "ct", "er", "s", "jump", "call", "return", "link", "endlink", "glink", "button", "clickable",
    "current", "position", "locate", "macro", "endmacro", "html", "endhtml", "bg", "waitclick", "chara_ptext",
)  # fmt: skip
INLINE = ("r", "ruby", "font", "resetfont", "emb", "graph", "delay", "resetdelay", "configdelay", "nowait", "endnowait",
          "mark", "endmark")  # fmt: skip
WORDS = ("emb", "ch", "hch")
"""Tags that stand for words of the sentence around them."""
KEYWORDS = {"rclick": ("default",), "loading_log": ("default", "none", "notext")}
"""Values of tags that show texts, but mean something to the engine."""
PAIRS = ("ns.nse",)
PAGES = ("p", "cm", "ct", "er", "s", "jump", "return")
"""After these a speaker named by a tag or a line no longer speaks."""
ENDS_SCENE = frozenset({"s", "jump", "return"})

DOTTED = ("names", "choices", "texts", "name_pairs")
SETTINGS = (*DOTTED, "breaks", "pages", "voices", "inline", "words")
"""The settings that add to the presets, each a list of tags, one a line; the dotted ones are lists of `tag.attribute`
(`tag.tag` around a name). `-` takes one away."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the scenarios of a game.

    tyrano: they are TyranoScript. ignore_cr: a line's end in the file is none on the screen. shown: by tag, the
    attributes that are texts, each with its role. breaks: tags that end a message; pages: those after which nobody
    speaks; voices: those after which somebody else does. inline: tags that may end a line amid a message; words: those
    that stand for words of it. pairs: by the tag before a name, the one after it. people: by a character's id, the name
    that is shown, "" where nobody can tell.
    """

    tyrano: bool = False
    ignore_cr: bool = True
    shown: Mapping[str, Mapping[str, Role]] = field(default_factory=dict[str, Mapping[str, Role]])
    breaks: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    inline: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
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
            words=frozenset(_with(WORDS, settings.get("words"))),
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
