"""The options of the commands, each described once.

From this table come the command line's options, the environment variables, the keys of the configuration files, the
help texts and docs/cli.md, so that they cannot differ.
"""

from dataclasses import dataclass
from enum import StrEnum

TRUE = ("1", "true", "yes", "on")
"""How an environment variable says yes, in any case of letters."""


class Type(StrEnum):
    """What an option's value is. COUNT: a whole number; SLOTS: a whole number or `auto`; PATHS and WORDS repeat."""

    TEXT = "text"
    CHOICE = "choice"
    LANGUAGE = "language"
    COUNT = "count"
    SLOTS = "slots"
    FLAG = "flag"
    PATH = "path"
    PATHS = "paths"
    WORDS = "words"

    @property
    def repeats(self) -> bool:
        """Whether the option may be given several times."""
        return self in (Type.PATHS, Type.WORDS)


class Panel(StrEnum):
    """The headings under which `--help` lists options, in this order."""

    LANGUAGE = "Model and languages"
    INPUT = "What is read"
    OUTPUT = "Where the result goes"
    RUN = "How the job runs"
    TEXT = "Layout of texts"
    SAY = "What is said"


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    name: its key in configuration files; `--name` with hyphens on the command line, TRANSLATE_NAME in the
    environment. short: the one-letter form, with its hyphen. least: the smallest COUNT or SLOTS. choices: the values of
    a CHOICE. default: how the help text names the value that holds when nothing is given. negative: a FLAG has a
    `--no-name` form too. separator: what parts the values of a repeatable option in its environment variable.
    project: whether a `translate.toml` beside the input may set it.
    """

    name: str
    type: Type
    panel: Panel
    help: str
    short: str | None = None
    metavar: str | None = None
    least: int = 0
    choices: tuple[str, ...] = ()
    default: str = ""
    negative: bool = False
    separator: str = ","
    project: bool = True

    @property
    def flag(self) -> str:
        """The option as it is written on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "TRANSLATE_" + self.name.upper()


