from dataclasses import replace
from pathlib import Path

from translator.cli.report import report, with_database
from translator.workflow.events import HostReport, Problem, Status, Summary

SUMMARY = Summary(
    job="7",
    status=Status.DONE,
    documents=3,
    segments=400,
    unique=345,
    translated=390,
    from_memory=20,
    kept=10,
    failed=0,
    flagged=0,
    requests=1200,
    retries=1,
    prompt_tokens=123456,
    output_tokens=7890,
    cached_tokens=0,
    seconds=245.0,
    output="/games/MyGame.zh-CN",
    written=tuple(f"data/Map{n:03}.json" for n in range(1, 9)),
)


def text(summary: Summary) -> str:
    return "\n".join(report(summary))


def test_it_says_what_was_done_and_what_was_written_where() -> None:
    said = text(SUMMARY)
    for part in (
        "3 files read: 400 segments, 345 texts",
        "390 translated (20 from memory), 10 with nothing to translate",
        "1,200 requests (1 repeat), 123,456 tokens read, 7,890 written, 4 min 5 s",
        "8 files written to /games/MyGame.zh-CN",
        "data/Map001.json",
        "and 3 more",
    ):
        assert part in said
    assert "resume" not in said


def test_each_failed_segment_is_listed_with_file_key_and_reason() -> None:
    problems = tuple(Problem(f"data/{n}.json", f"key{n}", "源", None, f"reason {n}", failed=True) for n in range(3))
    flagged = Problem("data/9.json", "key9", "源", "x", "too wide", failed=False)
    said = text(replace(SUMMARY, failed=3, flagged=1, problems=(flagged, *problems), status=Status.PARTIAL))
    for n in range(3):
        assert f"data/{n}.json: key{n}: reason {n}" in said
    assert "3 segments kept the source text" in said
    assert "translate resume 7" in said
    assert "1 segment translated, but worth a look: translate jobs show 7" in said
    assert "key9" not in said


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    problems = tuple(Problem("f", f"key{n}", "源", None, "no", failed=True) for n in range(50))
    said = text(replace(SUMMARY, failed=50, problems=problems, status=Status.PARTIAL))
    assert sum("key" in line for line in said.splitlines()) == 20
    assert "and 30 more: translate jobs show 7" in said


def test_what_a_limit_held_back_is_counted_and_can_be_gone_on_with() -> None:
    said = text(replace(SUMMARY, translated=100, status=Status.LIMITED))
    assert "290 left for the next run" in said
    assert "translate resume 7" in said


def test_only_commands_that_resume_are_given_their_database() -> None:
    hint = "look at the log\ngo on with: translate resume ab12"
    assert with_database(hint, None) == hint
    assert with_database(hint, Path("my jobs.db")) == hint + " --db 'my jobs.db'"


def test_a_dry_run_says_that_nothing_happened() -> None:
    said = text(replace(SUMMARY, status=Status.DRY_RUN, written=()))
    assert "would be read" in said
    assert "Nothing was asked or written" in said
    assert "/games/MyGame.zh-CN" in said


def test_text_from_files_cannot_command_the_terminal() -> None:
    problem = Problem("a\x1b[2J.json", "k\n", "源", None, "r\x07", failed=True)
    said = text(replace(SUMMARY, failed=1, problems=(problem,), status=Status.PARTIAL))
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "a\\x1b[2J.json: k\\n: r\\x07" in said


def test_files_that_could_not_be_read_are_listed_with_the_reason() -> None:
    said = text(replace(SUMMARY, unreadable=(("data/Map009.json", "cut short at byte 17"),)))
    assert "1 file could not be read:" in said
    assert "data/Map009.json: cut short at byte 17" in said


def test_a_notice_is_said_once() -> None:
    summary = replace(SUMMARY, notices=("Seen before.", "Not seen yet."))
    said = "\n".join(report(summary, said={"Seen before."}))
    assert "Seen before." not in said
    assert "Not seen yet." in said


def test_a_host_that_does_not_tell_what_its_cache_held_is_not_said_to_have_held_nothing() -> None:
    told, silent = (HostReport(name, "m", 2, 10, 50.0, share) for name, share in (("vllm a", 0.0), ("ollama b", None)))
    said = report(replace(SUMMARY, hosts=(told, silent)))
    lines = [line for line in said if "tok/s" in line]
    assert lines == [
        "  vllm a (m): 10 requests, 2 at once, 50 tok/s, 0 % of what it read was in its cache",
        "  ollama b (m): 10 requests, 2 at once, 50 tok/s, cache not told",
    ]
