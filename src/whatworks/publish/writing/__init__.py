"""The editor: what people write for a page, numbers as references, the check as one writes, withdrawal."""
