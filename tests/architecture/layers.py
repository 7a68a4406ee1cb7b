"""The rooms from top to bottom, read from the contract that the build checks, so that they are written once."""

from __future__ import annotations

import tomllib

from tools.sources import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]
LAYERS: list[str] = next(contract["layers"] for contract in _CONTRACTS if contract["type"] == "layers")

# 0 is the top. Rooms written on one line with | share a height and do not know each other.
HEIGHT = {room.strip(): height for height, line in enumerate(LAYERS) for room in line.split("|")}
