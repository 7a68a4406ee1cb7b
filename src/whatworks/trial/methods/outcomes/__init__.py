"""Several outcomes and missing ones: corrected p-values, imputation that respects clusters, and how far a result would bend."""
