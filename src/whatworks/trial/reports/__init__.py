"""Documents of a trial, made of its record alone: protocol, plan of analysis and report, as PDF, Word and text; checklists; an archive.

`gathering` reads the record; `protocol`, `plan` and `report` say it in blocks (`parts`); `text`, `word` and `pdf` set them, without Django.
"""
