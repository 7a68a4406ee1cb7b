# Writes bias_selection.json: step-function selection models on the data sets of bias.json.
#   Rscript bias_selection.R FOLDER_OF_THE_DATA_SETS > ../bias_selection.json        (metafor, jsonlite, numDeriv)
suppressMessages(library(metafor))
library(jsonlite)
folder <- commandArgs(TRUE)[1]
sets <- fromJSON("../bias.json", simplifyVector = FALSE)$sets
control <- list(maxiter = 2000, stepadj = .5, threshold = 1e-10, tol = 1e-14)
close <- list(optimizer = "nlminb")   # the optimiser that ends nearest to the peak
cases <- list(list("ML", "greater", .025), list("ML", "less", .025), list("ML", "two.sided", .05), list("EE", "greater", c(.025, .5)),
              list("ML", "greater", c(.025, .5)), list("ML", "less", c(.05, .5)), list("ML", "greater", c(.005, .05, .2, .6)))
a_priori <- list(steps = c(.025, .1, .5), delta = c(1, .8, .5, .3))
one <- function(yi, vi, method, alternative, cut, delta = NULL) {
  fit <- rma(yi, vi, method = method, control = control); s <- NULL; arguments <- list(fit, type = "stepfun", alternative = alternative, steps = cut)
  if (!is.null(delta)) arguments$delta <- delta
  s <- tryCatch(suppressWarnings(do.call(selmodel, c(arguments, list(control = close)))), error = function(e) NULL)
  if (is.null(s)) s <- tryCatch(suppressWarnings(do.call(selmodel, arguments)), error = function(e) NULL)
  if (is.null(s)) return(NULL)
  list(method = method, alternative = alternative, steps = I(cut), fixed = if (is.null(delta)) NULL else I(delta), estimate = c(s$beta), se = s$se, tau2 = s$tau2, se_tau2 = s$se.tau2,
       delta = I(c(s$delta)), se_delta = I(c(s$se.delta)), loglik = c(logLik(s)), lrt = s$LRT, lrt_p = s$LRTp, counts = I(s$ptable$k))
}
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), numDeriv = as.character(packageVersion("numDeriv"))), control = close, sets = list())
for (name in names(sets)) {
  spec <- sets[[name]]; d <- read.csv(file.path(folder, paste0(spec$file, ".csv")), check.names = FALSE)
  if (is.null(spec$columns)) { yi <- d[[spec$yi]]; vi <- d[[spec$vi]] }
  else { es <- do.call(escalc, c(list(measure = spec$measure), lapply(spec$columns, function(x) d[[x]]))); yi <- c(es$yi); vi <- c(es$vi) }
  on <- is.finite(yi) & is.finite(vi) & vi > 0
  found <- lapply(cases, function(x) one(yi[on], vi[on], x[[1]], x[[2]], x[[3]]))
  found[[length(found) + 1]] <- one(yi[on], vi[on], "ML", "greater", a_priori$steps, a_priori$delta)
  out$sets[[name]] <- Filter(Negate(is.null), found)
  message(name, " ", length(out$sets[[name]]))
}
cat(toJSON(out, digits = 16, auto_unbox = TRUE, null = "null", na = "null"), "\n")
