"""The arithmetic and the rules of calls: values in, frozen answers out. No Django, no clock, no file, no unseeded chance."""
