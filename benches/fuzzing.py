"""Does any accident lose a record in silence, or bring a reader down? Mutated files of every format, counted.

    python -m benches.fuzzing [FILES [SEED [SAMPLE ...]]]

FILES of each sample (1,000 unless told; 100,000 take about an hour of CPU time in all) are made from the samples of the
tests by bit flips, cuts, holes, repeated blocks, moved lines, other line ends, wrong encodings, splices with other formats
and nasty insertions, and each is read twice and sent through RIS. Printed for each sample: how many were read whole, read
in part, and refused in one sentence, and the files each second of CPU time. A file that breaks a promise is kept beside
the bench's temporary files and named; the exit status is then 1.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.unit.collate.mutations import check, mutated
from tests.unit.collate.samples import SAMPLES

FILES = 1_000


def fuzz(name: str, files: int, seed: int, kept: Path) -> tuple[Counter[str], float]:
    """What came of the files made from this sample, and the CPU seconds."""
    draw = random.Random(f"{seed} {name}")
    came: Counter[str] = Counter()
    begun = time.process_time()
    for number in range(files):
        data = mutated(SAMPLES[name], draw)
        try:
            came[check(data)] += 1
        except Exception as fault:
            came["FAULT"] += 1
            path = kept / f"{name.replace(' ', '-').replace(',', '')}-{seed}-{number}"
            path.write_bytes(data)
            print(f"  {path}: {type(fault).__name__}: {str(fault)[:160]}", flush=True)
    return came, time.process_time() - begun


def main() -> None:
    """Print a row for each sample."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    kept = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    heads = ("read", "partly", "refused", "FAULT")
    print("sample".ljust(28), *(head.rjust(9) for head in heads), "files/s".rjust(9))
    faults = 0
    for name in sys.argv[3:] or SAMPLES:
        came, seconds = fuzz(name, files, seed, kept)
        faults += came["FAULT"]
        print(
            name.ljust(28), *(f"{came[head]:9,}" for head in heads), f"{files / max(seconds, 1e-9):9,.0f}", flush=True
        )
    if not faults:
        kept.rmdir()
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
