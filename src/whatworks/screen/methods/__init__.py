"""The arithmetic of screening: the flow of records through a review and whether its counts add up. Pure."""
