"""One run of a job: what is asked, decided and written, step by step."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from translator import __version__
from translator.core.backend import BackendError
from translator.core.languages import Language
from translator.core.recipe import Recipe
from translator.engine.desk import Desk
from translator.glossary.layers import Glossary
from translator.glossary.matcher import Matcher
from translator.profiles import Profile
from translator.store import LONG_WAIT, Store
from translator.store.edits import edit_place
from translator.store.errors import StoreBusyError
from translator.store.rows import JobKey, JobPins, JobRow, JobStatus
from translator.workflow.asking import Asker
from translator.workflow.decisions import Decide, project
from translator.workflow.errors import InputError, InterruptedJobError, WorkflowError
from translator.workflow.events import Event, Notice, OnEvent, Status, Summary
from translator.workflow.inputs import Source
from translator.workflow.interrupt import Interruption, handled, run_to_the_end
from translator.workflow.naming import Naming, tells_speakers
from translator.workflow.options import JobOptions, ServerOptions
from translator.workflow.output import Target, digest, sweep
from translator.workflow.paths import named, some_of
from translator.workflow.pinned import Pinned
from translator.workflow.planning import Asking, Originals, Unreadable, read_documents
from translator.workflow.server import Server, connect
from translator.workflow.setup import load_glossary, server_error
from translator.workflow.standards import Standards, examine_again
from translator.workflow.summary import summarise
from translator.workflow.view import laid_out
from translator.workflow.writing import Writer


class Run:
    """One run of one job."""

    def __init__(
        self,
        store: Store,
        options: JobOptions,
        source: Source,
        target: Target,
        profile: Profile,
        languages: tuple[Language, Language],
        on_event: OnEvent,
    ) -> None:
        self._store = store
        self._options = options
        self._source = source
        self._target = target
        self._profile = profile
        self._languages = languages
        self._on_event = on_event
        self._began = time.monotonic()
        self._interruption = Interruption(store.interrupt)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unreadable: list[Unreadable] = []
        self._job = ""
        self._begun = False
        self._server: Server | None = None
        self._glossary: Glossary = load_glossary(languages, source.root, options.input.glossaries)
        self._standards = Standards.of(options.checks, split=options.input.split, glossary=self._glossary)
        self._asker = Asker(
            store,
            self._interruption,
            self._tell,
            asked_for=options.server.model,
            output=str(target.path),
            limit=options.limit,
            names_only=options.names_only,
        )

    def ask(self) -> Summary:
        """Ask for what has no answer, and write; returns when all that could be done is done and written."""
        return self._to_the_end(self._asked)

    def decide(self, by: Decide) -> Summary:
        """Ask no model: let `by` say what the texts become, and write."""
        return self._to_the_end(partial(self._decided, by))

    def _to_the_end(self, work: Callable[[JobRow], Awaitable[Summary]]) -> Summary:
        known = self._store.find_job(**self._key())
        self._job = known.id if known is not None else ""
        self._store.wait_long(self._tell_of_wait)
        with handled(self._interruption):
            try:
                return run_to_the_end(self._run(work))
            except KeyboardInterrupt:
                self._store.hurry()
                self._mark_interrupted()
                raise InterruptedJobError(self._job) from None
            except WorkflowError:
                self._mark(JobStatus.STOPPED)
                raise
            except BackendError as error:
                self._mark(JobStatus.STOPPED)
                stopped = server_error(error)
                if self._job:
                    more = f"All answers so far are stored; go on with: translate resume {self._job}"
                    stopped.hint = f"{stopped.hint}\n{more}" if stopped.hint else more
                raise stopped from error

    def _key(self) -> JobKey:
        return JobKey(
            kind=self._source.kind.value,
            # However the game was named (root, www/, data/), it is one job.
            input=named(self._source.beside),
            output=named(self._target.path),
            source_language=self._languages[0].code,
            target_language=self._languages[1].code,
        )

    def _mark(self, status: JobStatus) -> None:
        if self._begun:
            self._store.update_job(self._job, status=status)

    def _mark_interrupted(self) -> None:
        try:
            self._mark(JobStatus.INTERRUPTED)
        except StoreBusyError as error:
            said = f"{error}: the latest answers may not be stored, and will be asked for again"
            self._on_event(Notice(said, warning=True))

    def _tell(self, event: Event) -> None:
        """Tell what happens: a moment at which the job can be stopped, too."""
        self._interruption.check()
        self._on_event(event)

    def _tell_of_wait(self) -> None:
        """Say that another program holds the database, from whatever thread waits for it."""
        said = f"Another program is writing to the database {self._store.path}"
        notice = Notice(f"{said}; waiting for it ({LONG_WAIT:.0f} s at most)", warning=True)
        if threading.current_thread() is threading.main_thread() or self._loop is None:
            self._on_event(notice)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._on_event, notice)

    async def _run(self, work: Callable[[JobRow], Awaitable[Summary]]) -> Summary:
        self._loop = asyncio.get_running_loop()
        try:
            if not self._job:
                self._server = await self._connect(self._options.server, self._profile)
                self._job = self._create(self._server).id
            with self._store.lock(self._job):
                self._begun = True
                return await work(self._store.begin_run(self._job))
        finally:
            if self._server is not None:
                await self._server.close()

    def _pinned(self, row: JobRow) -> Pinned | None:
        """What the job began with, if this command asks for the same and does not want it refreshed."""
        pinned = Pinned.from_json(row.options)
        same = pinned.same_server(self._options.server) and (
            pinned.options.input.readings == self._options.input.readings
        )
        return pinned if same and not self._options.refresh else None

    async def _connect(self, options: ServerOptions, profile: Profile, pinned: Recipe | None = None) -> Server:
        server = await connect(
            options,
            profile=profile,
            languages=self._languages,
            markups=self._source.markups,
            pinned=pinned,
            store=self._store,
            on_event=self._tell,
        )
        readings = self._options.input.readings
        if server.recipe.ruby != readings:
            server = replace(server, recipe=replace(server.recipe, ruby=readings))
        return self._standards.at(server)

    def _create(self, server: Server) -> JobRow:
        return self._store.find_or_create_job(**self._key(), **self._pins(server))

    def _pins(self, server: Server) -> JobPins:
        return JobPins(
            model=server.model.name,
            recipe=server.recipe.to_json(),
            recipe_digest=server.recipe.digest(),
            options=Pinned.of(self._options, server.profile).to_json(),
            program_version=__version__,
            server=server.name,
        )

    def _repin(self, row: JobRow, server: Server) -> JobRow:
        """The job with another model or profile than it had: what those have answered already is in the memory."""
        old, now = Recipe.from_json(row.recipe), server.recipe
        if (old.model, old.profile) != (now.model, now.profile):
            before, after = (f"{recipe.model} (profile {recipe.profile})" for recipe in (old, now))
            self._tell(Notice(f"This job was begun with {before}; it goes on with {after}."))
        elif old.model_digest != now.model_digest:
            self._tell(Notice(f"The server's {now.model} is not the one that this job was begun with; asking it anew."))
        elif old.digest() != now.digest():
            self._tell(Notice("The model is asked in another way than when this job was begun; asking it anew."))
        self._store.take_names(row)
        return self._store.update_job(row.id, **self._pins(server))

    async def _asked(self, row: JobRow) -> Summary:
        pinned = self._pinned(row)
        if pinned is None:
            if self._server is None:
                self._server = await self._connect(self._options.server, self._profile)
            row = self._repin(row, self._server)
            pinned = Pinned.from_json(row.options)
        else:  # `resume` does what the latest command said
            row = self._store.update_job(row.id, options=replace(pinned, options=self._options).to_json())
        originals = self._originals(row)
        recipe = Recipe.from_json(row.recipe)
        self._read_anew(row, recipe, originals)
        row = self._settle_known(row, recipe, pinned.profile())
        if self._store.counts(row).units.pending:
            self._writer(row, originals).check()
            if self._server is None:
                self._server = await self._connect(self._options.server, pinned.profile(), recipe)
            server = self._server
            if server.recipe.digest() != recipe.digest():
                row = self._repin(row, server)
                self._read_anew(row, server.recipe, originals)
                self._store.recall_pending(row)
                row = self._examine_again(row)
                self._take_edits(row)
            await self._asker.ask(row, server, self._naming(server.recipe, server.profile))
        return self._end(row, ()) if self._options.names_only else self._write(row, originals)

    async def _decided(self, by: Decide, row: JobRow) -> Summary:
        originals = self._originals(row)
        # What is to be asked anew, by what changed since, is for a run that asks: here every answer stands.
        self._read(row, Recipe.from_json(row.recipe), originals, anew=False)
        by(self._store, row, project(row))
        self._take_edits(row)
        return self._write(row, originals)

    def _originals(self, row: JobRow) -> Originals:
        self._source, originals = laid_out(
            self._source,
            self._options.input,
            languages=(self._languages[0].code, self._languages[1].code),
            in_place=self._target.in_place,
            outputs=self._store.outputs(row),
        )
        return originals

    def _read_anew(self, row: JobRow, recipe: Recipe, originals: Originals) -> None:
        """Read what has changed: all files, where what their units depend on beside them has."""
        state = self._state(recipe)
        self._read(row, recipe, originals, anew=row.glossary_digest != state)
        self._store.update_job(row.id, glossary_digest=state)

    def _read(self, row: JobRow, recipe: Recipe, originals: Originals, *, anew: bool) -> None:
        self._unreadable = read_documents(
            self._store,
            row,
            self._source,
            asking=Asking(
                recipe.digest(),
                *self._languages,
                Matcher(self._glossary.entries),
                tells_speakers(Pinned.from_json(row.options).profile()),
            ),
            originals=originals,
            anew=anew,
            on_event=self._tell,
        )
        if self._unreadable and len(self._unreadable) == len(self._source.files):
            raise InputError(f"{self._source.path}: none of its files could be read", hint=self._unreadable[0].reason)
        self._unreadable += (Unreadable(path, why) for path, why in self._source.unreadable)

    def _settle_known(self, row: JobRow, recipe: Recipe, profile: Profile) -> JobRow:
        """Bring the job as far as it comes without asking."""
        if row.runs > 1:  # in the first run, reading has just looked
            self._store.reset_failed(row)
            self._store.recall_pending(row)
        row = self._examine_again(row)
        self._take_edits(row)
        naming = self._naming(recipe, profile)
        naming.share(self._store, row)
        if not self._store.count_pending_names(row):
            naming.update(self._store, row)
        return row

    def _take_edits(self, row: JobRow) -> None:
        """Bring what people decided to its places, and say what has none here."""
        left_out = {file.name for file in self._source.left_out}
        given = self._options.input
        places = [edit_place(edit) for edit in self._store.take_edits(row, project(row))]
        homeless = [f"{path}: {key}" for path, key in places if path not in left_out]
        if homeless and not (given.include or given.exclude):
            lines = "1 edited line has" if len(homeless) == 1 else f"{len(homeless)} edited lines have"
            said = f"{lines} no place here any more, since their texts are not there: {some_of(homeless)}"
            self._tell(Notice(said, warning=True))

    def _examine_again(self, row: JobRow) -> JobRow:
        """Hold what is stored to this run's standards: all of it where they have changed, else what is from memory."""
        pinned, recipe = Pinned.from_json(row.options), Recipe.from_json(row.recipe)
        profile = pinned.profile()
        name = self._standards.name(profile)
        source, target = self._languages
        bare = Desk(profile, source, target, recipe.model, recipe.num_ctx, self._source.markups)
        changed = pinned.examined != name
        again = examine_again(self._store, row, self._standards.on(bare), everything=changed)
        if again:
            texts = "One stored translation does" if again == 1 else f"{again} stored translations do"
            self._tell(Notice(f"{texts} not pass the checks and will be asked for again."))
        if not changed:
            return row
        return self._store.update_job(row.id, options=replace(pinned, examined=name).to_json())

    def _state(self, recipe: Recipe) -> str:
        """Names all that the stored units and fitted texts depend on beside the files themselves."""
        # The files of a game are opened with facts about its other files: the names of its people, its window.
        openings = {repr(replace(file.options, name=PurePath())) for file in self._source.files}
        # Names are told that stand in files which are left out, too: when those change, all is looked at again.
        left_out = sorted(file.name for file in self._source.left_out)
        parts = (recipe.digest(), self._glossary.digest(), str(self._options.input.split), *sorted(openings), *left_out)
        return digest("\n".join((*parts, __version__)).encode("utf-8", "surrogatepass"))

    def _writer(self, row: JobRow, originals: Originals) -> Writer:
        recipe = Recipe.from_json(row.recipe)
        return Writer(
            store=self._store,
            job=row,
            source=self._source,
            target=self._target,
            originals=originals,
            force=self._options.output.force,
            split=self._options.input.split,
            decided=self._standards.decided(Pinned.from_json(row.options).profile()),
            made_by=f"{recipe.model} (profile {recipe.profile}, {recipe.model_digest[:12]})",
            left_out=self._unreadable,
        )

    def _naming(self, recipe: Recipe, profile: Profile) -> Naming:
        return Naming(
            self._glossary,
            recipe.digest(),
            self._source.markups,
            used=profile.takes_glossary,
            speakers=tells_speakers(profile),
        )

    def _write(self, row: JobRow, originals: Originals) -> Summary:
        sweep(self._source, self._target)  # only now: the job is locked, no other run of it is writing
        return self._end(row, self._writer(row, originals).write(self._tell))

    def _end(self, row: JobRow, written: Sequence[str]) -> Summary:
        summary = summarise(
            self._store,
            row,
            output=named(self._target.path),
            totals=self._asker.totals,
            seconds=time.monotonic() - self._began,
            written=written,
            unreadable=self._unreadable,
        )
        summary = replace(summary, hosts=self._asker.seen.reports())
        status = {Status.DONE: JobStatus.DONE, Status.LIMITED: JobStatus.LIMITED}.get(summary.status, JobStatus.PARTIAL)
        self._store.update_job(row.id, status=status, finished=time.time())
        return summary
