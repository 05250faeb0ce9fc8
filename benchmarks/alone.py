"""Reading and writing a job's files alone, with the translations at hand: what a re-run is compared with.

    python benchmarks/alone.py KIND INPUT DATABASE OUTPUT NEW_OUTPUT

Takes the translations of the finished job INPUT → OUTPUT out of the database, file by file and outside of the clock,
then opens, renders and writes each file to NEW_OUTPUT. Prints JSON: the seconds of wall and of CPU.
"""

import gc
import json
import sys
import time
from pathlib import Path

from translator.store import Store
from translator.workflow.inputs import find_source, open_document, read_blob
from translator.workflow.options import InputOptions, Kind
from translator.workflow.output import write_file


def main() -> None:
    """Measure and print."""
    kind, given, database, output, new_output = sys.argv[1:]
    source = find_source(InputOptions(path=Path(given), kind=Kind(kind)), source="ja", target="zh-CN")
    wall = cpu = 0.0
    with Store.open(Path(database)) as store:
        (job,) = (row for row in store.jobs() if row.output == str(Path(output).absolute()))
        for ordinal, file in enumerate(source.files):
            targets = {r.key: r.output for r in store.results(job, ordinal) if r.output is not None}
            gc.collect()
            began, began_cpu = time.perf_counter(), time.process_time()
            rendered = open_document(file, read_blob(file)).render(targets)
            write_file(Path(new_output, file.path), rendered)
            wall += time.perf_counter() - began
            cpu += time.process_time() - began_cpu
    print(json.dumps({"wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main()
