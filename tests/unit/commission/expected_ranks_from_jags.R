# Expected ranks by the model of Heyard and others (2022, doi 10.1080/2330443X.2022.2086190) in JAGS 4.3.1 (rjags 4-13), on the
# three mock panels that their package ERforResearch 4.0.0 gives (`get_mock_data`; grades from 1, worst, to 6).
# python -c "from tests.unit.commission.mock_panels import write; write('mock.csv')"; Rscript expected_ranks_from_jags.R mock.csv expected_ranks.csv
suppressMessages(library(rjags))
args <- commandArgs(TRUE)
told <- read.csv(args[1])
model <- "model {
  for (i in 1:n) {
    grade[i] ~ dnorm(centre + worth[application[i]] + lean[application[i], voter[i]], pow(sigma, -2))
  }
  ranks[1:n_applications] <- rank(-worth[])
  for (j in 1:n_applications) { worth[j] ~ dnorm(0, pow(tau, -2)) }
  for (l in 1:n_voters) {
    nu[l] ~ dnorm(0, 4)
    for (j in 1:n_applications) { lean[j, l] ~ dnorm(nu[l], pow(spread, -2)) }
  }
  sigma ~ dunif(0.000001, 2)
  tau ~ dunif(0.000001, 2)
  spread ~ dunif(0.000001, 2)
}"
set.seed(20220601)
out <- data.frame()
for (panel in unique(told$panel)) {
  part <- told[told$panel == panel, ]
  application <- match(part$application, unique(part$application))
  voter <- match(part$voter, unique(part$voter))
  data <- list(n = nrow(part), grade = part$grade, application = application, voter = voter, centre = mean(part$grade),
    n_applications = max(application), n_voters = max(voter))
  inits <- lapply(1:4, function(k) list(.RNG.name = "base::Mersenne-Twister", .RNG.seed = 20220600 + k))
  fit <- jags.model(textConnection(model), data, inits = inits, n.chains = 4, n.adapt = 2000, quiet = TRUE)
  update(fit, 5000, progress.bar = "none")
  drawn <- as.matrix(coda.samples(fit, "ranks", n.iter = 100000, thin = 10, progress.bar = "none"))
  out <- rbind(out, data.frame(panel = panel, application = unique(part$application), expected = colMeans(drawn)))
}
write.csv(out, args[2], row.names = FALSE)
