# Writes tests/oracles/entry.json: one invented data set of two groups, described in every way a report might, with
# the effect metafor 3.8-1's escalc gives from its means. Whatever way a finding is entered, it must come to the same.
# Made with R 4.2.2 and metafor 3.8-1:  Rscript entry.R > ../entry.json
suppressMessages(library(metafor))
library(jsonlite)

set.seed(20150612)
n1 <- 23; n2 <- 31
group <- rep(c(1, 0), c(n1, n2))
before <- round(rnorm(n1 + n2, 40, 8), 1)
after <- round(0.6 * before + 15 + 4 * group + rnorm(n1 + n2, 0, 6), 1)
one <- after[group == 1]; two <- after[group == 0]

mean_of <- function(x) list(mean = mean(x), sd = sd(x), n = length(x), se = sd(x) / sqrt(length(x)),
  ci = t.test(x, conf.level = 0.9)$conf.int[1:2])
test <- t.test(one, two, var.equal = TRUE)
model <- summary(lm(after ~ group))$coefficients
scaled <- coef(lm(scale(after) ~ scale(group)))[[2]]
covariate <- lm(after ~ group + before)
adjusted <- summary(covariate)$coefficients
within <- function(x) resid(lm(x ~ group))
r2 <- cor(within(after), within(before))^2
raw <- function(measure, ...) { found <- escalc(measure, ...); list(yi = c(found$yi), vi = c(found$vi)) }
means <- list(m1i = mean(one), sd1i = sd(one), n1i = n1, m2i = mean(two), sd2i = sd(two), n2i = n2)
smd <- do.call(raw, c("SMD", means)); md <- do.call(raw, c("MD", means)); rom <- do.call(raw, c("ROM", means))

change <- after - before
times <- function(rows) list(m1 = mean(after[rows]), s1 = sd(after[rows]), m0 = mean(before[rows]), s0 = sd(before[rows]),
  n = sum(rows), r = cor(after[rows], before[rows]), mc = mean(change[rows]), sc = sd(change[rows]))
t1 <- times(group == 1); t0 <- times(group == 0)
smcr <- function(t, r) raw("SMCR", m1i = t$m1, m2i = t$m0, sd1i = t$s0, ni = t$n, ri = r)
a <- smcr(t1, 0.6); b <- smcr(t0, 0.6)

answer <- list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))),
  smd = smd, md = md, rom = rom, group1 = mean_of(one), group2 = mean_of(two),
  t = test$statistic[[1]], p = test$p.value, difference = mean(one) - mean(two),
  f = anova(lm(after ~ group))[1, "F value"], r = cor(group, after), b = model[2, 1], sdy = sd(after), beta = scaled,
  one_sided = t.test(one, two, var.equal = TRUE, alternative = "greater")$p.value,
  ancova = list(difference = adjusted[2, 1], se = adjusted[2, 2], t = adjusted[2, 3], r2 = r2,
    residual = summary(covariate)$sigma, pooled = summary(lm(after ~ group))$sigma),
  times1 = t1, times2 = t0, paired_t = t.test(after[group == 1], before[group == 1], paired = TRUE)$statistic[[1]],
  smcc = raw("SMCC", m1i = t1$m1, m2i = t1$m0, sd1i = t1$s1, sd2i = t1$s0, ni = t1$n, ri = t1$r),
  smcr_difference = list(yi = a$yi - b$yi, vi = a$vi + b$vi))
cat(toJSON(answer, digits = NA, auto_unbox = TRUE), "\n")
