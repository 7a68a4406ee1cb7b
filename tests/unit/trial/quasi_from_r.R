# The numbers pinned in test_quasi.py and test_analysing_observed.py: Rscript tests/unit/trial/quasi_from_r.R FOLDER, after python -m tests.unit.trial.quasi_tables FOLDER.
# R 4.2.2, sandwich 3.0-2, clubSandwich 0.5.8, MatchIt 4.5.1, nlme 3.1-162.
suppressMessages({library(sandwich); library(clubSandwich); library(MatchIt); library(nlme)})
where <- commandArgs(TRUE)
options(digits = 10)
show <- function(found) print(unlist(found[1, -1]))

months <- read.csv(file.path(where, "months.csv"))
months$after <- as.numeric(months$month >= 30)
months$since <- pmax(0, months$month - 30)
angle <- 2 * pi * months$month / 12
for (f in c(count ~ month + after + offset(log(people)),
            count ~ month + sin(angle) + cos(angle) + after + since + offset(log(people)))) {
  m <- glm(f, poisson, months, epsilon = 1e-14)
  q <- glm(f, quasipoisson, months, epsilon = 1e-14)
  print(summary(m)$coefficients); print(summary(q)$coefficients); print(summary(q)$dispersion)
  print(sqrt(diag(NeweyWest(m, lag = 3, prewhite = FALSE, adjust = FALSE))))
  r <- residuals(m, "pearson")
  print(acf(r, 3, plot = FALSE)$acf[2]); print(Box.test(r, 3, "Ljung-Box")$p.value)
}

months$log_rate <- log((months$count + .5) / months$people)
tight <- glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, maxIter = 500)
for (f in c(log_rate ~ month + after, log_rate ~ month + sin(angle) + cos(angle) + after + since)) {
  m <- lm(f, months)
  print(summary(m)$coefficients)
  print(sqrt(diag(NeweyWest(m, lag = 3, prewhite = FALSE, adjust = FALSE))))
  m <- gls(f, months, correlation = corAR1(form = ~month), control = tight)
  print(summary(m)$tTable); print(coef(m$modelStruct$corStruct, unconstrained = FALSE))
}

places <- read.csv(file.path(where, "places.csv"))
m <- lm(y ~ on + factor(year) + factor(place), places)
for (by in list(places$place, places$region)) show(coef_test(m, vcovCR(m, by, "CR2"), coefs = "on"))

families <- read.csv(file.path(where, "families.csv"))
g <- glm(served ~ need + age + area, binomial, families, epsilon = 1e-14)
print(summary(g)$coefficients)
score <- g$linear.predictors
before <- summary(matchit(served ~ need + age + area, families, link = "linear.logit"), un = TRUE)
print(before$sum.all[, 3:4])

# Pairs by hand: MatchIt 4.5.1 as Debian 12 builds it passes over nearer units and over the caliper.
served <- families$served == 1
nearest <- function(ratio, caliper) {
  of <- rep(NA, nrow(families))
  for (round in seq_len(ratio)) for (one in which(served)[order(-score[served])]) {
    free <- which(!served & is.na(of))
    apart <- abs(score[free] - score[one])
    if (length(free) && min(apart) <= caliper * sd(score)) of[c(one, free[which.min(apart)])] <- one
  }
  of
}
for (ratio in 1:2) for (caliper in c(Inf, .2)) {
  of <- nearest(ratio, caliper)
  kept <- !is.na(of)
  d <- families[kept, ]; d$of <- of[kept]
  d$weights <- ifelse(d$served == 1, 1, 1 / ave(1 - d$served, d$of, FUN = sum))
  cat("ratio", ratio, "caliper", caliper, "kept", sum(d$served), sum(1 - d$served), "\n")
  for (name in c("need", "age", "area")) {
    x <- d[[name]]; w <- d$weights; t <- d$served == 1
    whole <- families[[name]][served]
    sd <- if (name == "area") sqrt(mean(whole) * (1 - mean(whole))) else sd(whole)
    v <- function(x, w) { m <- weighted.mean(x, w); sum(w) / (sum(w)^2 - sum(w^2)) * sum(w * (x - m)^2) }
    print(c((mean(x[t]) - weighted.mean(x[!t], w[!t])) / sd, v(x[t], w[t]) / v(x[!t], w[!t])))
  }
  w <- lm(y ~ served, d, weights = weights)
  show(coef_test(w, vcovCR(w, d$of, "CR2", target = rep(1, nrow(d))), coefs = "served"))
}
