"""From a job's translations to the output's files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from translator import __version__
from translator.core.document import Document, RefusedTargetError, UnencodableError
from translator.core.finding import Finding, Severity
from translator.core.layout import fit
from translator.core.markup import MarkupSyntax
from translator.core.segment import Segment
from translator.core.work import State
from translator.engine.checks import Decisions, judged
from translator.store import Store
from translator.store.rows import JobRow, ResultRow
from translator.workflow.errors import InputError, UsageError
from translator.workflow.events import OnEvent, Refused, Writing
from translator.workflow.inputs import InputFile, Source, open_document
from translator.workflow.options import Kind
from translator.workflow.output import (
    Target,
    check_writable,
    copy_game,
    digest,
    existing,
    remove_file,
    write_file,
)
from translator.workflow.paths import NOTICE_NAME, named, reason
from translator.workflow.planning import Originals, Unreadable
from translator.workflow.unfit import unfit

Fitting = tuple[str | None, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one job's output.

    originals: the input as it was. force: files of the output that are not this job's own work may be replaced.
    split: a message that overflows may go on in another one. decided: how bad what is found at a place is. made_by: the
    model, for the notice in a game's patch. left_out: gets the files that could not be written: they can no longer be
    read as they were, or the output's charset cannot hold what is not translated.
    """

    store: Store
    job: JobRow
    source: Source
    target: Target
    originals: Originals
    force: bool
    split: bool
    decided: Decisions
    made_by: str
    left_out: list[Unreadable]

    def check(self) -> None:
        """Raise UsageError if the output holds what this job may not replace: better now than after a night's work."""
        rows = {row.path: row for row in self.store.documents(self.job)}
        for file in () if self.force or self.target.in_place else self.source.files:
            row, place = rows.get(file.name), self.target.place(file.path)
            if row is None or not row.digest:
                continue
            there = existing(place)
            if there is not None and not self._is_ours(file, there, row.digest):
                raise self._refusal(place)

    def write(self, on_event: OnEvent) -> list[str]:
        """Write all files; returns the paths of the output that were written or stand as they should.

        Raises InputError when the disk refuses, UsageError before anything is replaced that is not this job's.
        """
        check_writable(self.target)
        rows = {row.ordinal: row for row in self.store.documents(self.job)}
        if self.target.copy:
            for _ in copy_game(self.source, self.target):
                pass
        written: list[str] = []
        total = len(self.source.files)
        for ordinal, file in enumerate(self.source.files):
            on_event(Writing(ordinal, total))
            row = rows[ordinal]
            if row.digest and self._write_one(ordinal, file, row.digest, on_event):
                written.append(named(self.target.place(file.path)))
        on_event(Writing(total, total))
        if written:
            self._put_extras()
        if self._is_patch and written:
            self._put_notice()
        return written

    @property
    def _is_patch(self) -> bool:
        """Whether the output is a folder of its own for a game, a patch or a copy. A lone file is written whole."""
        return self.source.kind is Kind.GAME and self.target.folder and not self.target.in_place

    def _write_one(self, ordinal: int, file: InputFile, read: str, on_event: OnEvent) -> bool:
        """Whether the output has a file of its own for this one. read: its digest as it was read."""
        try:
            blob = self.originals.read(file)
        except InputError as error:
            self.left_out.append(Unreadable(file.name, str(error)))
            return False
        if digest(blob) != read:
            why = (
                f"{file.absolute}: it was changed while the job ran; the same command again asks for what is new in it"
            )
            self.left_out.append(Unreadable(file.name, why))
            return False
        try:
            rendered = self._render(ordinal, file, open_document(file, blob), on_event)
        except UnencodableError as error:
            self.left_out.append(Unreadable(file.name, f"{file.absolute} cannot be written: {error}"))
            return False
        if rendered == blob and self._is_patch and not self.target.copy:
            self._take_back(file, blob)
            return False
        self._put(file, blob, rendered)
        return rendered != blob or not self.target.in_place

    def _put(self, file: InputFile, blob: bytes, rendered: bytes) -> None:
        place, path = self.target.place(file.path), file.name
        if self.target.in_place:
            place = place.resolve()  # a linked file is changed where it is; the link stays
        there = existing(place)
        name, original = digest(rendered), digest(blob)
        durable = self.target.in_place
        ours, backups = self.originals.outputs.get(path, {}), self.originals.backups
        if there == rendered:
            if name not in ours and not (durable and rendered == blob):
                self.store.add_output(self.job, path, written=name, original=original, durable=durable)
            return
        if there is not None and not self.force and not self._is_ours(file, there, original):
            raise self._refusal(place)
        self._require_apart(place)
        if backups is not None:
            if file.made is not None and there is not None and digest(there) not in ours:
                backups.keep(file.path, there)
            backups.keep(file.kept, blob)
        # Said before it is done: whoever finds the new bytes after a crash knows that they are ours.
        self.store.add_output(self.job, path, written=name, original=original, durable=durable)
        write_file(place, rendered, durable=durable)

    def _require_apart(self, place: Path) -> None:
        """A link in the output must not lead a file back into the input."""
        if self.target.folder and not self.target.in_place:
            root = self.source.beside.resolve()
            if place.parent.resolve().is_relative_to(root):
                raise UsageError(
                    f"{place}: a link leads it into the input {root}", hint="Name another place with --out."
                )

    def _take_back(self, file: InputFile, blob: bytes) -> None:
        """Remove what an earlier run wrote for a file that is now left as it is: a patch holds what differs."""
        place = self.target.place(file.path)
        there = existing(place)
        if there is not None and there != blob and digest(there) in self.originals.outputs.get(file.name, {}):
            remove_file(place)

    def _is_ours(self, file: InputFile, there: bytes, original: str) -> bool:
        """Whether what stands in the output is the input's own, or what this job wrote."""
        name = digest(there)
        if name == original or name in self.originals.outputs.get(file.name, {}):
            return True
        return file.made is not None and there == existing(file.absolute)  # what it was made from

    def _refusal(self, place: Path) -> UsageError:
        return UsageError(
            f"{place} is there already and is not what this job wrote",
            hint="Move it away, name another place with --out, or write over it with --force. "
            "What is translated already is stored.",
        )

    def _put_extras(self) -> None:
        for extra in self.source.extras:
            place, path = self.target.place(extra.path), named(extra.path)
            try:
                blob = extra.read()
            except OSError as error:
                raise InputError(f"{error.filename or place}: {reason(error)}") from error
            there = existing(place)
            if there == blob:
                continue
            if there is not None and not self.force and digest(there) not in self.originals.outputs.get(path, {}):
                continue  # somebody's own: what a person chose stays
            self._require_apart(place)
            self.store.add_output(
                self.job, path, written=digest(blob), original=digest(blob), durable=self.target.in_place
            )
            write_file(place, blob, durable=self.target.in_place)

    def _put_notice(self) -> None:
        place = self.target.place(PurePosixPath(NOTICE_NAME))
        text = notice(self.source, self.made_by, whole=self.target.copy)
        if existing(place) != text:
            write_file(place, text)

    def _render(self, ordinal: int, file: InputFile, document: Document, on_event: OnEvent) -> bytes:
        """Raises UnencodableError where the output's charset has no place for what is not translated."""
        results = self.store.results(self.job, ordinal)
        machine = self._machine(ordinal, results, file, document)
        edited = self._edited(document, results, self.source.markups[file.format])
        while True:
            targets = machine | edited
            try:
                return document.render(targets)
            except (UnencodableError, RefusedTargetError) as error:
                refused = unfit(document, targets, error)
                if not refused:
                    raise
            failed: dict[str, Fitting] = {}
            for key, found in refused.items():
                if edited.pop(key, None) is None:
                    del machine[key]
                    failed[key] = (None, (found,))
                    continue
                stays = "the machine's translation" if key in machine else "the source"
                said = f"{file.name}: {key}: the edited text cannot stand there, {stays} stays: {found.message}"
                on_event(Refused(said, warning=True))
            if failed:
                self.store.save_outputs(self.job, ordinal, failed)

    def _machine(self, ordinal: int, results: list[ResultRow], file: InputFile, document: Document) -> dict[str, str]:
        """What the model translated, by key, as it fits its places."""
        targets = {r.key: r.output for r in results if r.output is not None}
        waiting = [r for r in results if r.state is State.TRANSLATED and r.output is None and not _refused(r)]
        if waiting:
            fitted = self._fit(document, waiting, self.source.markups[file.format])
            self.store.save_outputs(self.job, ordinal, fitted)
            targets.update((key, text) for key, (text, _) in fitted.items() if text is not None)
        return targets

    def _edited(self, document: Document, results: list[ResultRow], markup: MarkupSyntax) -> dict[str, str]:
        """What people decided, by key, fitted to its place too: whatever is found in it, it stands."""
        wanted = {r.key: r.edit for r in results if r.edit is not None}
        return {
            segment.key: fit(
                wanted[segment.key],
                limits=segment.limits,
                markup=markup,
                source_lines=segment.source.count("\n") + 1,
                split=self.split,
            ).text
            for segment in (document.segments if wanted else ())
            if segment.key in wanted
        }

    def _fit(self, document: Document, results: list[ResultRow], markup: MarkupSyntax) -> dict[str, Fitting]:
        segments: Mapping[str, Segment] = {s.key: s for s in document.segments}
        fitted: dict[str, Fitting] = {}
        for result in results:
            segment = segments[result.key]
            lines = segment.source.count("\n") + 1
            found = fit(result.target or "", limits=segment.limits, markup=markup, source_lines=lines, split=self.split)
            findings = judged(found.findings, self.decided)
            # What is an error here has been asked again in vain, for another place of the text.
            wrong = any(finding.severity is Severity.ERROR for finding in findings)
            fitted[result.key] = (None if wrong else found.text, findings)
        return fitted


def _refused(result: ResultRow) -> bool:
    return any(finding.severity is Severity.ERROR for finding in result.findings)


def notice(source: Source, made_by: str, *, whole: bool) -> bytes:
    """What a translated game says of itself, in English and Chinese; the same words at every run.

    whole: it is a copy of the game, not a patch.
    """
    english, chinese = _USE[whole]
    text = f"""This folder is a machine translation.

Game:     {source.root.name}
Model:    {made_by}
Program:  honyaku {__version__}

{english}
No person has checked every line. Please keep this notice when you pass the translation on.

本文件夹为机器翻译。模型：{made_by}；程序：honyaku {__version__}。
{chinese}译文未经人工逐句校对，转发时请保留本说明。
"""
    return text.encode()


_USE = {
    False: (
        "It holds only the files that the translation changes. To play, copy the game and lay these files over it.",
        "其中只有翻译改动过的文件：请先复制一份游戏，再将这些文件覆盖进去。",
    ),
    True: (
        "It is a whole copy. Files may share their bytes with the original (hard links): replace, never edit them.",
        "其中是完整的游戏，可以直接运行。未改动的文件可能与原游戏共用数据（硬链接）：请替换文件，不要直接编辑。",
    ),
}
