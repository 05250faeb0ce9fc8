"""Under which name people's decisions are kept, and who may make some while a job's output is written anew."""

from collections.abc import Callable

from translator.store import Store
from translator.store.rows import JobRow

Decide = Callable[[Store, JobRow, str], None]
"""Gets a job that was just read, and the name of its project."""


def project(row: JobRow) -> str:
    """The project of a job: all jobs of this input and pair of languages, whatever model translates."""
    return project_name(row.input, row.source_language, row.target_language)


def project_name(read: str, source: str, target: str) -> str:
    """The name of a project: its input, as jobs have it, and the codes of its languages."""
    return f"{read}\n{source}\n{target}"
