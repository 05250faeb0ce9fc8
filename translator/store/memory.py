"""What all jobs share: the translation memory, and what was learnt of servers."""

import time
from collections.abc import Iterable
from typing import Unpack, cast

from translator.store.part import Part
from translator.store.rows import KnownServer, ServerFacts


class Memory(Part):
    """The store's methods for what belongs to no single job."""

    def recall(self, hashes: Iterable[bytes]) -> dict[bytes, str]:
        """The translations that the memory has for these units (`work.unit_hash`)."""
        rows = self._quick.rows_in("SELECT hash, target FROM memory WHERE hash IN {in}", hashes)
        return dict(cast("Iterable[tuple[bytes, str]]", rows))

    def memory_count(self) -> int:
        """How many translations the memory holds."""
        return cast("int", self._quick.rows("SELECT count(*) FROM memory")[0][0])

    def remember_server(self, server: str, model: str, **facts: Unpack[ServerFacts]) -> None:
        """Keep what was learnt of a model on a server; what is not given, or None, stays as it was.

        A digest that is not the one before is another model: the rates and the speed of that one are forgotten.
        """
        self._quick.write(
            "INSERT INTO servers (server, model, name, digest, context, structured, slots, rates, tokens_per_second,"
            " measured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (server, model) DO UPDATE SET"
            " name = coalesce(excluded.name, name),"
            " context = coalesce(excluded.context, context),"
            " structured = coalesce(excluded.structured, structured),"
            " slots = coalesce(excluded.slots, slots),"
            " rates = coalesce(excluded.rates, iif(digest <> excluded.digest, NULL, rates)),"
            " tokens_per_second = coalesce(excluded.tokens_per_second,"
            " iif(digest <> excluded.digest, NULL, tokens_per_second)),"
            " digest = coalesce(excluded.digest, digest),"
            " measured = excluded.measured",
            (
                server,
                model,
                facts.get("name"),
                facts.get("digest"),
                facts.get("context"),
                facts.get("structured"),
                facts.get("slots"),
                facts.get("rates"),
                facts.get("tokens_per_second"),
                time.time(),
            ),
        )

    def recall_server(self, server: str, model: str) -> KnownServer | None:
        """What `remember_server` kept for this model on this server; None where it kept nothing."""
        return self.recall_servers(model).get(server)

    def recall_servers(self, model: str) -> dict[str, KnownServer]:
        """What is known of this model on each server that had it, by the server's name; the latest first."""
        rows = self._quick.rows(
            "SELECT server, name, digest, context, structured, slots, rates, tokens_per_second, measured FROM servers"
            " WHERE model = ? ORDER BY measured DESC",
            (model,),
        )
        return {cast("str", row[0]): _known(row[1:]) for row in rows}


def _known(row: tuple[object, ...]) -> KnownServer:
    known = KnownServer(*cast("tuple[str, str, int, bool, int, str, float, float]", row))
    return known._replace(structured=None if known.structured is None else bool(known.structured))
