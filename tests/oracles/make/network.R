# Reference numbers for network meta-analysis: metafor's rma.mv on the contrasts of each study with its first treatment,
# their covariance from the arms (or, for contrasts, from the three variances of a loop), and a compound-symmetric
# heterogeneity of correlation 1/2. Rscript network.R > ../network.json
suppressMessages({library(metafor); library(metadat); library(jsonlite)})

# nlminb refuses the tightest tolerances on some sets: the tightest that it takes is used
tightest <- function(y, V, X, study, contrast, method) {
  for (digits in 14:8) {
    control <- list(optimizer = "nlminb", rel.tol = 10^-digits, iter.max = 5000, eval.max = 10000)
    fit <- tryCatch(suppressWarnings(rma.mv(y, V, mods = ~ 0 + X, random = ~ contrast | study, rho = 1/2,
      method = method, control = control)), error = function(e) NULL)
    if (!is.null(fit)) return(fit)
  }
  stop("no fit")
}

arms_of <- function(study, treatment, y, s) data.frame(study = as.character(study), trt = as.character(treatment), y, s)
counts <- function(study, treatment, x, n, measure) {
  d <- data.frame(study = as.character(study), trt = as.character(treatment), x, n)
  events <- ave(d$x, d$study, FUN = sum); people <- ave(d$n, d$study, FUN = sum)
  d <- d[measure == "RD" | (events > 0 & events < people), ]
  hollow <- ave(d$x == 0 | d$x == d$n, d$study, FUN = any)
  d$x <- d$x + ifelse(hollow, 0.5, 0); d$n <- d$n + ifelse(hollow, 1, 0); p <- d$x / d$n
  switch(measure,
    OR = arms_of(d$study, d$trt, log(p / (1 - p)), 1 / d$x + 1 / (d$n - d$x)),
    RR = arms_of(d$study, d$trt, log(p), 1 / d$x - 1 / d$n),
    RD = arms_of(d$study, d$trt, p, p * (1 - p) / d$n))
}
wide <- function(d, study, treatments, ...) {
  parts <- list(...)
  long <- do.call(rbind, lapply(seq_along(treatments), function(i)
    data.frame(study = d[[study]], trt = as.character(d[[treatments[i]]]), a = d[[parts[[1]][i]]],
      b = d[[parts[[2]][i]]], c = if (length(parts) > 2) d[[parts[[3]][i]]] else 1)))
  long <- long[!is.na(long$trt) & long$trt != "" & !is.na(long$a), ]
  long[ave(seq_len(nrow(long)), long$study, FUN = length) > 1, ]
}
from_arms <- function(d) {
  d <- d[order(match(d$study, unique(d$study)), d$trt), ]
  treatments <- sort(unique(d$trt), method = "radix"); y <- c(); study <- c(); X <- NULL; blocks <- list()
  for (name in unique(d$study)) {
    rows <- d[d$study == name, ]; rows <- rows[order(match(rows$trt, treatments)), ]; p <- nrow(rows)
    C <- cbind(-1, diag(p - 1)); E <- outer(rows$trt, treatments, "==") * 1
    y <- c(y, C %*% rows$y); study <- c(study, rep(name, p - 1)); X <- rbind(X, C %*% E)
    blocks[[length(blocks) + 1]] <- C %*% diag(rows$s, nrow = p) %*% t(C)
  }
  list(y = y, V = metafor::bldiag(blocks), X = X, study = study, treatments = treatments)
}
from_contrasts <- function(study, t1, t2, y, v) {
  treatments <- sort(unique(c(t1, t2)), method = "radix"); out <- list(y = c(), study = c(), X = NULL); blocks <- list()
  for (name in unique(study)) {
    rows <- which(study == name); arms <- sort(unique(c(t1[rows], t2[rows])), method = "radix"); p <- length(arms)
    Y <- W <- matrix(0, p, p, dimnames = list(arms, arms))
    for (r in rows) { Y[t1[r], t2[r]] <- y[r]; Y[t2[r], t1[r]] <- -y[r]; W[t1[r], t2[r]] <- W[t2[r], t1[r]] <- v[r] }
    middle <- rowMeans(Y); C <- cbind(-1, diag(p - 1)); E <- outer(arms, treatments, "==") * 1
    out$y <- c(out$y, C %*% middle); out$study <- c(out$study, rep(name, p - 1)); out$X <- rbind(out$X, C %*% E)
    blocks[[length(blocks) + 1]] <- (outer(W[-1, 1], W[-1, 1], "+") - W[-1, -1]) / 2
  }
  list(y = out$y, V = metafor::bldiag(blocks), X = out$X, study = out$study, treatments = treatments)
}
projected <- function(V, X) { W <- solve(V); W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W) }
fits <- function(d) {
  X <- d$X[, -1, drop = FALSE]; study <- d$study; contrast <- ave(seq_along(study), study, FUN = seq_along)
  U <- outer(study, study, "==") * (diag(length(study)) + 1) / 2
  P <- projected(d$V, X); df <- length(d$y) - ncol(X)
  dl <- max(0, (c(t(d$y) %*% P %*% d$y) - df) / sum(P * U))
  arms <- tapply(seq_along(study), study, function(r) paste(which(colSums(abs(d$X[r, , drop = FALSE])) > 0), collapse = "-"))
  design <- c(arms[study])
  full <- do.call(cbind, lapply(unique(design), function(one) {
    used <- as.integer(strsplit(one, "-")[[1]])[-1]; (design == one) * d$X[, used, drop = FALSE]
  }))
  out <- list(treatments = d$treatments, n = length(unique(study)), df = df)
  q <- function(V, Z) c(t(d$y) %*% projected(V, Z) %*% d$y)
  out$q_within <- q(d$V, full); out$df_within <- length(d$y) - ncol(full); out$designs <- length(unique(design))
  if (out$df_within > 0) {
    out$tau2_within <- max(0, (out$q_within - out$df_within) / sum(projected(d$V, full) * U))
    out$q_inc_random <- q(d$V + out$tau2_within * U, X) - q(d$V + out$tau2_within * U, full)
  }
  told <- function(fit) list(b = c(coef(fit)), vb = vcov(fit), tau2 = fit$tau2, loglik = c(logLik(fit)), qe = fit$QE, qep = fit$QEp)
  for (method in c("REML", "ML"))
    out[[method]] <- told(tightest(d$y, d$V, X, study, contrast, method))
  out$DL <- told(rma.mv(d$y, d$V, mods = ~ 0 + X, random = ~ contrast | study, rho = 1/2, tau2 = dl))
  out$common <- told(rma.mv(d$y, d$V, mods = ~ 0 + X, method = "ML"))
  out
}

