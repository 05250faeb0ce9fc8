"""From prepared units to the request that asks for them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import regex

from translator.core.backend import Message, Request, Sampling
from translator.core.languages import LANGUAGES
from translator.core.work import GlossaryEntry
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, tokens
from translator.engine.prepare import Prepared
from translator.engine.turns import Turn
from translator.profiles.profile import ContextPolicy, Example, Style

_PLACEHOLDER = regex.compile(
    r"\{(text|glossary|history|history_hint|speakers|examples|answer|count|source|target|context|list|src|dst|note)\}"
)


def build(
    desk: Desk,
    prepared: Sequence[Prepared],
    *,
    context: Sequence[Turn] = (),
    sampling: Sampling,
) -> Request:
    """The request for some units: what stays the same from one to the next stands first.

    context: the texts before them in their scene, the nearest last, all of them shown as the profile's policy has it.
    """
    profile = desk.profile
    lines = [line for ready in prepared for line in ready.lines]
    characters = sum(map(len, lines))
    prompt: str | None = None
    messages: tuple[Message, ...] = ()
    if profile.style is Style.COMPLETION:
        prompt = _user(desk, prepared, lines, "")
    else:
        messages = tuple(_messages(desk, prepared, lines, context))
    return Request(
        model=desk.model,
        messages=messages,
        prompt=prompt,
        sampling=sampling,
        max_tokens=profile.budget.max_tokens(characters, len(lines)),
        num_ctx=desk.num_ctx,
        stop=profile.stop,
        schema=_schema(len(lines)) if desk.json else None,
        think=profile.think,
    )


def history_tokens(desk: Desk, turn: Turn) -> int:
    """About how many tokens a turn takes as context, by the estimate's own rates; 0: there is nothing to show."""
    shown = _history(desk, turn)
    return 0 if shown is None else sum(tokens(text) + round(DEFAULT.turn) for text in shown if text)


def _history(desk: Desk, turn: Turn) -> tuple[str, str] | None:
    """What the policy shows of a turn: the user's part and the answer, "" for a part that it does not show."""
    policy = desk.profile.context.policy
    if policy is ContextPolicy.SOURCE:
        lines = [line for ready in turn.asked for line in ready.lines]
        return ("\n".join(lines), "") if lines else None
    told = [(ready, lines) for ready, lines in zip(turn.asked, turn.answered, strict=True) if lines is not None]
    answered = [line for _, lines in told for line in lines]
    if not answered or policy is ContextPolicy.NONE:
        return None
    if policy is not ContextPolicy.PAIR:
        return "", "\n".join(answered)
    asked = [ready for ready, _ in told]
    return _user(desk, asked, [line for ready in asked for line in ready.lines], ""), _answered(desk, answered)


def _answered(desk: Desk, lines: Sequence[str]) -> str:
    """Lines as an answer that was laid out as it was asked for."""
    if desk.json:
        texts = [{"id": number, "text": line} for number, line in enumerate(lines, 1)]
        return json.dumps({"translations": texts}, ensure_ascii=False)
    if desk.profile.style is Style.JSON:
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return "\n".join(lines)


def _messages(
    desk: Desk, prepared: Sequence[Prepared], lines: Sequence[str], context: Sequence[Turn]
) -> Iterable[Message]:
    templates = desk.profile.templates
    policy = desk.profile.context.policy
    if templates.system:
        yield Message("system", _system(templates.system, _answer(desk), *_names(desk)))
    before = [shown for turn in context if (shown := _history(desk, turn)) is not None]
    told = ""
    if policy is ContextPolicy.PAIR:
        for asked, answered in before:
            yield Message("user", asked)
            yield Message("assistant", answered)
    elif policy is ContextPolicy.ASSISTANT:
        if before:
            yield Message("assistant", "\n".join(answered for _, answered in before))
    else:
        told = "\n".join(asked or answered for asked, answered in before)
    yield Message("user", _user(desk, prepared, lines, told))


def _user(desk: Desk, prepared: Sequence[Prepared], lines: Sequence[str], history: str) -> str:
    """The user message, or the whole prompt of a completion; history: what it tells of the texts before."""
    profile, templates = desk.profile, desk.profile.templates
    glossary = _glossary(desk, prepared) if profile.takes_glossary else []
    names = _languages(desk)
    joint = "" if profile.style is Style.COMPLETION else "\n"
    return _fill(
        templates.user_with_glossary if glossary else templates.user,
        {
            "text": _text(desk, prepared, lines),
            "glossary": joint.join(glossary),
            "history": _fill(templates.history, {"context": history, **names}) if history else "",
            "history_hint": templates.history_hint if history else "",
            "speakers": _speakers(desk, prepared),
            "examples": _examples(profile.examples, templates.example, *_names(desk)) if profile.examples else "",
            "answer": _answer(desk),
            "count": str(len(lines)),
            **names,
        },
    )


