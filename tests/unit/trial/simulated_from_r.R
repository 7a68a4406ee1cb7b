# Power by simulation in R, drawn and analysed by none of our code: prints the shares that test_simulating_kinds.py pins.
# R 4.2.2, MASS 7.3-58.2, lme4 1.1-31, lmerTest 3.1-3, survival 3.5-3. Rscript tests/unit/trial/simulated_from_r.R
suppressMessages({library(MASS); library(lme4); library(lmerTest); library(survival)})
told <- function(name, p) { p <- p[!is.na(p)]; cat(name, mean(p < .05), "of", length(p), "\n") }
# The spread of normal log odds whose shares have this mean and variance, by integration.
centre <- function(share, sd) uniroot(function(c) integrate(function(z) plogis(c + sd * z) * dnorm(z), -9, 9)$value - share,
                                      c(-20, 20), tol = 1e-10)$root
spread <- function(share, variance) uniroot(function(sd) { c <- centre(share, sd)
  integrate(function(z) (plogis(c + sd * z) - share)^2 * dnorm(z), -9, 9)$value - variance }, c(1e-4, 8), tol = 1e-9)$root

set.seed(11)  # clusters of counts: k .3, 100 at risk, rates .1 and .07; glm.nb
told("glm-nb", replicate(2000, {
  x <- rep(0:1, each = 20); sd <- sqrt(log1p(.09)); u <- rnorm(40, -sd^2 / 2, sd)
  y <- rpois(40, 200 * c(.1, .07)[x + 1] * exp(u))
  f <- try(suppressWarnings(glm.nb(y ~ x + offset(rep(log(200), 40)))), silent = TRUE)
  if (inherits(f, "try-error") || !is.null(f$th.warn)) NA else summary(f)$coefficients[2, 4] }))

set.seed(12)  # schools, classes, pupils: three levels, 16 schools of 4 classes of 6, shares .08 and .06 of the variance
told("lmm-groups", replicate(400, {
  s <- rep(1:16, each = 24); g <- rep(1:64, each = 6); x <- (s > 8) * 1
  y <- .6 * x + rnorm(16, 0, sqrt(.08))[s] + rnorm(64, 0, sqrt(.06))[g] + rnorm(384, 0, sqrt(.86))
  f <- suppressMessages(lmer(y ~ x + (1 | s) + (1 | g)))
  summary(f)$coefficients[2, 5] }))  # Satterthwaite

set.seed(13)  # times to an event in 20 clusters of 30, shares .3 and .193 by the end, icc .02
rates <- c(.3, 1 - .7^.6); sd <- spread(mean(rates), .02 * mean(rates * (1 - rates)))
low <- centre(rates[2], sd); high <- centre(rates[1], sd)
told("cox", replicate(1000, {
  s <- rep(1:20, each = 30); x <- (s > 10) * 1
  p <- plogis(ifelse(x == 1, low, high) + rnorm(20, 0, sd)[s])
  t <- rexp(600) / -log1p(-p)
  f <- coxph(Surv(pmin(t, 1), t <= 1) ~ x + cluster(s))
  se <- summary(f)$coefficients[1, "robust se"] * sqrt(20 / 18)
  2 * pt(-abs(coef(f) / se), 18) }))

set.seed(15)  # a stepped wedge of shares: 12 clusters, 3 steps, 40 people, icc .03, cac .8, .5 and .38; levels of clusters in periods
rates <- c(.5, .38); m <- mean(rates); v <- .03 / .97 * m * (1 - m); sd <- spread(m, v)
low <- centre(.38, sd); high <- centre(.5, sd)
told("glmm-nested", replicate(200, {
  s <- rep(1:12, each = 4); t <- rep(1:4, 12); x <- (t > (s - 1) %/% 4 + 1) * 1
  u <- rnorm(12, 0, sd * sqrt(.8))[s] + rnorm(48, 0, sd * sqrt(.2))
  y <- rbinom(48, 40, plogis(ifelse(x == 1, low, high) + u))
  f <- suppressMessages(suppressWarnings(glmer(cbind(y, 40 - y) ~ x + factor(t) + (1 | s) + (1 | s:t), family = binomial)))
  summary(f)$coefficients[2, 4] }))
