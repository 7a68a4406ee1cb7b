"""The parts of matching, from the small to the large: titles, people, places; sketching and keys; blocking and
comparing; weights and rules; grouping; tables and merging; deduplicating. The front door is `methods.matching`."""
