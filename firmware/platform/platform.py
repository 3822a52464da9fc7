"""PlatformIO's view of this platform: which of its packages a build needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import Any

from platformio.public import PlatformBase


class TinygenPlatform(PlatformBase):
    """Needs no package while a compiler is at hand."""

    def configure_default_packages(self, options: dict[str, Any], targets: list[str]) -> Any:
        board = self.board_config(options["board"])
        at_hand = shutil.which("arm-none-eabi-gcc") or importlib.util.find_spec("ziglang")
        # TINYGEN_OFFLINE: asking a registry that can't be reached stalls for a minute.
        if board.get("build.gcc", []) and not at_hand and not os.environ.get("TINYGEN_OFFLINE"):
            self.packages["toolchain-gccarmnoneeabi"]["optional"] = False
        return super().configure_default_packages(options, targets)
