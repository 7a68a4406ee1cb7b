"""How studies with few events are put together, from their counts rather than from ratios. Start at `pool_tables`."""
