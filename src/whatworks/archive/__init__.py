"""The whole centre as plain files: load, export, release, verify.

In: a pack (a folder of plain files). Out: the same pack byte for byte, dated releases with a static site, and a verdict.
"""