def _answer(desk: Desk) -> str:
    return desk.profile.templates.answer if desk.json else desk.profile.templates.lined_answer


def _text(desk: Desk, prepared: Sequence[Prepared], lines: Sequence[str]) -> str:
    """The lines as the style lays them out."""
    if desk.profile.style is not Style.JSON:
        return "\n".join(lines)
    if not desk.json:
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    speakers = [ready.unit.speaker for ready in prepared for _ in ready.lines]
    texts: list[dict[str, str | int]] = []
    for number, (line, speaker) in enumerate(zip(lines, speakers, strict=True), 1):
        said: dict[str, str | int] = {"speaker": speaker} if speaker else {}
        texts.append({"id": number, **said, "text": line})
    return json.dumps(texts, ensure_ascii=False)


def _speakers(desk: Desk, prepared: Sequence[Prepared]) -> str:
    """Who says which numbered line, where that cannot stand in the lines themselves."""
    template = desk.profile.templates.speakers
    if not template or desk.json:
        return ""
    speakers = [ready.unit.speaker for ready in prepared for _ in ready.lines]
    said = [f"{number} {speaker}" for number, speaker in enumerate(speakers, 1) if speaker]
    return _fill(template, {"list": ", ".join(said)}) if said else ""


def _glossary(desk: Desk, prepared: Sequence[Prepared]) -> list[str]:
    """The glossary entries of all units, each once, in the order of their terms."""
    entries = {entry for ready in prepared for entry in ready.unit.glossary}
    terms = {term for entry in entries for term in _terms(entry, prepared)}
    templates = desk.profile.templates
    names = _languages(desk)
    return [
        _fill(
            templates.glossary_line_with_note if note else templates.glossary_line,
            {"src": src, "dst": dst, "note": note, **names},
        )
        for src, dst, note in sorted(terms)
    ]


def _terms(entry: GlossaryEntry, prepared: Sequence[Prepared]) -> Iterable[tuple[str, str, str]]:
    """An entry as term, translation and note; for a pattern what it stands for in the units that it applies to."""
    dst, note = _one_line(entry.dst.split("|")[0]), _one_line(entry.note)
    if not entry.regex:
        yield _one_line(entry.src), dst, note
        return
    pattern = _pattern(entry.src, entry.case)
    for ready in prepared:
        if entry in ready.unit.glossary:
            for match in pattern.finditer(ready.unit.source):
                if match.group():
                    yield _one_line(match.group()), dst, note


@lru_cache(maxsize=1024)
def _pattern(pattern: str, case: bool) -> "regex.Pattern[str]":  # noqa: FBT001  (a cache key, called once)
    return regex.compile(pattern, 0 if case else regex.IGNORECASE)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")) if "\n" in text else text


@lru_cache(maxsize=64)
def _examples(examples: tuple[Example, ...], template: str, source: str, target: str) -> str:
    """The few-shot examples that there are in both languages (by their English names)."""
    codes = {known.english: known.code for known in LANGUAGES.values()}
    filled: list[str] = []
    for example in examples:
        src, dst = example.in_language(codes.get(source, "")), example.in_language(codes.get(target, ""))
        if src and dst:
            filled.append(_fill(template, {"src": src, "dst": dst, "source": source, "target": target}))
    return "".join(filled)


@lru_cache(maxsize=64)
def _system(template: str, answer: str, source: str, target: str) -> str:
    return _fill(template, {"answer": answer, "source": source, "target": target})


def _names(desk: Desk) -> tuple[str, str]:
    """The languages as the model knows them: what it is asked for may be converted to the target after."""
    asked = LANGUAGES.get(desk.profile.languages.asked(desk.target.code), desk.target)
    return desk.source.english, asked.english


def _languages(desk: Desk) -> dict[str, str]:
    source, target = _names(desk)
    return {"source": source, "target": target}


@lru_cache(maxsize=256)
def _parts(template: str) -> tuple[str, ...]:
    """A template as text and placeholder names in turn."""
    return tuple(_PLACEHOLDER.split(template))


def _fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled at once: what stands in a value is never taken for a placeholder."""
    parts = _parts(template)
    if len(parts) == 1:
        return template
    return "".join(values.get(part, "") if index % 2 else part for index, part in enumerate(parts))


@lru_cache(maxsize=256)
def _schema(count: int) -> str:
    """The JSON schema of an answer with `count` translations."""
    item = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
        "required": ["id", "text"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"translations": {"type": "array", "items": item, "minItems": count, "maxItems": count}},
        "required": ["translations"],
        "additionalProperties": False,
    }
    return json.dumps(schema)
