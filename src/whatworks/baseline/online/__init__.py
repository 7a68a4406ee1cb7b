"""What has been published since? The Department for Education's statistics service asked for releases that are not here.

In: titles of publications. Out: for each of their data sets, what was taken in, what it revised, what was left and why.
"""
