"""Comparing places and times: values in, values out."""
