import sys
from pathlib import Path

import psutil
import pytest

from translator.model.machine import Gpu, container_memory, machine_memory, nvidia_gpus, parse_gpus

MIB = 1024**2
GIB = 1024**3


def test_gpus_are_read_from_what_nvidia_s_program_prints() -> None:
    lines = ["NVIDIA GeForce RTX 4090, 24564, 23012", "NVIDIA H100 80GB HBM3, MIG, 81559, 81079", "", "[N/A], [N/A], 1"]
    assert parse_gpus(lines) == (
        Gpu("NVIDIA GeForce RTX 4090", 24564 * MIB, 23012 * MIB),
        Gpu("NVIDIA H100 80GB HBM3, MIG", 81559 * MIB, 81079 * MIB),
    )


def test_without_the_program_there_are_no_gpus(tmp_path: Path) -> None:
    assert nvidia_gpus(None) == ()
    assert nvidia_gpus(str(tmp_path / "gone")) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the program")
def test_the_program_is_asked_for_names_and_memory(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text('#!/bin/sh\necho "$1 $2" > "$0.asked"\necho "NVIDIA T4, 15360, 14000"\n')
    program.chmod(0o755)
    assert nvidia_gpus(str(program)) == (Gpu("NVIDIA T4", 15360 * MIB, 14000 * MIB),)
    asked = (tmp_path / "nvidia-smi.asked").read_text()
    assert asked == "--query-gpu=name,memory.total,memory.free --format=csv,noheader,nounits\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the program")
def test_a_program_that_finds_no_driver_tells_of_no_gpus(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text('#!/bin/sh\necho "NVIDIA-SMI has failed"\nexit 9\n')
    program.chmod(0o755)
    assert nvidia_gpus(str(program)) == ()


def test_a_container_s_limit_counts(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{4 * GIB}\n")
    (tmp_path / "memory.current").write_text(f"{GIB}\n")
    assert container_memory(tmp_path, 64 * GIB, 32 * GIB) == (4 * GIB, 3 * GIB)
    assert container_memory(tmp_path, 64 * GIB, 2 * GIB) == (4 * GIB, 2 * GIB)
    assert container_memory(tmp_path, 2 * GIB, GIB) == (2 * GIB, GIB)


def test_a_container_without_a_limit_has_the_whole_machine(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1\n")
    assert container_memory(tmp_path, 64 * GIB, 32 * GIB) == (64 * GIB, 32 * GIB)


def test_older_control_groups_are_understood(tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    folder.mkdir()
    (folder / "memory.usage_in_bytes").write_text(f"{GIB}\n")
    (folder / "memory.limit_in_bytes").write_text(f"{2 * GIB}\n")
    assert container_memory(tmp_path, 64 * GIB, 32 * GIB) == (2 * GIB, GIB)
    (folder / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    assert container_memory(tmp_path, 64 * GIB, 32 * GIB) == (64 * GIB, 32 * GIB)


def test_this_machine_has_memory() -> None:
    machine = machine_memory()
    assert 0 < machine.free <= machine.total <= psutil.virtual_memory().total
