"""How trials are sized, drawn and analysed: pure arithmetic. Start at `mixed`."""