_ALL = (
    Option(
        "model",
        Type.TEXT,
        Panel.LANGUAGE,
        "The model that translates: a name on the server, a family such as 'sakura' (the best installed one is taken), "
        "or a GGUF file for the embedded backend.",
        short="-m",
        metavar="NAME",
        default="sakura",
    ),
    Option(
        "from",
        Type.LANGUAGE,
        Panel.LANGUAGE,
        "The language of the input, for example ja.",
        short="-f",
        metavar="LANG",
        default="the profile's",
    ),
    Option(
        "to",
        Type.LANGUAGE,
        Panel.LANGUAGE,
        "The language to translate into, for example zh-CN, zh-TW or en.",
        short="-t",
        metavar="LANG",
        default="the profile's",
    ),
    Option(
        "backend",
        Type.CHOICE,
        Panel.LANGUAGE,
        "What is asked: ollama, openai (any server that speaks its protocol), embedded (a model inside this program) "
        "or pseudo (no model: it marks each text, to show what is caught and what overflows).",
        short="-b",
        metavar="KIND",
        choices=("ollama", "openai", "embedded", "pseudo"),
        default="ollama",
    ),
    Option(
        "host",
        Type.WORDS,
        Panel.LANGUAGE,
        "The server's address; repeat it to spread the work over several servers. KIND+ before it says what kind it "
        "is, where that is not the backend's (openai+http://gpu2:8080; a path with /v1 says openai, too), and #MODEL "
        "behind it what it calls the model.",
        short="-H",
        metavar="[KIND+]URL[#MODEL]",
        default="OLLAMA_HOST or OPENAI_BASE_URL, else this machine",
    ),
    Option(
        "profile",
        Type.TEXT,
        Panel.LANGUAGE,
        "How the model is asked ('translate profiles' lists the ways).",
        short="-p",
        metavar="ID",
        default="by the model's name",
    ),
    Option(
        "fallback_model",
        Type.TEXT,
        Panel.LANGUAGE,
        "A second model, asked for the texts that the first one cannot do. It may be given later, for what has failed.",
        metavar="NAME",
        default="none: such texts keep their source",
    ),
    Option(
        "fallback_host",
        Type.TEXT,
        Panel.LANGUAGE,
        "Where the second model is, written as --host is.",
        metavar="[KIND+]URL[#MODEL]",
        default="the same servers",
    ),
    Option(
        "glossary",
        Type.PATHS,
        Panel.LANGUAGE,
        "A file of terms and their translations (CSV, TSV, JSON or PO); repeatable, later files win.",
        short="-g",
        metavar="FILE",
        separator="",
    ),
    Option(
        "kind",
        Type.CHOICE,
        Panel.INPUT,
        "What the input is: game, novel, subtitle or exchange.",
        metavar="KIND",
        choices=("game", "novel", "subtitle", "exchange"),
        default="found out",
    ),
    Option(
        "engine",
        Type.TEXT,
        Panel.INPUT,
        "The game's engine ('translate games' lists them).",
        metavar="ID",
        default="found out",
    ),
    Option(
        "include",
        Type.WORDS,
        Panel.INPUT,
        "Translate only files whose path in the input matches this pattern; repeatable.",
        metavar="GLOB",
    ),
    Option(
        "exclude",
        Type.WORDS,
        Panel.INPUT,
        "Leave out files whose path in the input matches this pattern; repeatable.",
        metavar="GLOB",
    ),
    Option(
        "charset",
        Type.TEXT,
        Panel.INPUT,
        "How the files are encoded, for example cp932.",
        metavar="NAME",
        default="found out",
    ),
    Option(
        "ruby",
        Type.CHOICE,
        Panel.INPUT,
        "What becomes of the readings above characters: drop them; keep them, also in the translation; or parens, the "
        "reading in brackets behind its word.",
        metavar="HOW",
        choices=("drop", "keep", "parens"),
        default="drop",
    ),
    Option(
        "join",
        Type.FLAG,
        Panel.INPUT,
        "Translate a sentence that is cut over several subtitles as one, and part the translation again.",
        negative=True,
    ),
    Option(
        "out",
        Type.PATH,
        Panel.OUTPUT,
        "The folder for the result; for a single input file also the file.",
        short="-o",
        metavar="DIR",
        default="beside the input, with the language in its name",
    ),
    Option(
        "in_place",
        Type.FLAG,
        Panel.OUTPUT,
        "Change the input itself. A dated backup is kept, and you are asked first.",
        negative=True,
    ),
    Option(
        "copy",
        Type.FLAG,
        Panel.OUTPUT,
        "Make a whole, playable copy instead of a patch with only the changed files.",
        negative=True,
    ),
    Option(
        "force",
        Type.FLAG,
        Panel.OUTPUT,
        "Write over an output that this program did not make.",
        negative=True,
        project=False,
    ),
    Option(
        "output_charset",
        Type.TEXT,
        Panel.OUTPUT,
        "How the result is encoded.",
        metavar="NAME",
        default="as the input, or UTF-8 where that has no place for the language",
    ),
    Option(
        "bilingual",
        Type.CHOICE,
        Panel.OUTPUT,
        "Leave the original beside each translation: above it, below it, or at its side.",
        metavar="WHERE",
        choices=("above", "below", "side"),
        default="the translation alone",
    ),
    Option(
        "horizontal",
        Type.FLAG,
        Panel.OUTPUT,
        "Turn a book in vertical writing into horizontal writing.",
        negative=True,
    ),
    Option(
        "check",
        Type.WORDS,
        Panel.RUN,
        "How bad it is what a check finds ('translate checks' lists them): error (asked again, in the end not used), "
        "warning (used and listed), info (noted) or off. Repeatable: --check glossary=warning.",
        metavar="CODE=LEVEL",
        default="the profile's, else the check's",
    ),
    Option(
        "limit",
        Type.COUNT,
        Panel.RUN,
        "Ask for at most this many texts and leave the others for the next run.",
        short="-n",
        metavar="N",
        least=1,
    ),
    Option(
        "names_only",
        Type.FLAG,
        Panel.RUN,
        "Translate only the names and terms (people, items, skills, places, menus) and write nothing yet: 'translate "
        "glossary names' shows them and lets you correct them before the texts that mention them are asked.",
        project=False,
    ),
    Option("dry_run", Type.FLAG, Panel.RUN, "Read and plan, but ask nothing and write nothing."),
    Option(
        "refresh",
        Type.FLAG,
        Panel.RUN,
        "Do not go on with the job's first model, profile and settings; use those of now.",
        negative=True,
    ),
    Option(
        "parallel",
        Type.SLOTS,
        Panel.RUN,
        "How many requests are in flight at once at each server.",
        short="-j",
        metavar="N|auto",
        least=1,
        default="auto: as many as the server is seen to run",
    ),
    Option(
        "num_ctx",
        Type.COUNT,
        Panel.RUN,
        "The context window in tokens.",
        metavar="N",
        least=256,
        default="the profile's",
    ),
    Option(
        "db",
        Type.PATH,
        Panel.RUN,
        "The file that remembers jobs and translations.",
        metavar="FILE",
        default="one per user",
    ),
    Option(
        "width",
        Type.COUNT,
        Panel.TEXT,
        "The width of a message line in half-width columns (a full-width character counts 2).",
        metavar="N",
        least=8,
        default="the game's",
    ),
    Option(
        "split",
        Type.FLAG,
        Panel.TEXT,
        "A message that does not fit its window goes on in another message.",
        negative=True,
    ),
    Option(
        "keep_locale",
        Type.FLAG,
        Panel.TEXT,
        "Leave the game's locale, by which the engine picks its font, as it is.",
        negative=True,
    ),
    Option(
        "font",
        Type.PATH,
        Panel.TEXT,
        "A font file with the target language's characters, for engines that bring their own fonts (Ren'Py).",
        metavar="FILE",
        default="the game's",
    ),
    Option("json", Type.FLAG, Panel.SAY, "Print the result as JSON; all else goes to standard error."),
    Option("yes", Type.FLAG, Panel.SAY, "Answer every question with yes.", short="-y", project=False),
    Option("quiet", Type.FLAG, Panel.SAY, "Say only the result, warnings and errors.", short="-q"),
    Option("debug", Type.FLAG, Panel.SAY, "Show where in the program an error arose."),
)
OPTIONS = {option.name: option for option in _ALL}
"""Every option by its name, in the order in which help lists them."""

