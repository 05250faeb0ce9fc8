"""Finding what registers itself: modules of a package of ours, and entry points of other packages."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points


def discover(package: str, attribute: str) -> Iterator[object]:
    """The objects that the modules of `package` export as `attribute`, then those of entry points named after it.

    Modules come in alphabetical order. An entry point of the group `package` may name the object itself or a
    module that exports it.
    """
    home = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(home.__path__), key=lambda m: m.name):
        found = getattr(importlib.import_module(f"{package}.{module.name}"), attribute, None)
        if found is not None:
            yield found
    for point in sorted(entry_points(group=package), key=lambda p: p.name):
        loaded: object = point.load()
        yield getattr(loaded, attribute, loaded)
