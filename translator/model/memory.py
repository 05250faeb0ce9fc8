"""What memory this machine has."""

import shutil
import subprocess
from dataclasses import dataclass

import psutil

GIB = 1024**3
_MIB = 1024**2
_QUERY = ("--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits")
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics card; its memory in bytes."""

    name: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Machine:
    """The memory of a machine in bytes. free: what programs can get now without swapping."""

    total: int
    free: int
    gpus: tuple[Gpu, ...] = ()

    @property
    def gpu_total(self) -> int:
        """Of all graphics cards together: model servers spread layers over them."""
        return sum(gpu.total for gpu in self.gpus)

    @property
    def gpu_free(self) -> int:
        """What is free of that now."""
        return sum(gpu.free for gpu in self.gpus)


def machine_memory() -> Machine:
    """This machine's memory. Graphics cards are those that NVIDIA's driver lists; others are not seen."""
    memory = psutil.virtual_memory()
    return Machine(memory.total, memory.available, nvidia_gpus())


def nvidia_gpus() -> tuple[Gpu, ...]:
    """The graphics cards that `nvidia-smi` lists; none where it is not installed, fails or does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        # The program is what the system's own search path names, and is given no outside text.
        done = subprocess.run([program, *_QUERY], capture_output=True, text=True, timeout=_PATIENCE, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        # A driver that does not work now means no card that could be used now.
        return ()
    return parse_nvidia_smi(done.stdout)


def parse_nvidia_smi(text: str) -> tuple[Gpu, ...]:
    """The cards of `nvidia-smi`'s CSV answer (name, MiB in all, MiB free); lines without numbers are left out."""
    gpus: list[Gpu] = []
    for line in text.splitlines():
        name, *numbers = (cell.strip() for cell in line.rsplit(",", 2))
        # Cards that share the machine's memory say `[N/A]`.
        if len(numbers) == 2 and all(number.isdigit() for number in numbers):  # noqa: PLR2004 - total and free
            gpus.append(Gpu(name, int(numbers[0]) * _MIB, int(numbers[1]) * _MIB))
    return tuple(gpus)
