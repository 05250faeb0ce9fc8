"""All that decides an answer beside the text itself."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """The languages, the model by content, the profile by content, its sampling and context policy.

    Two runs with equal recipes may share translations. `model` is the model's name for people and is no part of
    the digest; `model_digest` is. ruby: what becomes of readings above characters where they are not dropped.
    """

    source_language: str
    target_language: str
    model: str
    model_digest: str
    profile: str
    profile_version: str
    sampling: str
    context: str
    num_ctx: int
    ruby: str = ""

    def to_json(self) -> str:
        """The recipe as one JSON object with sorted keys."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """The recipe that `to_json` wrote."""
        return cls(**json.loads(text))

    def digest(self) -> str:
        """Names the recipe: 32 hexadecimal digits, equal for recipes that give equal answers."""
        parts = asdict(self)
        del parts["model"]
        if not self.ruby:  # answers of before there was a choice are answers still
            del parts["ruby"]
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
