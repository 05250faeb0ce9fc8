"""The translation memory and the jobs, in one SQLite file.

`Store` is all that other rooms use; the rows that go in and out are in `rows`, what can go wrong in `errors`.
"""

from translator.store.store import LONG_WAIT, Store, default_path

__all__ = ["LONG_WAIT", "Store", "default_path"]
