"""The pages on which people screen: thin, each authorises, calls one thing, and responds."""
