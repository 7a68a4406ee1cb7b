# Times the fits of benches/synthesis.py by metafor and clubSandwich: CPU milliseconds and the answer of each.
#   Rscript metafor.R DATA.json > RESULT.json
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
given <- fromJSON(commandArgs(TRUE)[1])
spent <- function(work) sum(system.time(work())[1:2])
# Short work is repeated until the clock can read it; what takes more than two seconds is run once.
ms <- function(work) {
  answer <- NULL
  first <- spent(function() answer <<- suppressWarnings(work()))
  if (first < 0.5) first <- spent(function() suppressWarnings(work()))
  times <- max(1, min(200, floor(0.2 / max(first, 1e-4))))
  block <- function(i) spent(function() for (one in seq_len(times)) suppressWarnings(work())) / times
  list(ms = 1000 * if (first > 2) first else median(sapply(1:5, block)), answer = I(as.vector(answer)))
}
found <- list()
try_it <- function(name, work) found[[name]] <<- tryCatch(ms(work), error = function(e) list(problem = conditionMessage(e)))

for (k in c("10", "100", "500", "2000")) local({
  y <- given[[paste0("k", k)]]$y; v <- given[[paste0("k", k)]]$v
  try_it(paste0("reml_", k), function() { fit <- rma(y, v, test = "knha"); c(fit$beta, fit$se) })
  if (k != "2000") try_it(paste0("dl_", k), function() { fit <- rma(y, v, method = "DL"); c(fit$beta, fit$se) })
})
three <- function(d, V, ...) rma.mv(yi, V, random = ~ 1 | study/esid, data = d, ...)
cr2 <- function(fit, d) { t <- coef_test(fit, vcov = "CR2", cluster = d$study, test = "Satterthwaite"); c(t$beta, t$SE, t$df) }
a <- as.data.frame(given$assink); b <- as.data.frame(given$balanced); d <- as.data.frame(given$campbell)
d$within <- ave(d$esid, d$study, FUN = seq_along)
try_it("three_100", function() { fit <- three(a, a$vi); c(fit$beta, fit$se) })
try_it("three_1000", function() { fit <- three(b, b$vi, sparse = TRUE); c(fit$beta, fit$se) })
try_it("che", function() {
  V <- vcalc(vi, cluster = study, obs = within, rho = 0.6, data = d)
  cr2(three(d, V, sparse = TRUE), d)
})
with_mods <- rma.mv(yi, vi, mods = ~ year + deltype, random = ~ 1 | study/esid, data = a)
try_it("cr2", function() cr2(with_mods, a))
y <- given$k100$y; v <- given$k100$v; fit <- rma(y, v)
try_it("leave_one_out", function() leave1out(fit)$estimate)
bcg <- rma(given$bcg$y, given$bcg$v, mods = ~ given$bcg$x)
try_it("permutation", function() { permutest(bcg, iter = 1000, progbar = FALSE); c(bcg$beta) })
s <- given$selected
try_it("selection", function() { m <- selmodel(rma(s$y, s$v, method = "ML"), type = "stepfun", steps = .025); c(m$beta, m$delta[2]) })
# 200 fits of drawn effects, times 50
set.seed(1)
try_it("bootstrap", function() { for (i in 1:200) rma(rnorm(20, 0, sqrt(v[1:20] + .1)), v[1:20], control = list(maxiter = 2000, stepadj = .5)); numeric(0) })
if (is.null(found$bootstrap$problem)) found$bootstrap$ms <- 50 * found$bootstrap$ms
cat(toJSON(list(versions = list(R = as.character(getRversion()), metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich"))), found = found),
  digits = I(16), auto_unbox = TRUE, null = "null", na = "null"), "\n")
