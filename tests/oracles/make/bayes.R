# Writes bayes.json: posteriors of the normal-normal model by R's integrate, cut into short pieces (bayesmeta's definitions;
# no package but jsonlite and metadat's data through metafor).
#   Rscript bayes.R > ../bayes.json  (about four minutes)
suppressMessages({library(metafor); library(jsonlite)})

crins <- list(yi = c(-2.3097, -1.2528), vi = c(0.3562, 0.2334))  # two log odds ratios, rounded
bcg <- escalc("RR", data = dat.bcg, ai = tpos, bi = tneg, ci = cpos, di = cneg)
hine <- escalc("RD", data = dat.hine1989, ai = ai, n1i = n1i, ci = ci, n2i = n2i)
schools <- list(yi = c(28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16), vi = c(14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6)^2)
normand <- escalc("MD", data = dat.normand1999, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i)
sets <- list(crins = crins, bcg = bcg, hine = hine, schools = schools, normand = normand)
sets <- lapply(sets, function(d) list(yi = as.vector(d$yi), vi = as.vector(d$vi)))

priors <- list(
  "half-normal(0.5)" = function(t, v) 2 * dnorm(t, 0, 0.5), "half-normal(25)" = function(t, v) 2 * dnorm(t, 0, 25),
  "half-cauchy(1)" = function(t, v) 2 * dcauchy(t), "half-t(4, 0.5)" = function(t, v) 2 * dt(t / 0.5, 4) / 0.5,
  "exponential(0.5)" = function(t, v) dexp(t, 2), "log-normal(-2.5, 1.7)" = function(t, v) 2 / t * dnorm(2 * log(t), -2.5, 1.7),
  "dumouchel" = function(t, v) { s <- sqrt(length(v) / sum(1 / v)); s / (s + t)^2 },
  "shrinkage" = function(t, v) { s2 <- length(v) / sum(1 / v); 2 * s2 * t / (s2 + t^2)^2 }
)
one <- function(set, name, mu) {
  y <- sets[[set]]$yi; v <- sets[[set]]$vi; prior <- priors[[name]]
  more <- if (is.null(mu)) 0 else mu[2]^-2; middle <- if (is.null(mu)) 0 else mu[1]
  parts <- function(t) {
    w <- 1 / (v + t^2); total <- sum(w) + more; m <- (sum(w * y) + more * middle) / total
    h <- 0.5 * (sum(log(w / (2 * pi))) - sum(w * (y - m)^2) + log(2 * pi / total))
    if (more > 0) h <- h - 0.5 * (log(2 * pi / more) + (middle - m)^2 * more)
    c(h, m, 1 / sqrt(total))
  }
  scale <- sqrt(median(v))
  grid <- scale * exp(seq(-8, 8, length.out = 2000))
  heights <- sapply(grid, function(t) log(prior(t, v)) + parts(t)[1] + log(t)); top <- max(heights)
  mode <- grid[which.max(heights)]
  over <- function(f, to = Inf) {
    ends <- sort(unique(pmin(c(0, scale * exp(seq(-12, 12, by = 0.25)), mode * exp(seq(-1, 1, by = 0.1)), Inf), to)))
    g <- function(t) sapply(t, function(x) { p <- parts(x); exp(p[1] - top) * prior(x, v) * f(x, p) })
    sum(mapply(function(a, b) integrate(g, a, b, rel.tol = 1e-12, abs.tol = 0, stop.on.error = FALSE)$value,
      ends[-length(ends)], ends[-1]))
  }
  whole <- over(function(t, p) 1)
  cdf <- function(q, new) over(function(t, p) pnorm(q, p[2], sqrt(p[3]^2 + new * t^2))) / whole
  wide <- sqrt(max(v)) + diff(range(y)); near <- range(y) + c(-1, 1) * 40 * wide
  quantile <- function(p, new) uniroot(function(q) cdf(q, new) - p, near, tol = 1e-13 * wide)$root
  mean <- over(function(t, p) p[2]) / whole
  list(set = set, prior = name, mu = mu, mean = mean, p_above = 1 - cdf(0, 0), low = quantile(0.025, 0), median = quantile(0.5, 0),
    high = quantile(0.975, 0), new_low = quantile(0.025, 1), new_high = quantile(0.975, 1),
    tau_median = uniroot(function(to) over(function(t, p) 1, to) / whole - 0.5, c(1e-8, 1e3) * scale, tol = 1e-13 * scale)$root,
    log_whole = log(whole) + top, against_homogeneity = exp(parts(0)[1] - top) / whole)
}
cases <- list()
for (set in names(sets)) for (name in names(priors)) {
  if ((name == "half-normal(25)") != (set == "schools" || set == "normand")) next
  for (mu in list(NULL, c(0, 4))) cases[[length(cases) + 1]] <- one(set, name, mu)
}
cat(toJSON(list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor"))), sets = sets, cases = cases),
  digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")
