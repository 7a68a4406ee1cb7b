# Writes ../multilevel.json: multilevel models, robust variances and robumeta fits that tests/oracles/test_multilevel.py
# compares with ours. Data sets are metadat's; the tests read the same numbers from the shared folder.
# Made with R 4.2.2, metafor 3.8-1, clubSandwich 0.5.8, robumeta 2.0, metadat 1.2-0:  Rscript multilevel.R > ../multilevel.json
suppressMessages({library(metafor); library(clubSandwich); library(metadat); library(robumeta); library(jsonlite)})
# as close to the top as the optimiser gets before it calls its last step a failure
tight <- function(rel.tol) list(optimizer = "nlminb", rel.tol = rel.tol, x.tol = 1e-12, iter.max = 5000, eval.max = 10000)
kinds <- c("CR0", "CR1", "CR1S", "CR2", "CR3")
models <- list()

blocks <- function(vi, within, rho) {
  V <- rho * outer(within, within, "==") * tcrossprod(sqrt(vi))
  diag(V) <- vi
  V
}

fit <- function(name, data, random, mods = ~ 1, V = data$vi, method = "REML", test = "z", dfs = "residual",
                cluster = NULL, sparse = FALSE, intervals = FALSE) {
  started <- proc.time()[["elapsed"]]
  for (rel.tol in c(1e-14, 1e-13, 1e-12, 1e-11, 1e-10)) {
    found <- try(rma.mv(data$yi, V, mods = mods, random = random, data = data, method = method, test = test, dfs = dfs,
                        sparse = sparse, control = tight(rel.tol)), silent = TRUE)
    if (!inherits(found, "try-error")) break
  }
  answer <- list(k = found$k, names = I(rownames(found$beta)), beta = I(c(found$beta)), se = I(found$se),
    sigma2 = I(found$sigma2), loglik = c(logLik(found)), aic = AIC(found), bic = BIC(found), aicc = AIC(found, correct = TRUE),
    qe = found$QE, qe_p = found$QEp, qm = found$QM, qm_p = found$QMp, ddf = I(as.numeric(unlist(found$ddf))), pval = I(found$pval),
    ci_low = I(c(found$ci.lb)), ci_high = I(c(found$ci.ub)))
  if (found$int.only) {
    new <- predict(found)
    answer$pi <- c(new$pi.lb, new$pi.ub)
    if (is.null(dim(V))) W <- diag(1 / data$vi) else W <- solve(V)
    X <- model.matrix(found); P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
    answer$i2 <- I(100 * found$sigma2 / (sum(found$sigma2) + (found$k - found$p) / sum(diag(P))))
  }
  if (!is.null(cluster)) {
    answer$robust <- lapply(setNames(kinds, kinds), function(kind) {
      V.r <- try(vcovCR(found, cluster = cluster, type = kind), silent = TRUE)
      if (inherits(V.r, "try-error")) return(NULL)   # CR3 where a cluster fixes a coefficient by itself
      each <- coef_test(found, vcov = V.r, test = "Satterthwaite")
      one <- list(covariance = as.matrix(V.r), se = I(each$SE), df = I(each$df), p = I(each$p_Satt))
      if (found$p > 1) {
        rows <- if (found$int.incl) 2:found$p else 1:found$p
        joint <- try(Wald_test(found, constraints = constrain_zero(rows), vcov = V.r, test = "HTZ"), silent = TRUE)
        if (!inherits(joint, "try-error")) one$htz <- list(f = joint$Fstat, delta = joint$delta, df1 = joint$df_num, df2 = joint$df_denom, p = joint$p_val)
      }
      one
    })
  }
  if (intervals) answer$intervals <- lapply(seq_along(found$sigma2), function(j) {
    found$control <- list(optimizer = "nlminb")   # tighter, and its refits are called failures
    ends <- confint(found, sigma2 = j, control = list(tol = 1e-11))$random[1, 2:3]
    I(as.numeric(ends))
  })
  models[[name]] <<- answer
  message(sprintf("%-28s %6.1f s", name, proc.time()[["elapsed"]] - started))
}

