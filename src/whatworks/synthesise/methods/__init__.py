"""How effects are put together: pure arithmetic. Start at `pooling`."""
