# The numbers pinned in test_mixed_terms.py, test_mixed_shares.py and test_analysing_terms.py.
# Rscript tests/unit/trial/mixed_from_r.R FOLDER SHARED, after python -m tests.unit.trial.mixed_tables FOLDER.
# R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, psych 2.2.9.
suppressMessages({library(lmerTest); library(pbkrtest)})
where <- commandArgs(TRUE)
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))

show <- function(name, formula, data, joint = NULL, REML = TRUE) {
  m <- lmer(formula, data, REML = REML, control = control)
  cat("==", name, "\ncriterion", format(if (REML) REMLcrit(m) else -2 * as.numeric(logLik(m)), digits = 12), "\n")
  print(as.data.frame(VarCorr(m))[, c("grp", "var1", "var2", "sdcor")], digits = 10)
  print(coef(summary(m, ddf = "Satterthwaite")), digits = 10)
  if (!is.null(joint)) print(contestMD(m, joint), digits = 10)
  if (REML) {
    told <- sqrt(diag(as.matrix(vcovAdj(m))))
    df <- apply(diag(length(fixef(m))), 1, function(l) get_Lb_ddf(m, l))
    print(cbind(se = told, df = df, p = 2 * pt(-abs(fixef(m) / told), df)), digits = 10)
    if (!is.null(joint)) print(contestMD(m, joint, ddf = "Kenward-Roger"), digits = 10)
  }
  invisible(m)
}

sleep <- read.csv(file.path(where[1], "sleep.csv"))
show("sleep", reaction ~ days + (days | person), sleep)
show("sleep, unrelated", reaction ~ days + (days || person), sleep)
sleep$arm <- sleep$person %% 2
show("sleep, arm", reaction ~ arm + days + (days | person), sleep)
show("sleep, arm, unrelated", reaction ~ arm + days + (days || person), sleep)
show("sleep, ML", reaction ~ days + (days | person), sleep, REML = FALSE)
crossed <- read.csv(file.path(where[1], "crossed.csv"))
both <- rbind(c(0, 1, 0), c(0, 0, 1))
show("crossed", y ~ arm + pre + (1 | school) + (1 | area), crossed, both)
show("crossed, slopes", y ~ arm + pre + (1 + pre | school) + (1 | area), crossed, both)
show("crossed, unrelated", y ~ arm + pre + (1 + pre || school) + (1 | area), crossed)
show("crossed, ML", y ~ arm + pre + (1 + pre | school) + (1 | area), crossed, REML = FALSE)
crossed$on <- (seq_len(nrow(crossed)) %% 3 == 0) * 1
show("sites", y ~ on + pre + (1 + on | school), crossed)
wedge <- read.csv(file.path(where[1], "wedge.csv"))
later <- cbind(matrix(0, 5, 1), diag(5), 0)
show("wedge", y ~ factor(period) + arm + (1 | cluster) + (1 | cluster:period), wedge, later)
schools <- read.csv(file.path(where[2], "trial", "crt_cont.csv"))
show("areas", y ~ trt + pre + (1 | cluster) + (1 | la), schools)
show("edge", y ~ trt + pre + (1 + pre | cluster), schools)
means <- read.csv(file.path(where[2], "trial", "swcrt.csv"))
means$mean <- means$events / means$n
show("means", mean ~ factor(period) + trt + (1 | cluster), means)
