"""Could the answer be an artefact of which studies were done, published or found?

Tests of funnel asymmetry, trim and fill, regression to infinite precision, models of selection, and how strong selection
or bias would have to be to change the conclusion. None of them proves or excludes publication bias.
"""
