"""A model's thought in the text of its answer: the marks that stand around one, and what is said of an unwanted one."""

import re
from typing import Final

from translator.core.backend import Abort

MARKS: Final = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("[THINK]", "[/THINK]"))
"""What opens a thought and what closes it, as models write it: Qwen, DeepSeek and most others; Mistral."""

CLOSES: Final = re.compile("|".join(re.escape(closing) for _, closing in MARKS))

LONGEST_MARK: Final = max(len(mark) for pair in MARKS for mark in pair)

LEAKED: Final = Abort(
    "thought-leaked",
    "the answer holds the model's thought; for a model that always thinks aloud choose --profile reasoning",
)
"""What ends an answer with a thought that nobody asked for."""
