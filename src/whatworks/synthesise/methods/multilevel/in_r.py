"""The same multilevel analysis as an R script, with its data in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.result import Multilevel


def r_script(told: Multilevel) -> str:
    """metafor's rma.mv with the data in the script; clubSandwich where the variance is robust."""
    given, settings = told.given, told.settings
    lines = [
        "# A multilevel meta-analysis with metafor 3.8-1 (and clubSandwich 0.5.8): the data, the model, its tests.",
        "library(metafor)",
        f"yi <- {vector(given.y.tolist())}",
        f"vi <- {vector(given.sampling.v.tolist())}",
    ]
    lines += [f"{_name(name)} <- {vector(values)}" for name, values in given.labels.items()]
    lines += [_moderators(told), _errors_in_r(told)]
    chains = [f"~ 1 | {'/'.join(map(_name, chain))}" for chain in given.chains]
    random = f", random = list({', '.join(chains)})" if chains else ""
    lines.append(
        f'fit <- rma.mv(yi, V, mods = X, intercept = FALSE{random}, method = "{settings.method}", '
        f"test = {_test(settings.test)}, level = {100 * settings.level:g},\n"
        '  control = list(optimizer = "nlminb", rel.tol = 1e-10, iter.max = 2000, eval.max = 4000))'
    )
    lines.append("print(fit, digits = 10)\nprint(c(logLik(fit)), digits = 15)")
    if settings.robust:
        lines += _robust_in_r(told)
    if any(row.ci_low is not None for row in told.components):
        lines.append("print(confint(fit), digits = 10)")
    return "\n".join(lines) + "\n"


def _test(test: str) -> str:
    return {"z": '"z"', "t": '"t"', "contain": '"t", dfs = "contain"'}[test]


def _robust_in_r(told: Multilevel) -> Iterator[str]:
    cluster = _name(told.given.cluster_name)
    yield "library(clubSandwich)"
    yield f'vcr <- vcovCR(fit, cluster = {cluster}, type = "{told.settings.robust}")'
    yield f'print(conf_int(fit, vcov = vcr, level = {told.settings.level:g}, test = "Satterthwaite"), digits = 10)'
    yield 'print(coef_test(fit, vcov = vcr, test = "Satterthwaite"), digits = 10)'
    names = told.names
    if len(names) > 1:
        first = 2 if names[0] == "intercept" else 1
        yield f'print(Wald_test(fit, constraints = constrain_zero({first}:{len(names)}), vcov = vcr, test = "HTZ"), digits = 10)'


def _moderators(told: Multilevel) -> str:
    numbers = vector(told.given.x.T.ravel().tolist())
    names = ", ".join(quoted(name) for name in told.names)
    return f"X <- matrix({numbers}, nrow = {told.k}, dimnames = list(NULL, c({names})))"


def _errors_in_r(told: Multilevel) -> str:
    sampling = told.given.sampling
    if sampling.matrix is not None:
        return f"V <- matrix({vector(sampling.matrix.ravel().tolist())}, nrow = {told.k})"
    if not sampling.rho or sampling.within is None:
        return "V <- vi"
    codes = vector((sampling.within.codes + 1).tolist())
    return f'block <- {codes}\nV <- {sampling.rho!r} * outer(block, block, "==") * tcrossprod(sqrt(vi))\ndiag(V) <- vi'


def vector(values: Iterable[Any]) -> str:
    """Values as R reads them; whatever is not a number is text."""
    return f"c({', '.join(_value(value) for value in values)})"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    return repr(value.item() if hasattr(value, "item") else value)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _name(name: str) -> str:
    """A column's name as a variable in R."""
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "." for letter in name)
    return plain if plain[:1].isalpha() else f"g.{plain}"
