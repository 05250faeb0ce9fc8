"""How much memory this machine has for models."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1024**2
_QUERY = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")
_PATIENCE = 10.0
_FIELDS = 3
_CGROUPS = (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"))


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU with memory of its own. total, free: bytes."""

    name: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes. free: what a new program could have. shared: the GPU uses the same memory (Apple)."""

    total: int
    free: int
    gpus: tuple[Gpu, ...] = ()
    shared: bool = False

    @property
    def gpu_free(self) -> int:
        """What is free on all GPUs together: a model's layers can be spread over them."""
        return sum(gpu.free for gpu in self.gpus)


def machine_memory() -> Machine:
    """What this machine has: its memory, or the part that its container may use, and NVIDIA's GPUs."""
    memory = psutil.virtual_memory()
    total, free = container_memory(Path("/sys/fs/cgroup"), memory.total, memory.available)
    shared = sys.platform == "darwin" and platform.machine() == "arm64"
    return Machine(total, free, nvidia_gpus(shutil.which("nvidia-smi")), shared)


def container_memory(cgroup: Path, total: int, free: int) -> tuple[int, int]:
    """Total and free memory (bytes) inside the limit that a container has under `cgroup`, where there is one.

    psutil tells what the whole machine has. Version 2 of Linux's control groups calls the limit memory.max, with the
    word `max` for none; version 1 has a number larger than any memory for that.
    """
    for limit_name, used_name in _CGROUPS:
        try:
            limit, used = (int((cgroup / name).read_text(encoding="ascii")) for name in (limit_name, used_name))
        except (OSError, ValueError):
            continue  # no such control group, or no limit
        if limit < total:
            return limit, max(min(free, limit - used), 0)
    return total, free


def nvidia_gpus(program: str | None) -> tuple[Gpu, ...]:
    """The GPUs that NVIDIA's program tells of; none when there is no such program or it finds no driver."""
    if program is None:
        return ()
    try:
        told = subprocess.run(  # noqa: S603 - the program that the PATH names, with fixed arguments
            [program, *_QUERY], capture_output=True, text=True, timeout=_PATIENCE, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return ()  # it is installed, but there is no GPU or no driver for it
    return parse_gpus(told.stdout.splitlines())


def parse_gpus(lines: Iterable[str]) -> tuple[Gpu, ...]:
    """GPUs out of lines such as `NVIDIA GeForce RTX 4090, 24564, 23012` (MiB); other lines are passed over."""
    gpus: list[Gpu] = []
    for line in lines:
        fields = [field.strip() for field in line.rsplit(",", _FIELDS - 1)]
        if len(fields) == _FIELDS and fields[1].isdecimal() and fields[2].isdecimal():
            gpus.append(Gpu(fields[0], int(fields[1]) * MIB, int(fields[2]) * MIB))
    return tuple(gpus)
