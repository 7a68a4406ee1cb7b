# Writes many.json: many data sets of metadat, each pooled, regressed, fitted with levels and examined for small-study effects.
#   Rscript many.R FOLDER_OF_THE_DATA_SETS > ../many.json        (metafor, clubSandwich, jsonlite)
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
invisible(Sys.setlocale("LC_COLLATE", "C"))   # levels of factors in the order of their code points
folder <- commandArgs(TRUE)[1]
tight <- list(maxiter = 5000, stepadj = .5, threshold = 1e-13, tol = 1e-15)

# Columns of escalc are columns of the file, or sums of them: list("-", "nn", "tn") is nn - tn.
groups <- function(ai, n1i, ci, n2i) list(ai = ai, n1i = n1i, ci = ci, n2i = n2i)
cells <- function(ai, bi, ci, di) list(ai = ai, bi = bi, ci = ci, di = di)
same <- function(...) as.list(setNames(nm = c(...)))
plain <- groups("ai", "n1i", "ci", "n2i"); means <- same("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"); r <- same("ri", "ni")
set <- function(file, measure = "GEN", columns = same("yi", "vi"), mods = c(), nested = NULL)
  list(file = file, measure = measure, columns = columns, mods = as.list(mods), nested = nested)
sets <- list(
  set("aloe2013", "PCOR", list(ti = "tval", ni = "n", mi = "preds")),
  set("anand1999", "OR", plain, c("year", "C(intensity)")),
  set("assink2016", mods = c("year", "C(deltype)"), nested = "study/esid"),
  set("axfors2021", "OR", groups("hcq_arm_event", "hcq_arm_total", "control_arm_event", "control_arm_total"), c("C(hcq_cq)", "C(high_dose)")),
  set("bangertdrowns2004", mods = c("length", "C(grade)")),
  set("baskerville2012", columns = list(yi = "smd", vi = list("*", "se", "se")), mods = c("score", "C(design)")),
  set("bcg", "RR", cells("tpos", "tneg", "cpos", "cneg"), c("ablat", "C(alloc)", "ablat + year")),
  set("begg1989", mods = "C(trt)", nested = "study/row"),
  set("berkey1998", mods = "C(outcome)", nested = "trial/row"),
  set("besson2016", "ROM", list(m1i = "exp_mean", sd1i = list("*", "exp_se", list("sqrt", "exp_n")), n1i = "exp_n", m2i = "con_mean", sd2i = list("*", "con_se", list("sqrt", "con_n")), n2i = "con_n"), "C(sex)"),
  set("bonett2010", "ABT", same("ai", "mi", "ni"), "C(caregivers)"),
  set("bornmann2007", "OR", groups("waward", "wtotal", "maward", "mtotal"), c("C(type)", "year"), "study/obs"),
  set("bourassa1996", "OR", cells("lh.le", "lh.re", "rh.le", "rh.re"), c("C(sex)", "year"), "study/sample"),
  set("cannon2006", "OR", groups("ep1t", "nt", "ep1c", "nc"), "C(pop)"),
  set("cohen1981", "ZCOR", r, "ni"),
  set("colditz1994", "RD", cells("tpos", "tneg", "cpos", "cneg"), c("year", "C(alloc)")),
  set("collins1985a", "OR", groups("b.xti", "nti", "b.xci", "nci"), "year"),
  set("collins1985b", "RR", groups("pre.xti", "pre.nti", "pre.xci", "pre.nci"), "year"),
  set("craft2003", "ZCOR", r, c("C(sport)", "C(var1)"), "study/row"),
  set("crede2010", "ZCOR", r, c("C(criterion)", "year"), "studyid/sampleid"),
  set("curtis1998", "ROM", means, c("C(fungrp)", "time"), "paper/id"),
  set("dagostino1998", "SMD", list(m1i = "mt", sd1i = "sdt", n1i = "nt", m2i = "mc", sd2i = "sdc", n2i = "nc"), c("C(drug)", "C(cold)"), "study/row"),
  set("damico2009", "OR", groups("xt", "nt", "xc", "nc"), c("year", "C(conceal)")),
  set("debruin2009", "PLO", same("xi", "ni"), c("scq", "C(ethnicity)")),
  set("dorn2007", "RR", groups("x.a", "n.a", "x.p", "n.p"), c("jadad", "visits")),
  set("egger2001", "OR", plain, "year"),
  set("fine1993", "OR", groups("e1i", "nei", "c1i", "nci")),
  set("frank2008", "OR", cells("bc.ins.ins", "bc.ins.del", "ct.ins.ins", "ct.ins.del")),
  set("gibson2002", "SMD", means, "C(type)"),
  set("graves2010", "RR", plain),
  set("hackshaw1998", mods = c("C(design)", "year")),
  set("hahn2001", "AS", plain),
  set("hannum2020", "PAS", same("xi", "ni"), c("C(objectivity)", "ni")),
  set("hart1999", "IRR", same("x1i", "t1i", "x2i", "t2i"), "year"),
  set("hartmannboyce2018", "RR", list(ai = "x.nrt", n1i = "n.nrt", ci = "x.ctrl", n2i = "n.ctrl"), "C(treatment)"),
  set("hine1989", "RD", plain),
  set("ishak2007", columns = list(yi = "y1i", vi = "v1i"), mods = c("mdur", "mbase")),
  set("kalaian1996", mods = c("C(outcome)", "hrs"), nested = "study/id"),
  set("kearon1998", "OR", groups("tp", "np", list("-", "nn", "tn"), "nn"), c("C(patients)", "year")),
  set("knapp2017", mods = c("difficulty", "C(group2)"), nested = "study/row"),
  set("konstantopoulos2011", mods = "year", nested = "district/school"),
  set("landenberger2005", "OR", cells("n.ctrl.rec", "n.ctrl.non", "n.cbt.rec", "n.cbt.non"), c("C(design)", "sessions")),
  set("laopaiboon2015", "RR", plain, c("C(age)", "year")),
  set("lau1992", "PETO", plain, "year"),
  set("lee2004", "RD", plain, "year"),
  set("lehmann2018", mods = c("C(Gender)", "Year"), nested = "Short_Title/row"),
  set("li2007", "OR", plain, "year"),
  set("linde2005", "RR", plain, c("C(group)", "duration")),
  set("linde2016", columns = list(yi = "lnOR", vi = list("*", "selnOR", "selnOR")), mods = "C(treat1)", nested = "id/row"),
  set("lopez2019", columns = list(yi = "diff", vi = list("*", "se", "se")), mods = c("C(group)", "sessions"), nested = "study/row"),
  set("mcdaniel1994", "ZCOR", r, c("C(type)", "C(struct)")),
  set("michael2013", mods = "C(Medium)"),
  set("molloy2014", "COR", r, c("C(design)", "meanage + quality")),
  set("nakagawa2007", "ZCOR", list(ri = "Correlation", ni = "SampleSize"), "SampleSize", "Place/row"),
  set("nielweise2007", "PETO", plain, "year"),
  set("nielweise2008", "IRR", same("x1i", "t1i", "x2i", "t2i"), "year"),
  set("normand1999", "SMDH", means),
  set("obrien2003", "PLO", list(xi = "cases", ni = "total"), c("bmi", "C(ch)"), "study/grp"),
  set("pagliaro1992", "PLO", same("xi", "ni"), "C(trt)", "study/row"),
  set("pignon2000", columns = list(yi = list("/", "OmE", "V"), vi = list("/", list("/", "V", "V"), "V")), mods = "C(grp)"),
  set("pritz1997", "PFT", same("xi", "ni")),
  set("raudenbush1985", mods = c("weeks", "C(setting)")),
  set("riley2003", mods = "C(outcome)", nested = "study/row"),
  set("senn2013", "MN", list(mi = "mi", sdi = "sdi", ni = "ni"), "C(treatment)", "study/row"),
  set("tannersmith2016", mods = c("aget1", "C(sexmix)"), nested = "studyid/row"),
  set("vanhowe1999", "OR", cells("cir.pos", "cir.neg", "non.pos", "non.neg"), "C(category)"),
  set("viechtbauer2021", "OR", groups("xTi", "nTi", "xCi", "nCi"), "dose"),
  set("white2020", "ZCOR", list(ri = "r", ni = "n"), c("C(class)", "C(sex)"), "study_id/obs"),
  set("yusuf1985", "PETO", plain, "C(table)", "table/row")
)

