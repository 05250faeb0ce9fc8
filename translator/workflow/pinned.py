"""What a job keeps of how it was begun, so that it goes on the same way under a newer program or profile."""

import json
from dataclasses import dataclass

from translator.core.jsonvalue import as_object, get_str
from translator.profiles import Profile, read_profile
from translator.workflow.options import BackendKind, JobOptions, ServerOptions, from_json, to_json
from translator.workflow.setup import leading_model


@dataclass(frozen=True, slots=True)
class Pinned:
    """The command's options, and the profile's file as it was then.

    examined: names the standards that all stored translations were held to last (`Standards.name`); "": none.
    """

    options: JobOptions
    profile_id: str
    profile_toml: str
    examined: str = ""

    @classmethod
    def of(cls, options: JobOptions, profile: Profile) -> "Pinned":
        """What a job that begins now keeps."""
        return cls(options, profile.id, profile.toml)

    def profile(self) -> Profile:
        """The profile as it was when the job began."""
        return read_profile(self.profile_toml.encode(), f"{self.profile_id}.toml")

    def same_server(self, server: ServerOptions) -> bool:
        """Whether a command asks for the model, backend and profile that the job began with.

        Which servers there are, how many, and what stands in for the model does not matter.
        """
        return _asked(self.options.server) == _asked(server)

    def to_json(self) -> str:
        """One JSON object for the store."""
        return json.dumps(
            {
                "options": json.loads(to_json(self.options)),
                "profile": {"id": self.profile_id, "toml": self.profile_toml},
                "examined": self.examined,
            },
        )

    @classmethod
    def from_json(cls, text: str) -> "Pinned":
        """What `to_json` wrote."""
        stored = as_object(json.loads(text))
        profile = as_object(stored["profile"])
        options = from_json(json.dumps(stored["options"]))
        examined = stored.get("examined")
        named = examined if isinstance(examined, str) else ""
        return cls(options, get_str(profile, "id"), get_str(profile, "toml"), named)


def _asked(server: ServerOptions) -> tuple[str, BackendKind, str | None, int | None]:
    return leading_model(server), server.backend, server.profile, server.num_ctx
