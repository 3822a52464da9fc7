"""Every error that a user can meet: a message that says what was found, a hint that says what to do, an exit code."""

from __future__ import annotations


class TinygenError(Exception):
    """Something in the user's situation that stops the command.

    message: what was being done, on which op and tensor, what was found and what is accepted.
    hint: what the user can do about it; empty when the message says it all.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InvalidModelError(TinygenError):
    """The file is not a TFLite model, or contradicts itself."""

    exit_code = 2


class UnsupportedModelError(TinygenError):
    """The model is valid, but tinygen does not compile it."""

    exit_code = 3


class DoesNotFitError(TinygenError):
    """The model needs more RAM or flash than the board has."""

    exit_code = 4


class ToolError(TinygenError):
    """A compiler, builder, flasher or emulator is missing or failed."""

    exit_code = 5


class LinkError(TinygenError):
    """The device can't be found, does not answer, or answers for another model."""

    exit_code = 6


class MismatchError(TinygenError):
    """The device computed other bytes than the reference."""

    exit_code = 7
