# Writes pooling.json: rma.uni over data sets and choices that the shared oracle does not cover.
#   Rscript pooling.R > ../pooling.json        (metafor, metadat, jsonlite)
suppressMessages({library(metafor); library(jsonlite)})

tight <- list(maxiter = 2000, stepadj = 0.5, threshold = 1e-13, tol = 1e-15)
sets <- list(
  collins1985a = escalc("OR", data = dat.collins1985a, ai = b.xti, n1i = nti, ci = b.xci, n2i = nci),
  lee2004 = escalc("RR", data = dat.lee2004, ai = ai, n1i = n1i, ci = ci, n2i = n2i),
  yusuf1985 = escalc("PETO", data = dat.yusuf1985, ai = ai, n1i = n1i, ci = ci, n2i = n2i),
  li2007 = escalc("OR", data = dat.li2007, ai = ai, n1i = n1i, ci = ci, n2i = n2i),
  nielweise2007 = escalc("RD", data = dat.nielweise2007, ai = ai, n1i = n1i, ci = ci, n2i = n2i),
  mcdaniel1994 = escalc("ZCOR", data = dat.mcdaniel1994, ri = ri, ni = ni),
  curtis1998 = escalc("ROM", data = dat.curtis1998, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i),
  debruin2009 = escalc("PLO", data = dat.debruin2009, xi = xi, ni = ni),
  linde2005 = escalc("RR", data = dat.linde2005, ai = ai, n1i = n1i, ci = ci, n2i = n2i),
  two = list(yi = c(0.12, 0.55), vi = c(0.02, 0.05)),
  alike = list(yi = c(0.30, 0.31, 0.29, 0.33), vi = c(0.05, 0.02, 0.09, 0.04)),
  flat = list(yi = c(0.3, 0.3, 0.3), vi = c(0.04, 0.04, 0.04))
)

one <- function(name, method, test, level) {
  data <- sets[[name]]
  keep <- !is.na(data$yi) & !is.na(data$vi)
  fit <- suppressWarnings(rma(data$yi[keep], data$vi[keep], method = method, test = test, level = level, control = tight))
  new <- predict(fit)
  range <- function(type) {
    found <- tryCatch(suppressWarnings(confint(fit, type = type, control = list(tol = 1e-15, maxiter = 5000))),
                      error = function(e) NULL)
    if (is.null(found)) NULL else c(found$random[1, 2:3])
  }
  list(set = name, method = method, test = test, level = level / 100, estimate = c(fit$beta), se = fit$se,
    statistic = fit$zval, p = fit$pval, ci_low = fit$ci.lb, ci_high = fit$ci.ub, tau2 = fit$tau2, i2 = fit$I2,
    h2 = fit$H2, q = fit$QE, q_p = fit$QEp, loglik = c(logLik(fit)), pi_low = new$pi.lb, pi_high = new$pi.ub,
    qp = if (method == "EE") NULL else unname(range("QP")),
    pl = if (method %in% c("REML", "ML")) unname(range("PL")) else NULL)
}
fits <- list()
for (name in names(sets)) {
  for (method in c("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE", "EE"))
    for (test in c("z", "t", "knha")) fits[[length(fits) + 1]] <- one(name, method, test, 95)
  for (method in c("REML", "ML")) fits[[length(fits) + 1]] <- one(name, method, "adhoc", 80)
}
given <- lapply(sets, function(data) {
  keep <- !is.na(data$yi) & !is.na(data$vi)
  list(yi = as.vector(data$yi)[keep], vi = as.vector(data$vi)[keep])
})
versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat")))
cat(toJSON(list(versions = versions, sets = given, fits = fits), digits = NA, auto_unbox = TRUE, na = "null",
  null = "null"), "\n")
