"""Collects what is wrong with a model, one sentence each, and words them as one error."""

from __future__ import annotations

from tinygen.tflite.model import Operator, Subgraph, TensorInfo

_LISTED = 10
_NAME_LENGTH = 60


class Report:
    """Sentences in the order found; keeps the first few and counts the rest."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.count = 0

    def add(self, sentence: str) -> None:
        """Counts `sentence`, and keeps it if it is new and not too many are kept already."""
        if sentence in self.sentences:
            return
        self.count += 1
        if len(self.sentences) < _LISTED:
            self.sentences.append(sentence)

    def text(self) -> str:
        """The sentences, one per line when there are several."""
        more = self.count - len(self.sentences)
        lines = [*self.sentences, *([f"and {more} more"] if more else [])]
        return lines[0] if len(lines) == 1 else "".join(f"\n- {line}" for line in lines)


def printable(name: str) -> str:
    """`name` shortened and with everything escaped that a terminal might obey."""
    shown = name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 3] + "..."
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode("ascii")


def tensor_label(subgraph: Subgraph, tensor: TensorInfo | int) -> str:
    """Such as "tensor 3 (conv1/weights)"; with the subgraph, when it is not the main one."""
    index, name = (tensor, "") if isinstance(tensor, int) else (tensor.index, tensor.name)
    return _within(subgraph) + f"tensor {index}" + (f" ({printable(name)})" if name else "")


def operator_label(subgraph: Subgraph, operator: Operator) -> str:
    """Such as "operator 3 (CONV_2D)"; with the subgraph, when it is not the main one."""
    name = f"CUSTOM {printable(operator.custom_name)}".rstrip() if operator.name == "CUSTOM" else operator.name
    return _within(subgraph) + f"operator {operator.index} ({name})"


def _within(subgraph: Subgraph) -> str:
    return f"subgraph {subgraph.index}, " if subgraph.index else ""
