"""A model family: how it is asked, with which sampling, how much at once, and what it is good for."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import regex

from translator.core.backend import Sampling
from translator.core.finding import Severity
from translator.core.segment import Role


class Style(StrEnum):
    """How texts are laid out in a request and its answer.

    LINES: one text a line, the answer likewise. JSON: numbered texts, the answer held to a JSON schema where the
    server can do that, else numbered lines. COMPLETION: no chat; the model goes on with a prompt made of examples.
    """

    LINES = "lines"
    JSON = "json"
    COMPLETION = "completion"


class ContextPolicy(StrEnum):
    """What a request shows of the batches before it in its scene.

    SOURCE: their sources, inside the user message. ASSISTANT: their translations, as an assistant message. PAIR: each
    of them as it was asked for and answered, a user and an assistant message. HISTORY: their translations, inside the
    user message.
    """

    NONE = "none"
    SOURCE = "source"
    ASSISTANT = "assistant"
    PAIR = "pair"
    HISTORY = "history"

    @property
    def waits(self) -> bool:
        """Whether a batch can be asked only when the one before it in its scene has its translations."""
        return self in {ContextPolicy.ASSISTANT, ContextPolicy.PAIR, ContextPolicy.HISTORY}


class After(StrEnum):
    """What a step of the retry ladder is for.

    LOOP: an answer that looped. ANY: one that failed in another way; or that looped, where no step is for loops.
    """

    LOOP = "loop"
    ANY = "any"


class CodeStyle(StrEnum):
    """What the model sees of a markup code inside a text: the code itself, a short stand-in, or nothing.

    APART: what stands between two codes is sent on its own, so that no code is ever lost, at the cost of sentences
    that are torn; for models that cannot copy codes. A code that stands for a word is still sent, as it is, or under
    APART_STANDIN as a stand-in.
    """

    KEEP = "keep"
    STANDIN = "standin"
    APART = "apart"
    APART_STANDIN = "apart-standin"

    @property
    def apart(self) -> bool:
        """Whether what stands between codes is sent on its own."""
        return self is CodeStyle.APART or self is CodeStyle.APART_STANDIN

    @property
    def standins(self) -> bool:
        """Whether the codes that are sent are sent as stand-ins."""
        return self is CodeStyle.STANDIN or self is CodeStyle.APART_STANDIN


class WordForm(StrEnum):
    """How a single word is sent: an item's name, a menu's entry.

    PLAIN: as it is. QUOTES: as somebody's speech, `「勇者の剣」`, the quotation marks taken off the answer again.
    DESCRIBED: with the first of its notes on a line of its own after it, of which the answer is not used; a word
    without notes is sent as it is.
    """

    PLAIN = "plain"
    QUOTES = "quotes"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A `regex` pattern for model names (searched, letters' case ignored); the highest priority that matches wins."""

    pattern: str
    priority: int

    def matches(self, name: str) -> bool:
        """Whether a model of this name is meant."""
        return regex.search(self.pattern, name, regex.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Pairs:
    """The languages that a profile can do, as codes.

    pairs: (source, target), the default first; empty: any pair, `default` first. convert: target → (the target that
    the model is asked for, the OpenCC configuration that turns it into the target).
    """

    default: tuple[str, str]
    pairs: tuple[tuple[str, str], ...] = ()
    convert: tuple[tuple[str, str, str], ...] = ()

    def supports(self, source: str, target: str) -> bool:
        """Whether the pair can be done, by the model alone or with a conversion after it."""
        if not self.pairs:
            return source != target
        return (source, self.asked(target)) in self.pairs

    def asked(self, target: str) -> str:
        """The language that the model itself is asked for to get `target`."""
        return next((asked for wanted, asked, _ in self.convert if wanted == target), target)

    def conversion(self, target: str) -> str | None:
        """The OpenCC configuration (`s2twp`) that makes `target` of the model's answer; None: none is needed."""
        return next((name for wanted, _, name in self.convert if wanted == target), None)


@dataclass(frozen=True, slots=True)
class Templates:
    """The texts of a request, with placeholders in braces; what is no known placeholder stays as it is.

    system ("": no system message), user (with no glossary entry), user_with_glossary ("": the model takes none):
    `{text} {glossary} {history} {history_hint} {speakers} {examples} {answer} {count} {source} {target}`, the
    languages by their English names. history: what `{history}` becomes when there is context, with `{context}`;
    history_hint likewise. speakers: likewise where lines have speakers that stand nowhere else, with `{list}`.
    glossary_line, glossary_line_with_note: `{src} {dst} {note} {source} {target}`. example: `{src} {dst} {source}
    {target}`. speaker: how a line is sent that somebody says, `{speaker} {text}` ("": without its speaker).
    newline: how a line break inside one text is spelled ("": each of its lines is a line of the request).
    answer, lined_answer: what `{answer}` becomes where the server holds the answer to a schema, and where not.
    """

    system: str = ""
    user: str = "{text}"
    user_with_glossary: str = ""
    history: str = ""
    history_hint: str = ""
    glossary_line: str = "{src}->{dst}"
    glossary_line_with_note: str = "{src}->{dst} #{note}"
    example: str = ""
    speakers: str = ""
    speaker: str = ""
    newline: str = ""
    answer: str = ""
    lined_answer: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence in several languages, (code, text) each: few-shot examples for models that only complete."""

    texts: tuple[tuple[str, str], ...]

    def in_language(self, code: str) -> str | None:
        """The sentence in a language, None where it is not written."""
        return next((text for known, text in self.texts if known == code), None)


@dataclass(frozen=True, slots=True)
class Context:
    """What a request shows of the batches before it in its scene, at most `tokens` of them by the estimate."""

    policy: ContextPolicy = ContextPolicy.NONE
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Retry:
    """A step of the retry ladder: this sampling, after a failure of this kind."""

    sampling: Sampling
    after: After = After.ANY


@dataclass(frozen=True, slots=True)
class Budget:
    """How much goes into one request, and how long its answer may be.

    characters, lines, tokens: of the sources in one request. line_characters: a longer text is split at sentence
    ends. num_ctx: the context window (tokens) of one slot. answer_*: see `max_tokens`. thought: tokens on top for a
    model that thinks aloud.
    """

    characters: int = 500
    lines: int = 10
    tokens: int = 384
    line_characters: int = 300
    num_ctx: int = 2048
    answer_per_character: float = 1.7
    answer_per_line: int = 0
    answer_least: int = 100
    answer_most: int = 1024
    thought: int = 0

    def max_tokens(self, characters: int, lines: int = 1) -> int:
        """The answer's limit (tokens) for sources of so many characters in so many lines."""
        wanted = math.ceil(self.answer_per_character * characters) + self.answer_per_line * lines
        return min(max(wanted, self.answer_least), self.answer_most) + self.thought


@dataclass(frozen=True, slots=True)
class Runs:
    """How many times a sign may come in a row in what is sent; 0: as often as it stands there.

    laughter: the syllables of laughter (ハハハ, ふふふ, クスクス). cries: any other sound or letter (あああ, んんん).
    pieces: any other one to four kana that repeat, with or without a sign between (はぁはぁ, あん、あん, ドキドキ).
    dashes: ――, and the mark that draws a vowel out (ーー). ellipses: ……. waves: ～～. stops: っっ. marks: ！！, ♥♥.
    """

    laughter: int = 0
    cries: int = 0
    pieces: int = 0
    dashes: int = 0
    ellipses: int = 0
    waves: int = 0
    stops: int = 0
    marks: int = 0


@dataclass(frozen=True, slots=True)
class Normalisation:
    """What is made easier for the model before sending and put back after.

    digits: full-width digits are sent as half-width ones. runs: what is repeated for long is sent less often.
    """

    digits: bool = False
    runs: Runs = field(default_factory=Runs)


@dataclass(frozen=True, slots=True)
class Words:
    """Which texts are single words, and how they are asked for.

    A word is a text of one line and one of `roles`, at most `characters` long without its markup, and without a
    sentence's punctuation; 0 characters: no text is. form: how it is sent. group: at most so many words go into one
    request, and no other text with them; 0: words are planned like any text.
    """

    roles: tuple[Role, ...] = (Role.NAME, Role.TERM, Role.CHOICE)
    characters: int = 0
    form: WordForm = WordForm.PLAIN
    group: int = 0


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """What `model import` gives the server: its template (Go syntax, as Ollama takes it), system text and options."""

    template: str = ""
    system: str = ""
    parameters: tuple[tuple[str, str | int | float | tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Profile:
    """A model family.

    version: counts the author's changes; fingerprint: names the file's content, so that recipes change with it.
    aliases: short names for the family (`--model sakura`); rank: among the profiles of one alias, the higher is
    preferred. structured: whether a JSON schema is sent where the server can follow it. think: as in Request.
    standin: how a stand-in for a code is spelled, with {} for its number.
    severities: by the code of a check, what its findings are in this profile; None: the check is off.
    notice: a sentence for what is published with the output, "" where the model's licence asks for none.
    toml: the text of its file, so that a job can keep it.
    """

    id: str
    title: str
    version: int
    fingerprint: str
    style: Style
    languages: Pairs
    sampling: Sampling
    templates: Templates = field(default_factory=Templates)
    context: Context = field(default_factory=Context)
    budget: Budget = field(default_factory=Budget)
    retries: tuple[Retry, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    aliases: tuple[str, ...] = ()
    rank: int = 0
    codes: CodeStyle = CodeStyle.KEEP
    standin: str = "⟦{}⟧"
    structured: bool = False
    think: bool | None = None
    stop: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    normalise: Normalisation = field(default_factory=Normalisation)
    words: Words = field(default_factory=Words)
    server: ServerSetup = field(default_factory=ServerSetup)
    severities: tuple[tuple[str, Severity | None], ...] = ()
    notice: str = ""
    toml: str = field(default="", repr=False, compare=False)

    def supports(self, source: str, target: str) -> bool:
        """Whether the pair of language codes can be done."""
        return self.languages.supports(source, target)

    def priority(self, model: str) -> int | None:
        """The highest priority of the patterns that match a model's name; None: none does."""
        return max((p.priority for p in self.patterns if p.matches(model)), default=None)

    @cached_property
    def severity_by_check(self) -> dict[str, Severity | None]:
        """`severities` as a mapping."""
        return dict(self.severities)

    @property
    def takes_glossary(self) -> bool:
        """Whether glossary entries reach the model."""
        return bool(self.templates.user_with_glossary)

    def retry_ladder(self, *, looped: bool) -> tuple[Sampling, ...]:
        """The samplings to ask again with, in order, after answers that looped or that failed in another way."""
        loops = tuple(retry.sampling for retry in self.retries if retry.after is After.LOOP)
        return loops if looped and loops else tuple(r.sampling for r in self.retries if r.after is After.ANY)
