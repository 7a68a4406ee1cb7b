"""Speed and quality measured side by side with peers, every program on one core: threads that wait count as CPU time."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # read once, when the first numerical library is loaded
    os.environ.setdefault(name, "1")
