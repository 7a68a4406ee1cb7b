"""Evidence and gap maps: the centre's own, drawn from its pages, and those that others made."""
