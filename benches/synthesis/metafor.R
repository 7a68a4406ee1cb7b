# Times the fits of benches/synthesis.py by metafor and clubSandwich: CPU milliseconds and the answer of each.
#   Rscript metafor.R DATA.json    says its versions, then answers each name of a fit with one line of JSON
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
works <- list()
offer <- function(name, work) works[[name]] <<- work
say <- function(what) { cat(toJSON(what, digits = I(16), auto_unbox = TRUE, null = "null", na = "null"), "\n"); flush(stdout()) }

for (k in c("10", "100", "500", "2000")) local({
  y <- given[[paste0("k", k)]]$y; v <- given[[paste0("k", k)]]$v
  offer(paste0("reml_", k), function() { fit <- rma(y, v, test = "knha"); c(fit$beta, fit$se) })
  if (k != "2000") offer(paste0("dl_", k), function() { fit <- rma(y, v, method = "DL"); c(fit$beta, fit$se) })
})
three <- function(d, V, ...) rma.mv(yi, V, random = ~ 1 | study/esid, data = d, ...)
cr2 <- function(fit, d) { t <- coef_test(fit, vcov = "CR2", cluster = d$study, test = "Satterthwaite"); c(t$beta, t$SE, t$df) }
a <- as.data.frame(given$assink); b <- as.data.frame(given$balanced); d <- as.data.frame(given$campbell)
d$within <- ave(d$esid, d$study, FUN = seq_along)
offer("three_100", function() { fit <- three(a, a$vi); c(fit$beta, fit$se) })
offer("three_1000", function() { fit <- three(b, b$vi, sparse = TRUE); c(fit$beta, fit$se) })
offer("che", function() {
  V <- vcalc(vi, cluster = study, obs = within, rho = 0.6, data = d)
  cr2(three(d, V, sparse = TRUE), d)
})
with_mods <- rma.mv(yi, vi, mods = ~ year + deltype, random = ~ 1 | study/esid, data = a)
offer("cr2", function() cr2(with_mods, a))
y <- given$k100$y; v <- given$k100$v; fit <- rma(y, v)
offer("leave_one_out", function() leave1out(fit)$estimate)
bcg <- rma(given$bcg$y, given$bcg$v, mods = ~ given$bcg$x)
offer("permutation", function() { permutest(bcg, iter = 1000, progbar = FALSE); c(bcg$beta) })
s <- given$selected
offer("selection", function() { m <- selmodel(rma(s$y, s$v, method = "ML"), type = "stepfun", steps = .025); c(m$beta, m$delta[2]) })
# 200 fits of drawn effects, times 50
set.seed(1)
offer("bootstrap", function() { for (i in 1:200) rma(rnorm(20, 0, sqrt(v[1:20] + .1)), v[1:20], control = list(maxiter = 2000, stepadj = .5)); numeric(0) })
say(lapply(list(R = getRversion(), metafor = packageVersion("metafor"), clubSandwich = packageVersion("clubSandwich")), as.character))
names_of_fits <- file("stdin", "r")
while (length(name <- readLines(names_of_fits, 1))) {
  one <- if (is.null(works[[name]])) NULL else tryCatch(ms(works[[name]]), error = function(e) list(problem = conditionMessage(e)))
  if (name == "bootstrap" && is.null(one$problem)) one$ms <- 50 * one$ms
  say(if (is.null(one)) structure(list(), names = character(0)) else list(metafor = one))
}
