"""Composition only: settings, addresses, base templates, home. Keeps nothing."""
