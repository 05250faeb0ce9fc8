"""How many forms of a number's noun a language has, and which number takes which: gettext's `Plural-Forms`.

The expressions are those of the GNU gettext manual, "Additional functions for plural forms", and of the Unicode CLDR.
An expression of a file is read by Python's own `gettext.c2py`, which takes C's operators and nothing else.
"""

import re
from functools import lru_cache
from gettext import c2py

_RULES = {
    "ja": "nplurals=1; plural=0;",
    "zh-CN": "nplurals=1; plural=0;",
    "zh-TW": "nplurals=1; plural=0;",
    "ko": "nplurals=1; plural=0;",
    "vi": "nplurals=1; plural=0;",
    "th": "nplurals=1; plural=0;",
    "id": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "it": "nplurals=2; plural=(n != 1);",
    "pt": "nplurals=2; plural=(n != 1);",
    "tr": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}

_FORMS = re.compile(r"nplurals\s*=\s*(\d{1,3})\s*;\s*(?:plural\s*=\s*([^;\n]{1,1000}))?")
_TRIED = 200
_SHOWN = 4
_MOST = 20
"""Forms that a file may have; no language has more than six."""


def plural_rule(language: str | None) -> str | None:
    """The `Plural-Forms` of a language by its code; None where it is not known."""
    return _RULES.get(language or "")


def read_rule(rule: str) -> tuple[int, str | None] | None:
    """How many forms a rule has, and the expression that chooses one; None for what is none (a template's INTEGER)."""
    found = _FORMS.search(rule)
    if found is None or not 0 < int(found[1]) <= _MOST:
        return None
    return int(found[1]), found[2]


@lru_cache(maxsize=256)
def examples(expression: str, count: int) -> tuple[tuple[int, ...], ...]:
    """The numbers below 200 that take each form, the first few; empty for an expression that cannot be worked out."""
    found: list[list[int]] = [[] for _ in range(count)]
    try:
        form_of = c2py(expression.strip())
        for number in range(_TRIED):
            form = form_of(number)
            if not 0 <= form < count:
                return ()
            if len(found[form]) <= _SHOWN:
                found[form].append(number)
    except (ValueError, ZeroDivisionError):
        return ()
    return tuple(map(tuple, found))
