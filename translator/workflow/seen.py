"""What a run saw of its servers: for the user, and for the next run."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from translator.core.backend import Host
from translator.engine.events import HostAway, HostBack, HostSeen
from translator.store import Store
from translator.store.rows import ServerFacts
from translator.workflow.events import HostReport, Notice


@dataclass(slots=True)
class Seen:
    """Collects what the engine tells of each host and its model, over the phases of a run."""

    _order: dict[tuple[str, str], None] = field(default_factory=dict[tuple[str, str], None])
    _before: dict[tuple[str, str], HostSeen] = field(default_factory=dict[tuple[str, str], HostSeen])
    _now: dict[tuple[str, str], HostSeen] = field(default_factory=dict[tuple[str, str], HostSeen])

    def tell(self, event: HostSeen) -> None:
        """Something new is known of a host."""
        self._now[event.host, event.model] = event

    def begin(self) -> None:
        """A phase begins; the engine counts anew."""
        self._before, self._now = self._all(), {}

    def known(self, hosts: Sequence[Host]) -> tuple[Host, ...]:
        """The hosts that are to be asked, with the slots that an earlier phase found."""
        self._order.update(dict.fromkeys((host.name, host.model) for host in hosts))
        slots = {key: seen.slots for key, seen in self._before.items() if seen.slots is not None}
        return tuple(replace(host, expected=slots.get((host.name, host.model), host.expected)) for host in hosts)

    def reports(self) -> tuple[HostReport, ...]:
        """All hosts as they stand, in the order in which they were named."""
        seen_all = self._all()
        return tuple(
            HostReport(
                name=seen.host,
                model=seen.model,
                slots=seen.slots,
                requests=seen.requests,
                tokens_per_second=round(seen.tokens_per_second, 1),
                cached_share=None if seen.cached_share is None else round(seen.cached_share, 3),
            )
            for key in self._order
            if (seen := seen_all.get(key)) is not None
        )

    def remember(self, store: Store, asked_for: str) -> None:
        """Keep slots and speeds for the next run, under the model's name there and under what was asked for."""
        for seen in self._all().values():
            facts = ServerFacts(slots=seen.slots)
            if seen.tokens_per_second:
                facts["tokens_per_second"] = seen.tokens_per_second
            if seen.requests:
                for name in {seen.model, asked_for}:  # `scan` knows what was asked for only
                    store.remember_server(seen.host, name, **facts)

    def _all(self) -> dict[tuple[str, str], HostSeen]:
        merged = dict(self._before)
        for key, seen in self._now.items():
            before = merged.get(key)
            merged[key] = seen if before is None else together(before, seen)
        return merged


@dataclass(slots=True)
class Absent:
    """Says of a host once that it is away, however often it is tried meanwhile, and once that it is back."""

    _away: set[str] = field(default_factory=set[str])
    _gone: set[str] = field(default_factory=set[str])

    def away(self, event: HostAway) -> Notice | None:
        """What to say of a host that has failed."""
        told = self._away if event.seconds is not None else self._gone
        if event.host in told:
            return None
        told.add(event.host)
        later = "it is tried again now and then" if event.seconds is not None else "it is not asked again"
        place = event.host.partition(" ")[2]
        who = "" if place and place in event.reason else f"{event.host}: "
        return Notice(f"{who}{event.reason} ({later}; the others go on)", warning=True)

    def back(self, event: HostBack) -> Notice | None:
        """What to say of a host that has served again."""
        if event.host not in self._away:
            return None
        self._away.discard(event.host)
        return Notice(f"{event.host} answers again")


def together(one: HostSeen, later: HostSeen) -> HostSeen:
    """What was seen of a host in two phases, one after the other."""
    requests = one.requests + later.requests
    tokens = one.output_tokens + later.output_tokens
    seconds = sum(each.output_tokens / each.tokens_per_second for each in (one, later) if each.tokens_per_second)
    told = one.told_tokens + later.told_tokens
    cached = sum((each.cached_share or 0.0) * each.told_tokens for each in (one, later))
    return replace(
        later,
        slots=later.slots if later.slots is not None else one.slots,
        requests=requests,
        output_tokens=tokens,
        tokens_per_second=tokens / seconds if seconds else 0.0,
        cached_share=cached / told if told else None,
        told_tokens=told,
    )
