"""What can stop a command, each with the exit status that the documentation promises."""

from typing import ClassVar


class WorkflowError(Exception):
    """The command cannot go on. The message says what happened and where, `hint` what to do now."""

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(WorkflowError):
    """What was asked for cannot be: a pair of languages, a mix of options, an output that is somebody else's."""

    exit_status = 2


class ServerError(WorkflowError):
    """The server cannot be reached or has no such model."""

    exit_status = 3


class InputError(WorkflowError):
    """An input could not be read, or an output could not be written."""

    exit_status = 4


class InterruptedJobError(WorkflowError):
    """The user stopped the job; all that was answered is stored. `job` resumes it; empty: it had not begun."""

    exit_status = 130

    def __init__(self, job: str) -> None:
        if job:
            super().__init__("interrupted; everything translated so far is stored", hint=f"translate resume {job}")
        else:
            super().__init__("interrupted before anything was asked", hint="The same command begins again.")
        self.job = job
