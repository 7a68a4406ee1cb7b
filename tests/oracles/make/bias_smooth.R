# Writes bias_smooth.json: selection models whose weight falls smoothly with p, on four data sets (metafor takes minutes).
#   Rscript bias_smooth.R FOLDER_OF_THE_DATA_SETS > ../bias_smooth.json        (metafor, jsonlite, numDeriv)
suppressMessages(library(metafor))
library(jsonlite)
folder <- commandArgs(TRUE)[1]
control <- list(maxiter = 2000, stepadj = .5, threshold = 1e-10, tol = 1e-14)
models <- list()
every <- c("beta", "halfnorm", "negexp", "logistic", "power")
sets <- list(dat.bangertdrowns2004 = every, dat.hackshaw1998 = every, dat.raudenbush1985 = every, dat.konstantopoulos2011 = every[1:3])
for (set in names(sets)) {
  d <- read.csv(file.path(folder, paste0(set, ".csv")))
  fit <- rma(yi, vi, data = d, method = "ML", control = control)
  for (type in sets[[set]]) {
    s <- try(suppressWarnings(selmodel(fit, type = type, control = list(optimizer = "nlminb"))), silent = TRUE)
    if (inherits(s, "try-error")) s <- try(suppressWarnings(selmodel(fit, type = type)), silent = TRUE)
    if (!inherits(s, "try-error"))
      models[[length(models) + 1]] <- list(set = set, type = type, est = c(s$beta), se = s$se, tau2 = s$tau2, delta = I(s$delta), sed = I(s$se.delta), ll = c(logLik(s)), lrt = s$LRT, df = s$LRTdf)
  }
}
out <- list(versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), numDeriv = as.character(packageVersion("numDeriv"))), models = models)
cat(toJSON(out, digits = 12, auto_unbox = TRUE, null = "null", na = "null"), "\n")
