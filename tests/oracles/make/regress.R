# Writes ../regress.json: meta-regressions of many data sets of metadat by every estimator and test of metafor.
#   Rscript regress.R > ../regress.json
suppressMessages({library(metafor); library(metadat)})
library(jsonlite)
invisible(Sys.setlocale("LC_COLLATE", "C"))  # levels in the order of their code points
tight <- list(maxiter = 2000, threshold = 1e-12, tol = 1e-15)

quiet <- function(x) suppressWarnings(suppressMessages(x))
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
mcd <- escalc("ZCOR", ri = ri, ni = ni, data = dat.mcdaniel1994)
mol <- escalc("ZCOR", ri = ri, ni = ni, data = dat.molloy2014)
cred <- escalc("ZCOR", ri = ri, ni = ni, data = dat.crede2010)
curt <- escalc("ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.curtis1998)
norm <- escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
gib <- escalc("SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.gibson2002)

# A single moderator without an intercept is left out: rma.uni 3.8-1 then reports another QE and tau2 than its own rma.mv.
# set, effects, the formula for this project, the formula for R
cases <- list(
  list("bcg", bcg, "yi ~ ablat", ~ ablat),
  list("bcg", bcg, "yi ~ ablat + year", ~ ablat + year),
  list("bcg", bcg, "yi ~ C(alloc) - 1", ~ factor(alloc) - 1),
  list("bcg", bcg, "yi ~ ablat * C(alloc)", ~ ablat * factor(alloc)),
  list("bcg", bcg, "yi ~ I(ablat^2) + ablat", ~ I(ablat^2) + ablat),
  list("bcg", bcg, "yi ~ log(ablat) + sqrt(year)", ~ log(ablat) + sqrt(year)),
  list("bcg", bcg, "yi ~ alloc:ablat", ~ alloc:ablat),
  list("raudenbush1985", dat.raudenbush1985, "yi ~ weeks", ~ weeks),
  list("raudenbush1985", dat.raudenbush1985, "yi ~ setting + tester * weeks", ~ setting + tester * weeks),
  list("bangertdrowns2004", dat.bangertdrowns2004, "yi ~ C(grade) + length + wic", ~ factor(grade) + length + wic),
  list("bangertdrowns2004", dat.bangertdrowns2004, "yi ~ subject", ~ subject),
  list("konstantopoulos2011", dat.konstantopoulos2011, "yi ~ C(district) + year", ~ factor(district) + year),
  list("assink2016", dat.assink2016, "yi ~ deltype + year", ~ deltype + year),
  list("mcdaniel1994", mcd, "yi ~ type + struct", ~ type + struct),
  list("molloy2014", mol, "yi ~ a_measure + meanage + quality", ~ a_measure + meanage + quality),
  list("crede2010", cred, "yi ~ criterion + year", ~ criterion + year),
  list("curtis1998", curt, "yi ~ method + time", ~ method + time),
  list("normand1999", norm, "yi ~ n1i", ~ n1i),
  list("gibson2002", gib, "yi ~ year", ~ year)
)

one <- function(fit, whole) {
  found <- list(method = fit$method, test = fit$test, beta = I(as.vector(fit$beta)), se = I(fit$se), tau2 = fit$tau2,
    se_tau2 = if (fit$method %in% c("EE", "PM", "EB")) NULL else fit$se.tau2, i2 = fit$I2, h2 = fit$H2, r2 = fit$R2,
    qe = fit$QE, qm = fit$QM, qm_p = fit$QMp)
  if (fit$method %in% c("ML", "REML")) {
    which <- fit$fit.stats[, fit$method]
    found <- c(found, list(loglik = which[1], aic = which[3], bic = which[4], aicc = which[5]))
  }
  if (!whole) return(found)
  new <- predict(fit)
  stand <- rstandard(fit)
  profile <- confint(fit, type = "QP", control = list(tol = 1e-14))$random[1, 2:3]
  inf <- if (fit$k <= 60) influence(fit) else NULL
  c(found, list(statistic = I(fit$zval), p = I(fit$pval), ci_low = I(fit$ci.lb), ci_high = I(fit$ci.ub), qe_p = fit$QEp,
    profile = I(unname(profile)), pred = I(new$pred[1:3]), pred_se = I(new$se[1:3]), pi_low = I(new$pi.lb[1:3]),
    pi_high = I(new$pi.ub[1:3]), hat = I(unname(hatvalues(fit))), rstandard = I(stand$z),
    influence = if (is.null(inf)) NULL else lapply(c(unclass(inf$inf)[c("rstudent", "dffits", "cook.d", "cov.r",
      "tau2.del", "QE.del", "weight")], list(dfbetas = as.vector(as.matrix(inf$dfbs)))), function(x) I(unname(x))),
    marked = if (is.null(inf)) NULL else I(unname(inf$is.infl))))
}

out <- lapply(cases, function(case) {
  wanted <- NCOL(model.matrix(case[[4]], data = case[[2]]))
  data <- case[[2]]
  fits <- list()
  for (method in c("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE", "EE")) for (test in c("z", "t", "knha", "adhoc")) {
    if (method != "REML" && test %in% c("t", "adhoc")) next
    if (method %in% c("ML", "EB", "SJ", "HS", "HE", "PM") && test != "z") next
    fit <- try(quiet(rma(yi, vi, mods = case[[4]], data = data, method = method, test = test, control = tight)), TRUE)
    if (inherits(fit, "try-error")) next
    fits[[length(fits) + 1]] <- quiet(one(fit, method == "REML" && test %in% c("z", "knha")))
  }
  model <- quiet(rma(yi, vi, mods = case[[4]], data = data, control = tight))
  if (model$p != wanted) stop("collinear: ", case[[1]], " ", case[[3]])
  labels <- attr(terms(case[[4]]), "term.labels")
  vifs <- list()
  if (length(labels) > 1 && model$int.incl) {
    groups <- attr(model.matrix(case[[4]], data = data), "assign")
    vifs <- lapply(seq_along(labels), function(i) unname(quiet(vif(model, btt = which(groups == i)))$vif))
    tests <- lapply(seq_along(labels), function(i) { a <- quiet(anova(model, btt = which(groups == i))); c(a$QM, a$QMp) })
    vifs <- list(gvif = I(sapply(vifs, function(x) if (is.list(x)) x[[1]]$vif else x)), tests = tests)
  }
  list(set = case[[1]], formula = case[[3]], yi = I(as.vector(data$yi)), vi = I(as.vector(data$vi)), fits = fits, terms = vifs)
})

permutations <- list()
permuted <- function(label, formula, mods, data, test) {
  fit <- if (is.null(mods)) rma(yi, vi, data = data, test = test, control = tight) else
    rma(yi, vi, mods = mods, data = data, test = test, control = tight)
  p <- quiet(permutest(fit, exact = TRUE, progbar = FALSE))
  permutations[[length(permutations) + 1]] <<- list(formula = formula, rows = nrow(data), test = test, p = I(p$pval),
    qm_p = if (is.null(mods)) NULL else p$QMp, times = NROW(p$zval.perm))
}
for (test in c("z", "knha")) {
  permuted("bcg", "yi ~ ablat", ~ ablat, bcg[1:6, ], test)
  permuted("bcg", "yi ~ alloc", ~ alloc, bcg[1:8, ], test)
  permuted("bcg", "yi ~ ablat + alloc", ~ ablat + alloc, bcg[1:6, ], test)
}
permuted("bcg", "yi ~ 1", NULL, bcg[1:7, ], "z")

split <- lapply(sort(unique(bcg$alloc)), function(g) rma(yi, vi, data = bcg, subset = alloc == g, control = tight))
b <- sapply(split, function(f) c(f$beta)); s <- sapply(split, function(f) f$se)
own <- rma(b, sei = s, mods = ~ factor(1:3), method = "EE")
shared <- rma(yi, vi, mods = ~ factor(alloc), data = bcg, test = "knha", control = tight)
subgroups <- list(estimate = b, se = s, tau2 = sapply(split, function(f) f$tau2), q = own$QM, p = own$QMp,
  one_tau2 = list(f = shared$QM, p = shared$QMp, tau2 = shared$tau2))

cat(toJSON(list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
  metadat = as.character(packageVersion("metadat"))), control = "maxiter = 2000, threshold = 1e-12, tol = 1e-15",
  cases = out, permutations = permutations, subgroups = subgroups), digits = 17, auto_unbox = TRUE, null = "null", na = "null"))