senn <- dat.senn2013; hass <- dat.hasselblad1998; dogl <- dat.dogliotti2014; pagl <- dat.pagliaro1992
dong <- dat.dong2013; guru <- dat.gurusamy2011; bake <- dat.baker2009; lind <- dat.linde2016
fran <- wide(dat.franchini2012, "Study", paste0("Treatment", 1:3), paste0("y", 1:3), paste0("sd", 1:3), paste0("n", 1:3))
stow <- wide(dat.stowe2010, "study", paste0("t", 1:3), paste0("y", 1:3), paste0("sd", 1:3), paste0("n", 1:3))
l15 <- wide(dat.linde2015, "id", paste0("treatment", 1:3), paste0("resp", 1:3), paste0("n", 1:3))
sets <- list(
  senn2013 = from_arms(arms_of(senn$study, senn$treatment, senn$mi, senn$sdi^2 / senn$ni)),
  franchini2012 = from_arms(arms_of(fran$study, fran$trt, fran$a, fran$b^2 / fran$c)),
  stowe2010 = from_arms(arms_of(stow$study, stow$trt, stow$a, stow$b^2 / stow$c)),
  hasselblad1998 = from_arms(counts(hass$study, hass$trt, hass$xi, hass$ni, "OR")),
  hasselblad1998_rr = from_arms(counts(hass$study, hass$trt, hass$xi, hass$ni, "RR")),
  dogliotti2014 = from_arms(counts(dogl$id, dogl$treatment, dogl$stroke, dogl$total, "OR")),
  dogliotti2014_rd = from_arms(counts(dogl$id, dogl$treatment, dogl$stroke, dogl$total, "RD")),
  pagliaro1992 = from_arms(counts(pagl$study, pagl$trt, pagl$xi, pagl$ni, "OR")),
  dong2013 = from_arms(counts(dong$id, dong$treatment, dong$death, dong$randomized, "OR")),
  gurusamy2011 = from_arms(counts(guru$study, guru$treatment, guru$death, guru$n, "OR")),
  baker2009 = from_arms(counts(bake$id, bake$treatment, bake$exac, bake$total, "RR")),
  linde2015 = from_arms(counts(l15$study, l15$trt, l15$a, l15$b, "RR")),
  linde2016 = from_contrasts(as.character(lind$id), lind$treat1, lind$treat2, lind$lnOR, lind$selnOR^2)
)
answer <- list(
  made_with = list(R = R.version.string, metafor = as.character(packageVersion("metafor")), metadat = as.character(packageVersion("metadat"))),
  sets = lapply(sets, fits)
)
cat(toJSON(answer, digits = I(16), auto_unbox = TRUE, pretty = FALSE, na = "null"), "\n")
