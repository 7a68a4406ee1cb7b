"""The R scripts that results give are run by R, and give the same numbers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unit.synthesise.test_multilevel import NESTED, STUDY, VI, YEAR, YI
from whatworks.synthesise.methods.multilevel.correlated import rve
from whatworks.synthesise.methods.multilevel.modelling import multilevel

pytestmark = pytest.mark.r


def printed(script: str, ask: str, folder: Path) -> list[float]:
    file = folder / "same.R"
    file.write_text(f'{script}cat("#", format({ask}, digits = 14), "\\n")\n', encoding="utf-8")
    ran = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [float(one) for one in ran.stdout.split("#")[-1].split()]


def test_the_script_of_a_multilevel_model(tmp_path: Path) -> None:
    found = multilevel(YI, VI, x={"year": YEAR}, nested=NESTED, rho=0.6, robust="CR2")
    theirs = printed(found.r_script(), "c(coef(fit), sqrt(diag(vcr)), fit$sigma2, logLik(fit))", tmp_path)
    ours = [row.estimate for row in found.coefficients] + [row.se for row in found.coefficients]
    # nlminb leaves the variances short by about 1e-5 of them
    assert [*ours, *found.sigma2, found.loglik] == pytest.approx(theirs, rel=1e-4, abs=1e-7)


def test_the_script_of_simple_weights(tmp_path: Path) -> None:
    found = rve(YI, VI, STUDY, x={"year": YEAR})
    theirs = printed(found.r_script(), "c(fit$reg_table$b.r, fit$reg_table$SE, c(fit$mod_info$tau.sq))", tmp_path)
    ours = [row.estimate for row in found.coefficients] + [row.se for row in found.coefficients]
    assert [*ours, found.tau2] == pytest.approx(theirs, rel=1e-10)
