"""Writes tests/oracles/from_irrcac.json anew, in an environment that has statsmodels 0.15.0 and irrCAC 0.4.4:

    python tests/oracles/from_irrcac.py

Tables of two screeners (both include, only the first, only the second, neither): Cohen's kappa with its large-sample
standard error from statsmodels, Gwet's AC1 with its from irrCAC, the package by the keepers of R's irrCAC.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np

CHOSEN = [[20, 5, 10, 15], [45, 15, 25, 15], [160, 153, 190, 6848], [9, 5, 2, 416], [1, 2, 1, 60], [0, 3, 2, 95]]


def main() -> None:
    """Pin both programs' numbers on chosen and on drawn tables."""
    import pandas as pd
    from irrCAC.raw import CAC
    from statsmodels.stats.inter_rater import cohens_kappa

    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20260902)
    drawn = [rng.multinomial(rng.integers(20, 900), rng.dirichlet([1, 0.4, 0.4, 3])).tolist() for _ in range(24)]
    told = []
    for a, b, c, d in CHOSEN + [table for table in drawn if min(table) > 0]:
        kappa = cohens_kappa(np.array([[a, b], [c, d]]))
        rows = [["i", "i"]] * a + [["i", "e"]] * b + [["e", "i"]] * c + [["e", "e"]] * d
        ac1 = CAC(pd.DataFrame(rows, columns=["A", "B"]), digits=14).gwet()["est"]
        told.append(
            {
                "table": [a, b, c, d],
                "kappa": float(kappa.kappa),
                "kappa_se": float(kappa.std_kappa),
                "ac1": float(ac1["coefficient_value"]),
                "ac1_se": float(ac1["se"]),
            }
        )
    text = json.dumps({"programs": "statsmodels 0.15.0, irrCAC 0.4.4", "tables": told}, indent=1)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
