"""Several treatments compared at once, by direct and indirect evidence. Start at `networking`."""

from __future__ import annotations

from whatworks.synthesise.methods.network.networking import network
from whatworks.synthesise.methods.network.results import Network

__all__ = ["Network", "network"]
