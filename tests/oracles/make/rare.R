# Writes rare.json: pooling of counts by metafor's rma.mh and rma.peto; mixed models by lme4 at tight settings (metafor's
# rma.glmm leaves lme4's own tolerances, about 1e-4); the exact conditional and the beta-binomial likelihood by plain
# integrals and optim.
#   Rscript rare.R > ../rare.json        (metafor, metadat, lme4, jsonlite)
suppressMessages({library(metafor); library(lme4); library(jsonlite)})

two <- function(data, ai, n1i, ci, n2i) list(ai = data[[ai]], n1i = data[[n1i]], ci = data[[ci]], n2i = data[[n2i]])
bcg <- with(dat.bcg, list(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg))
sets <- list(
  nielweise2007 = two(dat.nielweise2007, "ai", "n1i", "ci", "n2i"),
  bcg = bcg,
  lee2004 = two(dat.lee2004, "ai", "n1i", "ci", "n2i"),
  li2007 = two(dat.li2007, "ai", "n1i", "ci", "n2i"),
  collins1985a = with(subset(dat.collins1985a, !is.na(b.xti)), list(ai = b.xti, n1i = nti, ci = b.xci, n2i = nci)),
  yusuf1985 = with(subset(dat.yusuf1985, table == 6 & !is.na(ai)), list(ai = ai, n1i = n1i, ci = ci, n2i = n2i)),
  doublezero = list(ai = c(0, 2, 0, 5, 1, 0), n1i = c(50, 60, 40, 80, 30, 25), ci = c(0, 6, 3, 9, 4, 2), n2i = c(52, 58, 44, 75, 33, 25)),
  one = list(ai = 3, n1i = 40, ci = 8, n2i = 42)
)
rates <- list(
  nielweise2008 = as.list(dat.nielweise2008[c("x1i", "t1i", "x2i", "t2i")]),
  hart1999 = as.list(dat.hart1999[c("x1i", "t1i", "x2i", "t2i")])
)
single <- list(
  debruin2009 = as.list(dat.debruin2009[c("xi", "ni")]),
  pritz1997 = as.list(dat.pritz1997[c("xi", "ni")])
)

weighted <- list()
for (name in names(sets)) for (measure in c("OR", "RR", "RD")) {
  f <- suppressWarnings(do.call(rma.mh, c(sets[[name]], measure = measure)))
  weighted[[length(weighted) + 1]] <- list(set = name, method = "MH", measure = measure, estimate = c(f$beta), se = f$se,
    p = f$pval, ci_low = f$ci.lb, ci_high = f$ci.ub, q = f$QE, q_p = f$QEp, i2 = f$I2, cmh = f$MH, cmh_p = f$MHp,
    breslow_day = f$BD, tarone = f$TA, tarone_p = f$TAp)
}
for (name in names(sets)) {
  f <- suppressWarnings(do.call(rma.peto, sets[[name]]))
  weighted[[length(weighted) + 1]] <- list(set = name, method = "PETO", measure = "OR", estimate = c(f$beta), se = f$se,
    p = f$pval, ci_low = f$ci.lb, ci_high = f$ci.ub, q = f$QE, q_p = f$QEp, i2 = f$I2)
}
for (name in names(rates)) for (measure in c("IRR", "IRD")) {
  f <- suppressWarnings(do.call(rma.mh, c(rates[[name]], measure = measure)))
  weighted[[length(weighted) + 1]] <- list(set = name, method = "MH", measure = measure, estimate = c(f$beta), se = f$se,
    p = f$pval, ci_low = f$ci.lb, ci_high = f$ci.ub, q = f$QE, q_p = f$QEp, i2 = f$I2, cmh = f$MH, cmh_p = f$MHp)
}

tight <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 1e6), tolPwrss = 1e-10,
  check.conv.singular = "ignore", check.conv.grad = "ignore", check.conv.hess = "ignore")
mixed <- list()
keep <- function(set, model, measure, fit, place) {
  mixed[[length(mixed) + 1]] <<- list(set = set, model = model, measure = measure, estimate = unname(fixef(fit)[place]),
    se = unname(sqrt(diag(as.matrix(vcov(fit))))[place]), tau2 = unname(VarCorr(fit)[[1]][1]), loglik = c(logLik(fit)))
}
silent <- function(d) with(d, (ai + ci == 0) | (ai == n1i & ci == n2i))
for (name in setdiff(names(sets), c("one", "collins1985a", "li2007"))) {
  d <- as.data.frame(sets[[name]]); d <- d[!silent(d), ]; k <- nrow(d)
  long <- data.frame(x = c(d$ai, d$ci), m = c(d$n1i - d$ai, d$n2i - d$ci), g = rep(c(0.5, -0.5), each = k), study = factor(rep(1:k, 2)))
  f <- suppressWarnings(glmer(cbind(x, m) ~ -1 + g + study + (g - 1 | study), long, binomial, nAGQ = 25, control = tight))
  keep(name, "UM.FS", "OR", f, 1)
  d$study <- factor(1:k)
  f <- suppressWarnings(glmer(cbind(ai, ci) ~ 1 + (1 | study), d, binomial, nAGQ = 25, control = tight, offset = log(n1i / n2i)))
  keep(name, "CM.AL", "OR", f, 1)
}
for (name in names(rates)) {
  d <- as.data.frame(rates[[name]]); d <- d[d$x1i + d$x2i > 0, ]; k <- nrow(d)
  long <- data.frame(x = c(d$x1i, d$x2i), t = c(d$t1i, d$t2i), g = rep(c(0.5, -0.5), each = k), study = factor(rep(1:k, 2)))
  f <- suppressWarnings(glmer(x ~ -1 + g + study + (g - 1 | study) + offset(log(t)), long, poisson, nAGQ = 25, control = tight))
  keep(name, "UM.FS", "IRR", f, 1)
  d$study <- factor(1:k)
  f <- suppressWarnings(glmer(cbind(x1i, x2i) ~ 1 + (1 | study), d, binomial, nAGQ = 25, control = tight, offset = log(t1i / t2i)))
  keep(name, "CM.EL", "IRR", f, 1)
  f <- suppressWarnings(glmer(x1i ~ 1 + (1 | study) + offset(log(t1i)), d, poisson, nAGQ = 25, control = tight))
  keep(name, "GLMM", "IRLN", f, 1)
}
for (name in names(single)) {
  d <- as.data.frame(single[[name]]); d$study <- factor(seq_len(nrow(d)))
  f <- suppressWarnings(glmer(cbind(xi, ni - xi) ~ 1 + (1 | study), d, binomial, nAGQ = 25, control = tight))
  keep(name, "GLMM", "PLO", f, 1)
}

