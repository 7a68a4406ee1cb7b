"""The arithmetic of collating: records and their fields, likeness, match proposals. Pure; reads and writes nothing."""