konst <- dat.konstantopoulos2011
levels3 <- ~ 1 | district/school
fit("konst", konst, levels3, cluster = konst$district, intervals = TRUE)
fit("konst_ML", konst, levels3, method = "ML", cluster = konst$district, intervals = TRUE)
fit("konst_contain", konst, levels3, mods = ~ year, test = "t", dfs = "contain", cluster = konst$district)
fit("konst_t", konst, levels3, mods = ~ year, test = "t", cluster = konst$district)
fit("konst_crossed", konst, list(levels3, ~ 1 | year), intervals = TRUE)
fit("konst_crossed_ML", konst, list(~ 1 | district, ~ 1 | year), method = "ML")
fit("konst_district", konst, ~ 1 | district, V = blocks(konst$vi, konst$district, 0.3), cluster = konst$district)

assink <- dat.assink2016
three <- ~ 1 | study/esid
fit("assink", assink, three, cluster = assink$study, intervals = TRUE)
fit("assink_che", assink, three, V = blocks(assink$vi, assink$study, 0.6), cluster = assink$study, intervals = TRUE)
fit("assink_che_mods", assink, three, mods = ~ year + deltype, V = blocks(assink$vi, assink$study, 0.6), cluster = assink$study)
fit("assink_no_intercept", assink, three, mods = ~ deltype - 1, cluster = assink$study)
fit("assink_subgroup", assink, three, V = blocks(assink$vi, paste(assink$study, assink$deltype), 0.5), cluster = assink$study)
fit("assink_four", assink, ~ 1 | study/deltype/esid, mods = ~ pubstatus, cluster = assink$study)
fit("assink_four_che", assink, ~ 1 | study/deltype/esid, V = blocks(assink$vi, assink$study, 0.4), cluster = assink$study)
fit("assink_fixed", assink, NULL, mods = ~ year, V = blocks(assink$vi, assink$study, 0.8), cluster = assink$study)
fit("assink_crossed", assink, list(three, ~ 1 | deltype))

tanner <- dat.tannersmith2016; tanner$esid <- seq_len(nrow(tanner))
fit("tanner", tanner, ~ 1 | studyid/esid, cluster = tanner$studyid, intervals = TRUE)
fit("tanner_che", tanner, ~ 1 | studyid/esid, mods = ~ aget1 + propmale, V = blocks(tanner$vi, tanner$studyid, 0.7),
    cluster = tanner$studyid)
fit("tanner_sexmix_ML", tanner, ~ 1 | studyid/esid, mods = ~ sexmix * aget1, method = "ML", cluster = tanner$studyid)

born <- escalc(measure = "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007)
fit("bornmann", born, ~ 1 | study/obs, cluster = born$study, intervals = TRUE)
fit("bornmann_type", born, ~ 1 | study/obs, mods = ~ type, cluster = born$study)

crede <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.crede2010)
fit("crede", crede, ~ 1 | studyid/sampleid, cluster = crede$studyid)
fit("crede_criterion", crede, ~ 1 | studyid/sampleid, mods = ~ criterion, V = blocks(crede$vi, crede$studyid, 0.5),
    cluster = crede$studyid)

berkey <- dat.berkey1998
known <- bldiag(lapply(split(berkey[c("v1i", "v2i")], berkey$trial), as.matrix))
fit("berkey_V", berkey, ~ 1 | trial/outcome, mods = ~ outcome - 1, V = known, cluster = berkey$trial)
fit("berkey_V_ML", berkey, ~ 1 | trial, mods = ~ outcome + I(year - 1983), V = known, method = "ML", cluster = berkey$trial)

