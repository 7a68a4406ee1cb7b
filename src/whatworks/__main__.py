"""`python -m whatworks`: the command line."""

from whatworks.cli import main

main()
