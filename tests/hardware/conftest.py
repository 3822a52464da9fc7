"""Which real board the tests of this folder talk to: $TINYGEN_BOARD at $TINYGEN_PORT."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Attached:
    """A board on a cable."""

    name: str
    port: str
    """Of the firmware's serial line."""
    flash_port: str
    """What `tinygen flash --port` needs; empty for a debug probe."""


@pytest.fixture(scope="session")
def attached() -> Attached:
    """Skips the test where no board is named."""
    name = os.environ.get("TINYGEN_BOARD", "")
    if not name:
        pytest.skip("no board is attached: set TINYGEN_BOARD, TINYGEN_PORT and, for a bootloader, TINYGEN_FLASH_PORT")
    return Attached(name, os.environ.get("TINYGEN_PORT", ""), os.environ.get("TINYGEN_FLASH_PORT", ""))
