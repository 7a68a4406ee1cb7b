# Writes bias.json: funnel tests, trim and fill and fail-safe numbers on many data sets.
#   Rscript bias.R FOLDER_OF_THE_DATA_SETS > ../bias.json        (metafor, jsonlite)
suppressMessages(library(metafor))
library(jsonlite)
folder <- commandArgs(TRUE)[1]
control <- list(maxiter = 2000, stepadj = .5, threshold = 1e-10, tol = 1e-14)

table2 <- function(file, ai, n1i, ci, n2i) list(file = file, columns = list(ai = ai, n1i = n1i, ci = ci, n2i = n2i))
sets <- list(
  bcg = list(file = "dat.bcg", columns = list(ai = "tpos", bi = "tneg", ci = "cpos", di = "cneg")),
  anand1999 = table2("dat.anand1999", "ai", "n1i", "ci", "n2i"), egger2001 = table2("dat.egger2001", "ai", "n1i", "ci", "n2i"),
  hahn2001 = table2("dat.hahn2001", "ai", "n1i", "ci", "n2i"), hine1989 = table2("dat.hine1989", "ai", "n1i", "ci", "n2i"),
  laopaiboon2015 = table2("dat.laopaiboon2015", "ai", "n1i", "ci", "n2i"), lau1992 = table2("dat.lau1992", "ai", "n1i", "ci", "n2i"),
  lee2004 = table2("dat.lee2004", "ai", "n1i", "ci", "n2i"), li2007 = table2("dat.li2007", "ai", "n1i", "ci", "n2i"),
  linde2005 = table2("dat.linde2005", "ai", "n1i", "ci", "n2i"), nielweise2007 = table2("dat.nielweise2007", "ai", "n1i", "ci", "n2i"),
  damico2009 = table2("dat.damico2009", "xt", "nt", "xc", "nc"), dorn2007 = table2("dat.dorn2007", "x.a", "n.a", "x.p", "n.p"),
  hartmannboyce2018 = table2("dat.hartmannboyce2018", "x.nrt", "n.nrt", "x.ctrl", "n.ctrl"),
  bangertdrowns2004 = list(file = "dat.bangertdrowns2004", yi = "yi", vi = "vi", ni = "ni"),
  hackshaw1998 = list(file = "dat.hackshaw1998", yi = "yi", vi = "vi"), raudenbush1985 = list(file = "dat.raudenbush1985", yi = "yi", vi = "vi"),
  konstantopoulos2011 = list(file = "dat.konstantopoulos2011", yi = "yi", vi = "vi"),
  assink2016 = list(file = "dat.assink2016", yi = "yi", vi = "vi"), tannersmith2016 = list(file = "dat.tannersmith2016", yi = "yi", vi = "vi"),
  knapp2017 = list(file = "dat.knapp2017", yi = "yi", vi = "vi"), michael2013 = list(file = "dat.michael2013", yi = "yi", vi = "vi"),
  kalaian1996 = list(file = "dat.kalaian1996", yi = "yi", vi = "vi", ni = c("n1i", "n2i")), begg1989 = list(file = "dat.begg1989", yi = "yi", vi = "vi"),
  normand1999 = list(file = "dat.normand1999", measure = "SMD", columns = as.list(setNames(nm = c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")))),
  gibson2002 = list(file = "dat.gibson2002", measure = "SMD", columns = as.list(setNames(nm = c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")))),
  curtis1998 = list(file = "dat.curtis1998", measure = "ROM", columns = as.list(setNames(nm = c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")))),
  cohen1981 = list(file = "dat.cohen1981", measure = "ZCOR", columns = list(ri = "ri", ni = "ni")),
  craft2003 = list(file = "dat.craft2003", measure = "ZCOR", columns = list(ri = "ri", ni = "ni")),
  crede2010 = list(file = "dat.crede2010", measure = "ZCOR", columns = list(ri = "ri", ni = "ni")),
  mcdaniel1994 = list(file = "dat.mcdaniel1994", measure = "ZCOR", columns = list(ri = "ri", ni = "ni")),
  molloy2014 = list(file = "dat.molloy2014", measure = "ZCOR", columns = list(ri = "ri", ni = "ni"))
)
coefs <- function(fit, row) { at <- summary(fit)$coefficients[row, ]; list(estimate = at[[1]], se = at[[2]], t = at[[3]], p = at[[4]]) }
quiet <- function(expr) tryCatch(suppressWarnings(expr), error = function(e) NULL)

tests_of_tables <- function(d, ratio) {
  a <- as.numeric(d$ai); b <- as.numeric(d$bi); c <- as.numeric(d$ci); e <- as.numeric(d$di); n1 <- a + b; n0 <- c + e; n <- n1 + n0
  events <- a + c; w <- events * (n - events) / n
  es <- escalc(measure = ratio, ai = a, bi = b, ci = c, di = e, drop00 = FALSE); yi <- c(es$yi); vi <- c(es$vi)
  if (ratio == "OR") { Z <- a - events * n1 / n; V <- n1 * n0 * events * (n - events) / (n^2 * (n - 1)) }
  else { Z <- (a * n - n1 * events) / (n - events); V <- n1 * n0 * events / (n * (n - events)) }
  on <- is.finite(Z / V) & V > 0
  one <- function(y, x, w) { on <- is.finite(y) & is.finite(x) & is.finite(w) & w > 0; coefs(lm(y[on] ~ x[on], weights = w[on]), 2) }
  # Harbord as first written: Z / sqrt(V) on sqrt(V), the intercept
  list(harbord = coefs(lm((Z / sqrt(V))[on] ~ sqrt(V)[on]), 1), peters = one(yi, 1 / n, w), `macaskill-fiv` = one(yi, n, 1 / vi),
       `macaskill-fpv` = one(yi, n, w), `debray-fiv` = one(yi, 1 / events, 1 / vi), `debray-fav` = one(yi, 1 / events, a * c / events),
       `total-n-fiv` = one(yi, 1 / n, 1 / vi))
}
regression <- function(yi, vi, ni) {
  asked <- function(model, predictor, ...) do.call(regtest, c(list(x = yi, vi = vi, model = model, predictor = predictor, ...), if (!is.null(ni)) list(ni = ni)))
  found <- list()
  for (model in c("rma", "lm")) for (predictor in c("sei", "vi", if (!is.null(ni)) c("ni", "ninv", "sqrtni", "sqrtninv"))) {
    if (model == "rma") {
      x <- switch(predictor, sei = sqrt(vi), vi = vi, ni = ni, ninv = 1 / ni, sqrtni = sqrt(ni), sqrtninv = 1 / sqrt(ni))
      fit <- quiet(rma(yi, vi, mods = ~x, method = "REML", control = control)); test <- quiet(asked(model, predictor))
      if (is.null(fit)) next
      found[[paste(model, predictor)]] <- list(slope = fit$beta[2], se = fit$se[2], z = fit$zval[2], p = fit$pval[2], limit = fit$beta[1], limit_se = fit$se[1], tau2 = fit$tau2,
                                               regtest_z = test$zval)
    } else {
      test <- asked(model, predictor, ret.fit = TRUE); at <- coef(if (inherits(test$fit, "summary.lm")) test$fit else summary(test$fit))
      found[[paste(model, predictor)]] <- list(slope = at[2, 1], se = at[2, 2], z = test$zval, p = test$pval, limit = at[1, 1], limit_se = at[1, 2])
    }
  }
  found
}
filled <- function(yi, vi) {
  found <- list()
  for (method in c("REML", "EE", "DL")) {
    fit <- rma(yi, vi, method = method, control = control)
    for (estimator in c("L0", "R0", "Q0")) for (side in c("auto", "left", "right")) {
      t <- quiet(if (side == "auto") trimfill(fit, estimator = estimator, control = control) else trimfill(fit, estimator = estimator, side = side, control = control))
      if (!is.null(t)) found[[length(found) + 1]] <- list(method = method, estimator = estimator, asked = side, k0 = t$k0, side = t$side, se_k0 = t$se.k0, p = t$p.k0,
                                                          estimate = c(t$beta), se = t$se, tau2 = t$tau2)
    }
  }
  found
}
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), metadat = as.character(packageVersion("metadat"))), control = control, sets = list())
for (name in names(sets)) {
  spec <- sets[[name]]; d <- read.csv(file.path(folder, paste0(spec$file, ".csv")), check.names = FALSE); ni <- NULL; add <- list()
  if (is.null(spec$columns)) { yi <- d[[spec$yi]]; vi <- d[[spec$vi]]; if (!is.null(spec$ni)) ni <- rowSums(d[spec$ni]) }
  else if (!is.null(spec$measure)) {
    es <- do.call(escalc, c(list(measure = spec$measure), lapply(spec$columns, function(x) d[[x]]))); yi <- c(es$yi); vi <- c(es$vi)
    ni <- if (!is.null(spec$columns$ni)) d[[spec$columns$ni]] else d[[spec$columns$n1i]] + d[[spec$columns$n2i]]
  } else {
    cell <- lapply(spec$columns, function(x) d[[x]])
    if (is.null(cell$bi)) { cell$bi <- cell$n1i - cell$ai; cell$di <- cell$n2i - cell$ci }
    spec$measure <- "OR"; es <- escalc(measure = "OR", ai = cell$ai, bi = cell$bi, ci = cell$ci, di = cell$di); yi <- c(es$yi); vi <- c(es$vi); ni <- Reduce(`+`, cell[c("ai", "bi", "ci", "di")])
    add$tables <- list(OR = tests_of_tables(cell, "OR"), RR = tests_of_tables(cell, "RR"))
  }
  on <- is.finite(yi) & is.finite(vi) & vi > 0; yi <- yi[on]; vi <- vi[on]; if (!is.null(ni)) ni <- ni[on]
  rank <- suppressWarnings(ranktest(yi, vi))
  out$sets[[name]] <- c(spec, add, list(k = length(yi), sums = c(sum(yi), sum(vi)), regression = regression(yi, vi, ni), rank = list(tau = c(rank$tau), p = rank$pval), trimfill = filled(yi, vi),
    fsn = list(rosenthal = fsn(yi, vi)$fsnum, orwin = fsn(yi, vi, type = "Orwin")$fsnum, orwin_target = fsn(yi, vi, type = "Orwin", target = .05)$fsnum, rosenberg = fsn(yi, vi, type = "Rosenberg")$fsnum,
               rosenberg_01 = fsn(yi, vi, type = "Rosenberg", alpha = .01)$fsnum, rosenthal_01 = fsn(yi, vi, alpha = .01)$fsnum)))
}
cat(toJSON(out, digits = 16, auto_unbox = TRUE, null = "null", na = "null"), "\n")
