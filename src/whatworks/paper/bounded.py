"""A process of its own for hostile files: so much memory and time, and no more."""

from __future__ import annotations


def hold(memory: int, seconds: int) -> None:
    """Hold this process to so many bytes of memory and seconds of a processor, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the time limit of the caller remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
