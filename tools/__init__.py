"""Small programs that the Makefile runs. Nothing here is part of the installed package."""
