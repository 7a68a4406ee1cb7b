# The numbers pinned in test_reliability.py.
# python -m tests.unit.commission.scores scores.csv; Rscript tests/unit/commission/reliability_from_r.R scores.csv
# R 4.2.2, lme4 1.1-31.
suppressMessages(library(lme4))
d <- read.csv(commandArgs(TRUE)[1])
m <- lmer(score ~ 1 + (1 | application) + (1 | assessor), d,
          control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))
print(fixef(m), digits = 10)
v <- as.data.frame(VarCorr(m))
print(v, digits = 10)
cat("icc", format(v$vcov[1] / sum(v$vcov), digits = 10), "\n")
print(ranef(m)$assessor, digits = 10)
