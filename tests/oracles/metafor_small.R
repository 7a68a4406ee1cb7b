# Writes metafor_small.json: small cases of escalc and rma that the shared data sets do not cover.
# Made with R 4.2.2, metafor 3.8-1, jsonlite 1.8.4:  Rscript metafor_small.R > metafor_small.json
suppressMessages(library(metafor))
library(jsonlite)

table <- list(ai = c(0, 3), bi = c(10, 4), ci = c(3, 2), di = c(7, 9))   # one table with an empty cell, one without
rates <- list(x1i = c(0, 3), t1i = c(10, 20), x2i = c(2, 4), t2i = c(12, 13))
group <- list(xi = c(0, 3, 8), ni = c(4, 20, 8))
means <- list(m1i = 10, sd1i = 3, n1i = 12, m2i = 8, sd2i = 2, n2i = 15)
few <- list(m1i = 10, sd1i = 3, n1i = 2, m2i = 8, sd2i = 2, n2i = 2)
pairs <- list(ri = c(0.3, -0.5), ni = c(4, 20))

effects <- list()
effect <- function(measure, columns, to = "only0", vtype = "LS") {
  found <- suppressWarnings(do.call(escalc, c(list(measure = measure, to = to, vtype = vtype), columns)))
  effects[[length(effects) + 1]] <<- list(measure = measure, columns = lapply(columns, I), zero = to, variance = vtype,
    yi = I(as.vector(found$yi)), vi = I(as.vector(found$vi)))
}
for (to in c("only0", "all", "none")) {
  for (measure in c("RR", "OR", "RD", "PETO", "AS")) effect(measure, table, to)
  for (measure in c("IRR", "IRD")) effect(measure, rates, to)
  for (measure in c("PR", "PLO", "PLN", "PAS", "PFT")) effect(measure, group, to)
}
for (measure in c("MD", "SMD", "SMDH", "ROM")) effect(measure, means)
for (measure in c("COR", "ZCOR")) effect(measure, pairs)
effect("RD", table, vtype = "UB")
effect("PR", group, vtype = "UB")
effect("SMD", means, vtype = "UB")
effect("SMD", few, vtype = "UB")

y <- c(0.30, -0.05, 0.62, 0.11, 0.47)
v <- c(0.020, 0.015, 0.040, 0.008, 0.055)
pools <- list()
pooled <- function(k, method, test, level, stop = "converged") {
  tight <- list(maxiter = 5000, stepadj = 0.5, threshold = 1e-13, tol = 1e-15)
  control <- if (stop == "converged") tight else list()
  fit <- suppressWarnings(rma(y[1:k], v[1:k], method = method, test = test, level = level, control = control))
  new <- predict(fit)
  range <- if (method == "EE") c(NA, NA) else confint(fit, type = "QP", control = list(tol = 1e-14))$random[1, 2:3]
  pools[[length(pools) + 1]] <<- list(k = k, method = method, test = test, level = level / 100, stop = stop,
    estimate = c(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval, ci_low = fit$ci.lb, ci_high = fit$ci.ub,
    tau2 = fit$tau2, tau2_ci_low = range[[1]], tau2_ci_high = range[[2]], i2 = fit$I2, h2 = fit$H2, q = fit$QE,
    q_p = fit$QEp, loglik = c(logLik(fit)), pi_low = new$pi.lb, pi_high = new$pi.ub)
}
for (method in c("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE", "EE")) pooled(5, method, "t", 95)
for (test in c("z", "t", "knha", "adhoc")) for (level in c(80, 99)) pooled(5, "REML", test, level)
for (test in c("z", "t", "knha", "adhoc")) pooled(2, "REML", test, 95)
for (test in c("t", "knha", "adhoc")) pooled(5, "EE", test, 95)
for (method in c("REML", "ML")) for (k in c(3, 4, 5)) pooled(k, method, "z", 95, "metafor")

aloe <- dat.aloe2013
regressions <- lapply(c("SPCOR", "PCOR"), function(measure) {
  found <- escalc(measure = measure, ti = tval, ni = n, mi = preds, r2i = R2, data = aloe)
  list(measure = measure, t = aloe$tval, n = aloe$n, predictors = aloe$preds, r2 = aloe$R2,
    yi = as.vector(found$yi), vi = as.vector(found$vi))
})

versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")))
answer <- list(versions = versions, effects = effects, yi = y, vi = v, pools = pools, regressions = regressions)
cat(toJSON(answer, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")
