"""What a request may show of the texts before it in its scene."""

from collections.abc import Iterable, Sequence

from translator.core.work import Ledger
from translator.engine.desk import Desk
from translator.profiles.profile import ContextPolicy

Pairs = Sequence[tuple[str, str]]


def before_batch(desk: Desk, ledger: Ledger, after: int | None, sources: Sequence[str] | None) -> Pairs:
    """(source, translation) of the batch `after`, as far as the profile's policy shows something of it.

    sources: that batch's, where they are known without its translations; a policy that shows only sources takes them,
    so that its batches need not wait for each other.
    """
    policy = desk.profile.context.policy
    if policy is ContextPolicy.NONE or after is None:
        return ()
    if policy is ContextPolicy.SOURCE and sources is not None:
        return [(source, "") for source in sources]
    return ledger.translations(after)


def nearest(desk: Desk, before: Pairs, within: Iterable[tuple[str, str]]) -> Pairs:
    """The last of the pairs `before` a batch and `within` it, in order: as many as the profile may show, and the one
    that may be shown in part.
    """
    policy, room = desk.profile.context.policy, desk.profile.context.characters
    if policy is ContextPolicy.NONE or room < 1:
        return ()
    pairs = [*before, *within]
    for taken, (source, target) in enumerate(reversed(pairs), 1):
        room -= len(source) if policy is ContextPolicy.SOURCE else len(target)
        if room <= 0:
            return pairs[-taken:]
    return pairs