ishak <- reshape(dat.ishak2007, direction = "long", idvar = "study", v.names = c("yi", "vi"),
  varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
ishak <- ishak[order(match(ishak$study, dat.ishak2007$study), ishak$time), ]
ishak <- ishak[!is.na(ishak$yi), ]
fit("ishak", ishak, ~ 1 | study/time, mods = ~ factor(time) - 1, V = blocks(ishak$vi, ishak$study, 0.9), cluster = ishak$study)
fit("ishak_crossed", ishak, list(~ 1 | study, ~ 1 | time), V = blocks(ishak$vi, ishak$study, 0.5))

knapp <- dat.knapp2017; knapp$row <- seq_len(nrow(knapp))
fit("knapp_crossed", knapp, list(~ 1 | study/row, ~ 1 | task))
fit("knapp_mods", knapp, ~ 1 | study/row, mods = ~ difficulty, V = blocks(knapp$vi, knapp$study, 0.4), cluster = knapp$study)

kalaian <- dat.kalaian1996
fit("kalaian", kalaian, ~ 1 | study/id, mods = ~ outcome, V = blocks(kalaian$vi, kalaian$study, 0.66), cluster = kalaian$study)

mccurdy <- dat.mccurdy2020
fit("mccurdy", mccurdy, ~ 1 | article/experiment/sample/id, mods = ~ condition, sparse = TRUE)

robu_fit <- function(formula, data, study, ...) {
  data$study.of <- data[[study]]
  found <- robu(formula, data = data, studynum = study.of, var.eff.size = vi, ...)
  list(names = I(as.character(found$reg_table$labels)), beta = I(found$reg_table$b.r), se = I(found$reg_table$SE),
    df = I(found$reg_table$dfs), p = I(found$reg_table$prob), tau2 = c(found$mod_info$tau.sq), i2 = found$mod_info$I.2,
    omega2 = c(found$mod_info$omega.sq))
}
rve <- list()
for (rho in c(0, 0.4, 0.8, 1)) {
  rve[[paste0("assink_CORR_", rho)]] <- c(rho = rho, robu_fit(yi ~ year, assink, "study", modelweights = "CORR", rho = rho))
  rve[[paste0("tanner_CORR_", rho)]] <- c(rho = rho, robu_fit(yi ~ 1, tanner, "studyid", modelweights = "CORR", rho = rho))
}
rve$assink_CORR_large <- robu_fit(yi ~ year, assink, "study", modelweights = "CORR", rho = 0.8, small = FALSE)
rve$tanner_HIER <- robu_fit(yi ~ aget1, tanner, "studyid", modelweights = "HIER")
rve$konst_HIER <- robu_fit(yi ~ 1, konst, "district", modelweights = "HIER")
rve$assink_HIER <- robu_fit(yi ~ year + pubstatus, assink, "study", modelweights = "HIER")
rve$crede_HIER <- robu_fit(yi ~ 1, crede, "studyid", modelweights = "HIER")
rve$crede_CORR <- robu_fit(yi ~ criterion, crede, "studyid", modelweights = "CORR", rho = 0.8)

set.seed(1)
lin <- data.frame(g = rep(1:9, c(1, 2, 3, 4, 5, 6, 7, 8, 9)))
lin$x <- round(rnorm(nrow(lin)), 6); lin$z <- round(rnorm(9)[lin$g], 6)
lin$w <- round(runif(nrow(lin), 0.5, 2), 6)
lin$y <- round(0.3 * lin$x + rnorm(9)[lin$g] + rnorm(nrow(lin)), 6)
linear <- lapply(list(ols = NULL, wls = lin$w), function(w) {
  lin$w.used <- if (is.null(w)) rep(1, nrow(lin)) else w
  found <- lm(y ~ x + z, data = lin, weights = w.used)
  lapply(setNames(kinds, kinds), function(kind) {
    V.r <- vcovCR(found, cluster = lin$g, type = kind, inverse_var = FALSE, target = rep(1, nrow(lin)))
    own <- vcovCR(found, cluster = lin$g, type = kind)
    each <- coef_test(found, vcov = own, test = "Satterthwaite")
    flat <- coef_test(found, vcov = V.r, test = "Satterthwaite")
    joint <- Wald_test(found, constraints = constrain_zero(2:3), vcov = own, test = "HTZ")
    list(se = I(each$SE), df = I(each$df), se_flat = I(flat$SE), df_flat = I(flat$df), f = joint$Fstat, df2 = joint$df_denom)
  })
})

versions <- lapply(c(metafor = "metafor", clubSandwich = "clubSandwich", robumeta = "robumeta", metadat = "metadat"),
  function(name) as.character(packageVersion(name)))
answer <- list(versions = c(R = R.version.string, versions), models = models, rve = rve, linear = c(list(data = lin), linear))
cat(toJSON(answer, digits = NA, auto_unbox = TRUE, na = "null", null = "null", pretty = 1), "\n")
