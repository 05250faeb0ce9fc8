"""What the parts of the store share."""

from pathlib import Path

from translator.store.database import Connection


class Part:
    """One room's worth of the store's methods, over the same two connections.

    _quick is for reading and for what can be worked out again from the input; _durable for what cannot.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._quick = Connection(path, durable=False)
        try:
            self._quick.prepare()
            self._durable = Connection(path, durable=True)
        except BaseException:
            self._quick.close()
            raise