quiet <- function(x) suppressWarnings(suppressMessages(x))
column <- function(d, of) if (is.list(of)) do.call(of[[1]], lapply(of[-1], column, d = d)) else d[[of]]
bare <- function(x) I(as.vector(x))

read <- function(one) {
  d <- read.csv(file.path(folder, paste0("dat.", one$file, ".csv")), check.names = FALSE, strip.white = TRUE, na.strings = c("NA", ""))
  given <- lapply(one$columns, column, d = d)
  if (!is.null(given$bi)) {   # a group with no people in it has no risk: escalc adds its half to it, ours refuses the row
    d <- d[given$ai + given$bi > 0 & given$ci + given$di > 0, ]
    given <- lapply(one$columns, column, d = d)
  }
  if (one$measure == "GEN") d[c("yi", "vi")] <- given
  else d[c("yi", "vi")] <- lapply(quiet(do.call(escalc, c(list(measure = one$measure), given)))[c("yi", "vi")], as.vector)
  d <- d[is.finite(d$yi) & is.finite(d$vi) & d$vi > 0, ]
  d$row <- seq_len(nrow(d))
  d
}

# Two levels
uni <- function(d, method, test, mods = ~ 1) quiet(rma(yi, vi, mods = mods, data = d, method = method, test = test, control = tight))
ends <- function(fit, type) {
  found <- try(quiet(confint(fit, type = type, control = list(tol = 1e-15, maxiter = 5000)))$random[1, 2:3], silent = TRUE)
  if (inherits(found, "try-error")) NULL else I(unname(found))
}
pooled <- function(d, method) {
  z <- uni(d, method, "z")
  out <- list(tau2 = z$tau2, i2 = z$I2, h2 = z$H2, q = z$QE, q_p = z$QEp, loglik = c(logLik(z)))
  for (test in c("z", "knha")) {
    fit <- uni(d, method, test); new <- predict(fit)
    out[[test]] <- list(estimate = c(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval, ci_low = fit$ci.lb, ci_high = fit$ci.ub,
      pi_low = new$pi.lb, pi_high = new$pi.ub)
  }
  out
}
in_r <- function(mods) as.formula(paste("~", gsub("C\\(", "factor(", mods)))
complete <- function(d, mods) d[stats::complete.cases(d[all.vars(in_r(mods))]), ]
regressed <- function(d, mods) {
  d <- complete(d, mods)
  out <- list(mods = mods)
  for (test in c("z", "knha")) {
    fit <- try(uni(d, "REML", test, in_r(mods)), silent = TRUE)
    if (inherits(fit, "try-error") || any(fit$coef.na)) return(NULL)
    out$k <- fit$k; out$tau2 <- fit$tau2; out$tau2_ci <- ends(fit, "QP"); out$r2 <- fit$R2; out$i2 <- fit$I2; out$qe <- fit$QE; out$qe_p <- fit$QEp; out$loglik <- c(logLik(fit))
    out[[test]] <- list(estimate = bare(fit$beta), se = bare(fit$se), p = bare(fit$pval), ci_low = bare(fit$ci.lb), ci_high = bare(fit$ci.ub), qm = fit$QM, qm_p = fit$QMp)
  }
  out
}

# Levels: rma.mv's optimiser looks at the likelihood alone, so its variances are climbed on from by Fisher scoring
# (Harville 1977, JASA 72, 320-338), until the score is 0, and then held.
climb <- function(y, X, V, Z, s) {
  last <- Inf
  for (step in 1:200) {
    S <- V; for (j in seq_along(Z)) S <- S + s[j] * Z[[j]]
    W <- chol2inv(chol(S)); WX <- W %*% X; P <- W - WX %*% solve(crossprod(X, WX), t(WX)); Py <- P %*% y
    PZ <- lapply(Z, function(A) P %*% A)
    score <- sapply(seq_along(Z), function(j) sum(Py * (Z[[j]] %*% Py)) - sum(diag(PZ[[j]])))
    free <- !(s <= 0 & score <= 0)
    if (!any(free)) break
    info <- outer(seq_along(Z), seq_along(Z), Vectorize(function(i, j) sum(PZ[[i]] * t(PZ[[j]]))))
    move <- numeric(length(s)); move[free] <- solve(info[free, free, drop = FALSE], score[free])
    s <- pmax(s + move, 0)
    size <- max(abs(move)) / (1 + sum(s))
    if (size < 1e-14 || (size < 1e-11 && size >= last)) break   # the rounding of the sums is reached
    last <- size
  }
  s
}
levels_of <- function(one, d, mods, rho) {
  if (mods != "1") d <- complete(d, mods)
  outer_of <- strsplit(one$nested, "/")[[1]][1]; inner_of <- strsplit(one$nested, "/")[[1]][2]
  d$outer <- as.character(d[[outer_of]]); d$inner <- paste(d$outer, d[[inner_of]])
  if (length(unique(d$outer)) < 3) return(NULL)
  V <- rho * outer(d$outer, d$outer, "==") * tcrossprod(sqrt(d$vi)); diag(V) <- d$vi
  start <- NULL
  for (rel in c(1e-10, 1e-8)) {
    start <- try(quiet(rma.mv(yi, V, mods = in_r(mods), random = ~ 1 | outer/inner, data = d, sparse = nrow(d) > 150,
      control = list(optimizer = "nlminb", rel.tol = rel, iter.max = 500, eval.max = 1000))), silent = TRUE)
    if (!inherits(start, "try-error")) break
  }
  if (inherits(start, "try-error") || any(start$coef.na)) return(NULL)
  same_level <- function(x) 1 * outer(x, x, "==")
  s <- tryCatch(climb(d$yi, start$X, V, list(same_level(d$outer), same_level(d$inner)), start$sigma2), error = function(e) NULL)
  if (is.null(s)) return(NULL)   # the moderators leave nothing to tell the levels apart by
  fit <- quiet(rma.mv(yi, V, mods = in_r(mods), random = ~ 1 | outer/inner, data = d, sigma2 = s))
  robust <- quiet(coef_test(fit, vcov = "CR2", cluster = d$outer, test = "Satterthwaite"))
  list(mods = mods, rho = rho, k = fit$k, clusters = length(unique(d$outer)), sigma2 = I(s), stopped_at = I(start$sigma2), loglik = c(logLik(fit)), loglik_stopped = c(logLik(start)),
    estimate = bare(fit$beta), se = bare(fit$se), qe = fit$QE, robust_se = bare(robust$SE), robust_df = bare(robust$df), robust_p = bare(robust$p_Satt))
}

# Small studies
small <- function(d) {
  fit <- uni(d, "REML", "z")
  lm <- try(summary(regtest(fit, model = "lm", predictor = "sei")$fit)$coefficients[2, ], silent = TRUE)
  rank <- quiet(ranktest(d$yi, d$vi)); t <- try(quiet(trimfill(fit, estimator = "L0", control = tight)), silent = TRUE)
  out <- list(rank = list(tau = c(rank$tau), p = c(rank$pval)))
  if (!inherits(lm, "try-error")) out$egger <- list(intercept = lm[[1]], se = lm[[2]], t = lm[[3]], p = lm[[4]])
  if (!inherits(t, "try-error")) out$trimfill <- list(k0 = t$k0, side = t$side, estimate = c(t$beta), se = t$se, tau2 = t$tau2)
  out
}

answer <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich"))),
  control = "rma: maxiter 5000, stepadj 0.5, threshold 1e-13, tol 1e-15; rma.mv: nlminb, then Fisher scoring to a score of 0", sets = list())
