"""How large must a trial be? Closed forms, each under its name; start at `power` for what a standard error means."""
