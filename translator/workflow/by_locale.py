"""Files of a folder that are named after the languages that their texts are in."""

from collections.abc import Sequence
from pathlib import Path, PurePath, PurePosixPath

from translator.core.document import Format, NamedByLocale
from translator.core.locales import language_of
from translator.workflow.paths import named, some_of

Found = tuple[Path, PurePosixPath, Format]
"""A file, its path inside the input, and the format that reads it."""

_NAMED = 3


def of_language(found: Sequence[Found], source: str, target: str | None) -> tuple[list[Found], tuple[str, ...]]:
    """The files that are to be read, and what the user should be told of the others.

    Where a format's files are named after languages, those of others than the source are translations, finished or
    not: asked for, they would be asked as texts in the source language, and overwritten. They are left out, unless
    none is named after the source language.
    """
    languages = {path: _language(known, path) for _, path, known in found}
    paired = {known.info.id for _, path, known in found if languages[path] == source}
    kept = [one for one in found if one[2].info.id not in paired or languages[one[1]] in (source, None)]
    if len(kept) == len(found):
        return kept, ()
    staying = {path for _, path, _ in kept}
    shown = some_of([named(path) for _, path, _ in found if path not in staying], _NAMED)
    one = named(next(path for path in languages if languages[path] == source))
    where = (
        f"Translations get the names of their originals ({one}); a game in which one chooses the language reads them by"
        f" the name of {target}."
    )
    said = f"Left as they are, since their names tell other languages: {shown}."
    return kept, (said,) if target is None else (said, where)


def _language(known: Format, path: PurePosixPath) -> str | None:
    locale = known.locale(PurePath(path)) if isinstance(known, NamedByLocale) else None
    return None if locale is None else language_of(locale) or locale