only <- commandArgs(TRUE)[-1]
for (one in sets) {
  if (length(only) && !one$file %in% only) next
  started <- proc.time()[["elapsed"]]
  d <- read(one)
  found <- one
  if (one$measure != "GEN") { found$yi <- I(d$yi); found$vi <- I(d$vi) }
  found$k <- nrow(d)
  found$tau2_ci <- ends(uni(d, "REML", "z"), "QP")
  found$pool <- sapply(c("REML", "DL", "PM"), function(method) pooled(d, method), simplify = FALSE)
  found$regress <- Filter(Negate(is.null), lapply(one$mods, function(mods) regressed(d, mods)))
  if (!is.null(one$nested)) {
    cases <- c(list(list("1", 0), list("1", .6)), lapply(one$mods, list, 0))
    found$levels <- Filter(Negate(is.null), lapply(cases, function(x) levels_of(one, d, x[[1]], x[[2]])))
  }
  if (nrow(d) >= 5) found$small <- small(d)
  answer$sets[[one$file]] <- found
  message(sprintf("%-22s k %4d  %d regressions, %d with levels, %.0f s", one$file, nrow(d), length(found$regress), length(found$levels), proc.time()[["elapsed"]] - started))
}
cat(toJSON(answer, digits = I(16), auto_unbox = TRUE, null = "null", na = "null"), "\n")
