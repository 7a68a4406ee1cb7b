# Writes ../influence.json: leave-one-out and cumulative results by other estimators and tests, and Baujat's coordinates.
#   Rscript influence.R > ../influence.json
suppressMessages({library(metafor); library(metadat)})
library(jsonlite)
tight <- list(maxiter = 2000, threshold = 1e-12, tol = 1e-15)
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- list(bcg = bcg, raudenbush1985 = dat.raudenbush1985, bangertdrowns2004 = dat.bangertdrowns2004)
asked <- list(c("DL", "z"), c("ML", "t"), c("REML", "knha"), c("REML", "adhoc"), c("PM", "z"), c("SJ", "knha"), c("EE", "z"))
pick <- function(x) lapply(list(estimate = x$estimate, se = x$se, p = x$pval, ci_low = x$ci.lb, ci_high = x$ci.ub,
  tau2 = x$tau2, i2 = x$I2, h2 = x$H2, q = x$Q, q_p = x$Qp), function(v) if (is.null(v)) NULL else I(as.vector(v)))
out <- list()
for (name in names(sets)) for (way in asked) {
  fit <- suppressWarnings(rma(yi, vi, data = sets[[name]], method = way[1], test = way[2], control = tight))
  out[[length(out) + 1]] <- list(set = name, method = way[1], test = way[2], yi = I(as.vector(sets[[name]]$yi)),
    vi = I(as.vector(sets[[name]]$vi)), left = suppressWarnings(pick(leave1out(fit))), cumul = suppressWarnings(pick(cumul(fit))))
}
points <- lapply(sets, function(data) {
  pdf(NULL)
  b <- baujat(rma(yi, vi, data = data, control = tight))
  list(x = I(b$x), y = I(b$y))
})
cat(toJSON(list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat"))), control = "maxiter = 2000, threshold = 1e-12, tol = 1e-15",
  refits = out, baujat = points), digits = 17, auto_unbox = TRUE, null = "null", na = "null"))
