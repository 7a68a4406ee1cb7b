"""Bayesian pooling by quadrature: no sampling, so that the same studies give the same digits. Start at `pool_bayes`."""
