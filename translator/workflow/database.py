"""Opening the database, with its errors as a command reports them."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from translator.store import Store
from translator.store.errors import JobLockedError, NoSuchJobError, StoreError
from translator.workflow.errors import InputError, UsageError


@contextmanager
def opened(db: Path | None) -> Generator[Store]:
    """The store at `db` (None: the user's), closed at the end.

    What goes wrong in it meanwhile is raised as UsageError where another job was meant or this one runs already, and
    as InputError otherwise.
    """
    try:
        with closing(Store.open(db)) as store:
            yield store
    except NoSuchJobError as error:
        raise UsageError(str(error), hint=error.hint or "`translate jobs` lists them.") from error
    except JobLockedError as error:
        raise UsageError(str(error), hint=error.hint) from error
    except StoreError as error:
        raise InputError(str(error), hint=error.hint) from error
