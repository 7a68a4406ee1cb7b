"""Pages of the workspace on which studies are coded, reconciled, turned into findings and appraised: thin."""