exact <- function(d) {
  table <- function(eta, i) {
    s <- max(0, d$ai[i] + d$ci[i] - d$n2i[i]):min(d$n1i[i], d$ai[i] + d$ci[i])
    w <- lchoose(d$n1i[i], s) + lchoose(d$n2i[i], d$ai[i] + d$ci[i] - s)
    vapply(eta, function(e) { l <- w + s * e; l[s == d$ai[i]] - max(l) - log(sum(exp(l - max(l)))) }, 0)
  }
  minus <- function(at) -sum(vapply(seq_along(d$ai), function(i) log(integrate(function(u)
    exp(table(at[1] + exp(at[2]) * u, i)) * dnorm(u), -12, 12, rel.tol = 1e-12, subdivisions = 2000)$value), 0))
  fit <- optim(c(-1, -0.5), minus, method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 4000))
  fit <- optim(fit$par, minus, method = "BFGS", control = list(reltol = 1e-16, ndeps = c(1e-5, 1e-5)))
  h <- optimHess(fit$par, minus, control = list(ndeps = c(1e-3, 1e-3)))
  list(estimate = fit$par[1], tau2 = exp(2 * fit$par[2]), se = sqrt(solve(h)[1, 1]), loglik = -fit$value)
}
for (name in c("nielweise2007", "lee2004", "doublezero")) {
  d <- as.data.frame(sets[[name]]); d <- d[!silent(d), ]
  mixed[[length(mixed) + 1]] <- c(list(set = name, model = "CM.EL", measure = "OR"), exact(d))
}

betas <- list()
for (name in c("nielweise2007", "lee2004", "doublezero", "bcg")) {
  d <- as.data.frame(sets[[name]])
  minus <- function(at) { rho <- plogis(at[3]); b <- 1 / rho - 1; p <- plogis(at[1:2])
    -sum(lchoose(d$n1i, d$ai) + lbeta(p[1] * b + d$ai, (1 - p[1]) * b + d$n1i - d$ai) - lbeta(p[1] * b, (1 - p[1]) * b)) -
     sum(lchoose(d$n2i, d$ci) + lbeta(p[2] * b + d$ci, (1 - p[2]) * b + d$n2i - d$ci) - lbeta(p[2] * b, (1 - p[2]) * b)) }
  fit <- optim(c(qlogis(sum(d$ai) / sum(d$n1i)), qlogis(sum(d$ci) / sum(d$n2i)), -3), minus, control = list(reltol = 1e-15, maxit = 5000))
  fit <- optim(fit$par, minus, method = "BFGS", control = list(reltol = 1e-16, ndeps = rep(1e-5, 3)))
  v <- solve(optimHess(fit$par, minus, control = list(ndeps = rep(1e-3, 3))))
  betas[[length(betas) + 1]] <- list(set = name, estimate = fit$par[1] - fit$par[2], se = sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2]),
    rho = plogis(fit$par[3]), loglik = -fit$value)
}

tests <- list()
for (model in c("UM.FS", "CM.AL")) for (name in c("nielweise2007", "bcg")) {
  f <- suppressWarnings(do.call(rma.glmm, c(sets[[name]], measure = "OR", model = model)))
  tests[[length(tests) + 1]] <- list(set = name, model = model, measure = "OR", lrt = f$QE.LRT, wald = f$QE.Wld, df = f$QE.df, i2 = f$I2, h2 = f$H2)
}
for (model in c("UM.FS", "CM.EL")) {
  f <- suppressWarnings(do.call(rma.glmm, c(rates$nielweise2008, measure = "IRR", model = model)))
  tests[[length(tests) + 1]] <- list(set = "nielweise2008", model = model, measure = "IRR", lrt = f$QE.LRT, wald = f$QE.Wld, df = f$QE.df, i2 = f$I2, h2 = f$H2)
}
versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), lme4 = as.character(packageVersion("lme4")))
cat(toJSON(list(versions = versions, sets = lapply(c(sets, rates, single), lapply, I), weighted = weighted, mixed = mixed, betas = betas, tests = tests),
  digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")
