"""Finding what registers itself: modules of a package of ours, and entry points of other packages."""

import importlib
import pkgutil
import warnings
from collections.abc import Iterator
from importlib.metadata import entry_points


def discover(package: str, attribute: str) -> Iterator[object]:
    """The objects that the modules of `package` export as `attribute`, then those of entry points named after it.

    Modules come in alphabetical order. An entry point of the group `package` may name the object itself or a
    module that exports it; one that cannot be loaded is left out with a warning.
    """
    home = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(home.__path__), key=lambda m: m.name):
        found = getattr(importlib.import_module(f"{package}.{module.name}"), attribute, None)
        if found is not None:
            yield found
    for point in sorted(entry_points(group=package), key=lambda p: p.name):
        try:
            loaded: object = point.load()
        except (ImportError, AttributeError) as error:
            package_name = point.dist.name if point.dist is not None else "a package"
            # One broken package must not stop what has nothing to do with it.
            warnings.warn(f"{point.name} of {package_name} cannot be used: {error}", stacklevel=2)
            continue
        yield getattr(loaded, attribute, loaded)
