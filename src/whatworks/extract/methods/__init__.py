"""How a study's raw numbers become an effect: pure arithmetic, one named formula each. Start at `effects`."""
