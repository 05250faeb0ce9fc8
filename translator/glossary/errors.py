"""What can be wrong with a glossary, said for a person."""

from pathlib import Path


class GlossaryError(Exception):
    """A glossary cannot be used as it is. The message names the file and, where there is one, the line."""

    def __init__(self, message: str, *, path: Path | None = None, line: int | None = None, hint: str = "") -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}, line {line}: "
        super().__init__(where + message)
        self.path = path
        self.line = line
        self.hint = hint
