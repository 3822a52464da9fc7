"""Counts a window as Window does, and keeps apart what each probe of the model executed and read from flash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tinygen.emulate.counting import OUTSIDE, BlockHook, Edges, Window
from tinygen.emulate.device import Regions, Share

ReadHook = Callable[[object, int, int, int, int, object], None]
NO_TRACE = -1
"""In place of tg_trace's address, where the linker left it out because the model does not call it."""
_IT_REACH = 2 + 4 * 4  # bytes of an IT and of the instructions that it makes conditional
_REST = -1  # in place of a probe: after the last trace


@dataclass(frozen=True)
class Marks:
    """Where regions begin and end."""

    invoke: int
    """Address of the function that computes the model: nothing before or after it counts."""
    trace: int
    """Address of tg_trace: its call ends the region of its first argument. What it executes itself does not count.
    NO_TRACE: there are no regions."""


@dataclass
class _Account:
    """What has been counted for one probe."""

    edges: Edges = field(default_factory=dict)
    flash_reads: int = 0
    calls: int = 0


class RegionWindow(Window):
    """A window whose blocks inside the model go to the account of the probe that is traced next."""

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        starter: int,
        marks: Marks,
        registers: Callable[[], tuple[int, int]],
        forget_it: Callable[[], None],
        traced: Callable[[], None],
    ) -> None:
        """registers: r0 and lr at this moment. forget_it: clears the CPU's state of an IT block. traced: called at each
        trace. The others are Window's."""
        self._marks = marks
        self._registers = registers
        self._traced = traced
        self._accounts: dict[int, _Account] = {}
        self._region: Edges = {}  # the one that is open
        self._back = self._resume = -1  # where invoke and tg_trace return to
        self._turns = {marks.invoke}  # addresses at which to turn from one dictionary of edges to another
        self._forget_it = forget_it
        self._words = 0  # read from flash since they were taken last
        super().__init__(read, starter)

    def _recorder(self) -> tuple[Callable[[], int], BlockHook]:
        """As Window's, with one look at the address more."""
        edges, ends, turns, turn = self._edges, self._ends, self._turns, self._turn
        conditional: set[int] = set()  # blocks that may load in an IT block
        last = OUTSIDE

        def enter(_emulator: object, address: int, size: int, _user: object) -> None:
            nonlocal last, edges
            if address in turns:
                edges = turn(address)
            try:
                edges[last, address] += 1
            except KeyError:
                edges[last, address] = 1
                ends[address] = address + size
                if self._has_it(address, size):
                    conditional.add(address)
            last = address

        def read_flash(_emulator: object, _kind: int, _address: int, size: int, _value: int, _user: object) -> None:
            self._words += (size + 3) >> 2
            if last in conditional:
                # For a hook, Unicorn 2 restores the state that the CPU has in mid-block, and leaves the IT block's
                # there: the next block would begin as a conditional one.
                self._forget_it()

        self.read_flash: ReadHook = read_flash
        return lambda: last, enter

    def _has_it(self, address: int, size: int) -> bool:
        """Whether an IT instruction, or data that looks like one, is in the block or reaches into it."""
        start = max(address - _IT_REACH, 0)
        code = self._read(start, address + size - start)
        return any(code[i + 1] == 0xBF and code[i] & 15 for i in range(0, len(code) - 1, 2))

    def _take_reads(self) -> int:
        words, self._words = self._words, 0
        return words

    def _turn(self, address: int) -> Edges:
        """Where to count from the block at `address` on, one of self._turns."""
        r0, lr = self._registers()
        if address == self._marks.trace:
            self._close(r0)
            self._resume = lr & ~1
            return self._turn_to(self._edges, self._resume)
        if address == self._marks.invoke:
            self._back = lr & ~1
        elif address == self._back:
            self._close(_REST)
            return self._turn_to(self._edges, self._marks.invoke)
        self._take_reads()  # those of the harness or of tg_trace
        self._region = {}
        return self._turn_to(self._region, self._marks.trace, self._back)

    def _turn_to(self, edges: Edges, *turns: int) -> Edges:
        self._turns.clear()
        self._turns.update(turns)
        return edges

    def _close(self, probe: int) -> None:
        """Adds the open region to an account."""
        account = self._accounts.setdefault(probe, _Account())
        for edge, times in self._region.items():
            account.edges[edge] = account.edges.get(edge, 0) + times
        account.flash_reads += self._take_reads()
        account.calls += 1
        self._region = {}
        if probe != _REST:
            self._traced()

    def _all_edges(self) -> tuple[Edges, ...]:
        return (self._edges, self._region, *(account.edges for account in self._accounts.values()))

    def regions(self) -> Regions:
        """What was counted in the model up to now."""
        shares = {
            probe: Share(self._counters(account.edges), account.flash_reads, account.calls)
            for probe, account in sorted(self._accounts.items())
        }
        rest = shares.pop(_REST, None)
        return Regions(shares, rest or Share(self._counters({}), 0, 0))
