# Writes tests/oracles/effects.json: every measure of escalc that `whatworks effect` and `ww.measure` know, on small
# invented numbers with the awkward cases (empty cells, everybody, groups of two), and covariances by vcalc.
# Made with R 4.2.2 and metafor 3.8-1:  Rscript effects.R > ../effects.json
suppressMessages(library(metafor))
library(jsonlite)

tables <- list(ai = c(12, 0, 5, 30), bi = c(28, 15, 0, 70), ci = c(20, 3, 2, 11), di = c(21, 9, 14, 99))
means <- list(m1i = c(10, 3.2, 55, 101.3), sd1i = c(3, 1.1, 47, 14.2), n1i = c(12, 2, 155, 31),
  m2i = c(8, 2.9, 75, 96.4), sd2i = c(2, 1.4, 64, 15.1), n2i = c(15, 3, 156, 30))
times <- list(m1i = c(10, 3.2, 75), sd1i = c(3, 1.1, 47), m2i = c(8, 2.9, 55), sd2i = c(2.5, 1.4, 64),
  ni = c(20, 4, 155), ri = c(0.6, -0.2, 0.95))
rates <- list(x1i = c(12, 0, 7), x2i = c(20, 4, 7), t1i = c(100, 50.5, 7), t2i = c(90, 61, 3))
group <- list(xi = c(0, 3, 8, 40), ni = c(4, 20, 8, 1000))
rate <- list(xi = c(12, 0, 7), ti = c(100, 20, 0.7))
mean <- list(mi = c(10, 0.4, 75), sdi = c(3, 1.1, 47), ni = c(20, 3, 155))
pairs <- list(ri = c(0.3, -0.5, 0.97), ni = c(4, 20, 150))
slope <- list(ti = c(2.1, -0.4, 7), ni = c(40, 12, 900), mi = c(3, 2, 14), r2i = c(0.3, 0.02, 0.61))
alpha <- list(ai = c(0.8, 0.55, 0.97), mi = c(10, 3, 40), ni = c(40, 12, 900))

effects <- list()
add <- function(measures, columns, to = "only0", vtype = "LS") for (measure in measures) {
  taken <- columns[names(columns) %in% names(formals(escalc))]
  found <- suppressWarnings(do.call(escalc, c(list(measure = measure, to = to, vtype = vtype), taken)))
  effects[[length(effects) + 1]] <<- list(measure = measure, columns = taken, zero = to, variance = vtype,
    yi = as.vector(found$yi), vi = as.vector(found$vi))
}
for (to in c("only0", "all", "none")) {
  add(c("RR", "OR", "RD", "PETO", "AS", "PHI", "YUQ", "YUY", "PBIT", "OR2DL", "OR2DN"), tables, to)
  add(c("MPRD", "MPRR", "MPOR", "MPORC", "MPPETO"), tables, to)
  add(c("IRR", "IRD", "IRSD"), rates, to)
  add(c("PR", "PLO", "PLN", "PAS", "PFT"), group, to)
  add(c("IR", "IRLN", "IRS", "IRFT"), rate, to)
}
add(c("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "VR", "CVR", "RPB", "D2ORL"), means)
add("SMD", means, vtype = "UB")
add(c("MC", "SMCC", "SMCR", "SMCRH", "ROMC", "VRC", "CVRC"), times)
add(c("COR", "ZCOR"), pairs)
add(c("PCOR", "ZPCOR", "SPCOR"), slope)
add(c("MN", "SMN", "MNLN", "SDLN", "CVLN"), mean)
add(c("ARAW", "AHW", "ABT"), alpha)

rows <- data.frame(study = c(1, 1, 1, 2, 2, 3, 3, 3, 3), outcome = c(1, 2, 1, 1, 2, 1, 1, 2, 2),
  time = c(0, 0, 6, 3, 3, 1, 2, 1, 4), vi = c(0.04, 0.09, 0.05, 0.02, 0.03, 0.5, 0.4, 0.3, 0.6))
within <- vcalc(vi, cluster = study, obs = outcome, data = rows, rho = 0.6, checkpd = FALSE)
plain <- rows[!duplicated(rows[, c("study", "outcome")]), ]
covariances <- list(
  within = list(rows = plain, rho = 0.6, v = vcalc(vi, cluster = study, obs = outcome, data = plain, rho = 0.6)),
  over_time = list(rows = rows, rho = 0.6, phi = 0.9,
    v = vcalc(vi, cluster = study, obs = outcome, time1 = time, data = rows, rho = 0.6, phi = 0.9)))

back <- data.frame(value = c(0.05, 0.2, 0.5, 0.785, 1.1, 1.5), n = c(10, 40, 7, 100, 33, 12))
back$proportion <- transf.ipft(back$value, ni = back$n)

versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
  jsonlite = as.character(packageVersion("jsonlite")))
text <- toJSON(list(versions = versions, effects = effects, covariances = covariances, back = back), digits = NA, na = "null",
  auto_unbox = TRUE)
cat(text, "\n")
