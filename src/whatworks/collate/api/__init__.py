"""The open door for machines: reports as data that anybody may read, page by page, in the forms of reference managers."""
