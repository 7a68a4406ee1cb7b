"""What we look at: themes, interventions and an outcomes framework.

In: the centre's own words about its field. Out: the outcomes with their direction, and the interventions that pages are about.
"""