SAYING = ("json", "quiet", "debug")
LOOKING = ("json", "debug")
SERVER = ("model", "backend", "host", "profile", "parallel", "num_ctx")
_COMMON = (
    "model", "from", "to", "backend", "host", "profile", "fallback_model", "fallback_host", "glossary",
    "engine", "include", "exclude",
    "out", "in_place", "copy", "force",
    "check", "limit", "dry_run", "refresh", "parallel", "num_ctx", "db",
    "width", "split",
    "json", "yes", "quiet", "debug",
)  # fmt: skip
GAME = (*_COMMON, "names_only", "keep_locale", "font", "charset", "output_charset")
TEXTS = (*_COMMON, "charset", "output_charset")
NOVEL = (*TEXTS, "ruby", "bilingual", "horizontal")
SUBTITLE = (*TEXTS, "join")
_WORK = (
    "model", "from", "to", "backend", "profile", "kind", "engine", "include", "exclude", "charset",
    "ruby", "join", "db",
)  # fmt: skip
EXTRACT = (*_WORK, "force", *SAYING)
APPLY = (*_WORK, *SAYING)
SCAN = (
    "model", "from", "to", "backend", "host", "profile", "glossary",
    "kind", "engine", "include", "exclude", "charset",
    "ruby", "join", "parallel", "num_ctx", "db", "width", "split", "keep_locale", "font",
    *SAYING,
)  # fmt: skip


def ordered(names: tuple[str, ...]) -> tuple[Option, ...]:
    """The options of these names in the order of the table."""
    return tuple(option for option in OPTIONS.values() if option.name in names)
