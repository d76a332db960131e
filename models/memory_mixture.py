"""The parts of a gated mixture of memories: experts, routing, writing and reading, and how to see a collapse.

Mixtures of experts: Jacobs et al. 1991, *Adaptive Mixtures of Local Experts*; Shazeer et al. 2017, *Outrageously Large
Neural Networks* (arXiv:1701.06538). The names of modules and parameters are those of the checkpoints.
"""

import torch
from torch import Tensor, nn

from .memory_bank import MemoryBank


class GatedMemoryMixture(nn.Module):
    """Where each expert's memory starts: learned parameters `expert_0` ... `expert_{k-1}`, each [slots, hidden]."""

    def __init__(self, experts: int, slots: int, hidden: int) -> None:
        super().__init__()
        self.count = experts
        for expert in range(experts):
            self.register_parameter(f"expert_{expert}", nn.Parameter(torch.empty(slots, hidden)))

    def get_expert_state(self, expert: int) -> nn.Parameter:
        """The start of one expert, [slots, hidden]: the parameter itself, wherever the model is."""
        return self.get_parameter(f"expert_{expert}")


class MemoryGatingNetwork(nn.Module):
    """Which expert a slot is written to: `softmax(W_gate(x) / temperature)`."""

    def __init__(self, hidden: int, experts: int, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature
        self.W_gate = nn.Linear(hidden, experts)

    def forward(self, slots: Tensor) -> Tensor:
        """slots [B,S,D] -> weights [B,S,k], not negative, summing to 1 over the experts."""
        return routed(self.W_gate(slots), self.temperature)


class ExpertUpdater(nn.Module):
    """How an expert takes in what was written: a gated step of its own from the old memory to a candidate.

    `gate_networks.i` and `update_networks.i` are linear layers from [old, written] to the width, as the update gate
    and the candidate of a GRU (Cho et al. 2014, arXiv:1406.1078). An expert moves by its gate times its routing weight,
    so one that nothing is routed to stays as it was.
    """

    def __init__(self, hidden: int, experts: int) -> None:
        super().__init__()
        self.gate_networks = nn.ModuleList(nn.Linear(2 * hidden, hidden) for _ in range(experts))
        self.update_networks = nn.ModuleList(nn.Linear(2 * hidden, hidden) for _ in range(experts))

    def forward(self, bank: MemoryBank, written: Tensor, weights: Tensor) -> MemoryBank:
        """Bank {i: [B,S,D]}, written [B,S,D], weights [B,S,k] -> the bank after this segment."""
        return {i: self._updated(i, memory, written, weights[..., i : i + 1]) for i, memory in bank.items()}

    def _updated(self, expert: int, memory: Tensor, written: Tensor, weight: Tensor) -> Tensor:
        gate, candidate = gated(self.gate_networks[expert], self.update_networks[expert], memory, written)
        return memory + (weight * gate * (candidate - memory)).to(memory.dtype)


class AggregatedMemoryReader(nn.Module):
    """What a segment sees of all experts: their mixture, slot by slot.

    Read-based routing has a `read_gating_network` of its own, which looks at the segment that is about to be read.
    Write-based routing has none: the routing network weighs what the slots hold.
    """

    def __init__(self, hidden: int, experts: int, temperature: float, routing_mode: str) -> None:
        super().__init__()
        self.temperature = temperature
        self.read_gating_network = nn.Linear(hidden, experts) if routing_mode == "read-based" else None

    def forward(self, bank: MemoryBank, segment: Tensor, router: MemoryGatingNetwork) -> tuple[Tensor, Tensor]:
        """Bank {i: [B,S,D]}, segment [B,D] (mean embedding of its tokens) -> what is read [B,S,D], weights [B,S,k]."""
        stacked = torch.stack([bank[expert] for expert in sorted(bank)], dim=2)
        if self.read_gating_network is None:
            weights = router(stacked.mean(dim=2))
        else:
            weights = routed(self.read_gating_network(segment), self.temperature).unsqueeze(1)
            weights = weights.expand(-1, stacked.shape[1], -1)
        read = (weights.to(stacked.dtype).unsqueeze(-1) * stacked).sum(dim=2)
        return read, weights


def routed(scores: Tensor, temperature: float) -> Tensor:
    """Scores [..., k] -> softmax(scores / temperature), taken in float32 whatever the model's dtype."""
    return (scores.float() / temperature).softmax(-1).to(scores.dtype)


def gated(gate: nn.Module, update: nn.Module, memory: Tensor, written: Tensor) -> tuple[Tensor, Tensor]:
    """Memory and written [B,S,D] -> how far to go, in (0, 1), and whereto, in (-1, 1), both [B,S,D]."""
    both = torch.cat([memory, written], dim=-1)
    return gate(both).sigmoid(), update(both).tanh()


def routing_entropy(weights: Tensor) -> Tensor:
    """Mean entropy of the routing, as a share of its maximum: 1 spreads every slot evenly, 0 sends each to one expert.

    weights [..., k] -> float32 scalar. Low entropy alone is no collapse: see `expert_load`. With one expert it is 0.
    """
    experts = weights.shape[-1]
    shares = weights.float()
    if experts == 1:
        return shares.new_zeros(())
    entropy = torch.special.entr(shares).sum(-1).mean()
    share: Tensor = entropy / torch.log(shares.new_full((), experts))
    return share


def expert_load(weights: Tensor) -> Tensor:
    """Each expert's share of all that was routed: weights [..., k] -> float32 [k], summing to 1.

    Even use is 1/k each; a collapse is one share near 1 and the others near 0.
    """
    return weights.float().flatten(0, -2).mean(0)
