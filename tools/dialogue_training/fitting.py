"""Fits a chain of roles to programmes whose roles are known: maximum likelihood with a penalty on large weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from transcribe.segmenting.dialogue.chain import ALLOWED, FIRST, Array, Chain, Role, log_sum, standardised

ROLES = len(Role)
PENALTY, TRANSITION_PENALTY = 500.0, 1.0
MEANING_PENALTY = 12_500.0
"""Of vectors, which are many and say little each."""
STEPS = 60
_MEMORY = 10


def fitted(
    features: Sequence[NDArray[np.float32]], roles: Sequence[NDArray[np.int64]], vectors: int = 0
) -> Chain:
    """The chain that fits `roles` (units,) of `features` (units, features), one array for each programme.

    The last `vectors` features are numbers of vectors.
    """
    every = np.concatenate(features)
    penalty = np.full((every.shape[1], 1), PENALTY)
    penalty[every.shape[1] - vectors :] = MEANING_PENALTY
    middle, spread = every.mean(0, dtype=np.float64), every.std(0, dtype=np.float64) + 1e-6
    batch = _Batch([standardised(each, middle, spread).astype(np.float32) for each in features], roles)
    weights = minimised(lambda at: batch.loss(at, penalty), np.zeros((every.shape[1] + 1 + ROLES) * ROLES))
    emission, bias, transition = batch.parts(weights)
    return Chain(middle, spread, emission, bias, transition)


class _Batch:
    """All programmes side by side, the shorter ones filled up."""

    def __init__(self, features: Sequence[NDArray[np.float32]], roles: Sequence[NDArray[np.int64]]) -> None:
        longest, self.size = max(map(len, features)), features[0].shape[1]
        self.there = np.array([np.arange(longest) < len(each) for each in features])
        self.flat = np.concatenate(features)
        self.right = np.eye(ROLES)[np.concatenate(roles)]
        self.moves = np.zeros((ROLES, ROLES))
        for each in roles:
            np.add.at(self.moves, (each[:-1], each[1:]), 1)

    def parts(self, weights: Array) -> tuple[Array, Array, Array]:
        emission, rest = weights[: self.size * ROLES], weights[self.size * ROLES :]
        return emission.reshape(self.size, ROLES), rest[:ROLES], rest[ROLES:].reshape(ROLES, ROLES)

    def loss(self, weights: Array, penalty: Array) -> tuple[float, Array]:
        """The negative logarithm of the likelihood with the penalty (features, 1), and its gradient."""
        emission, bias, transition = self.parts(weights)
        scores = self.flat @ emission.astype(np.float32) + bias
        total, single, pairs = self._expected(scores, transition + ALLOWED)
        likelihood = (scores * self.right).sum() + (transition * self.moves).sum() - total
        loss = (
            (penalty * emission**2).sum() / 2 + TRANSITION_PENALTY * (transition**2).sum() / 2 - likelihood
        )
        missing = self.right - single
        gradient = (
            penalty * emission - self.flat.T @ missing.astype(np.float32),
            -missing.sum(0),
            TRANSITION_PENALTY * transition - (self.moves - pairs),
        )
        return float(loss), np.concatenate([each.ravel() for each in gradient])

    def _expected(self, scores: Array, transition: Array) -> tuple[float, Array, Array]:
        """The logarithm of the sum over all courses of roles; the roles and the pairs of roles expected."""
        there = self.there
        laid = np.zeros((*there.shape, ROLES))
        laid[there] = scores
        forward, backward = np.empty_like(laid), np.zeros_like(laid)
        forward[:, 0] = laid[:, 0] + FIRST
        for at in range(1, there.shape[1]):
            new = log_sum(forward[:, at - 1, :, None] + transition, 1) + laid[:, at]
            forward[:, at] = np.where(there[:, at, None], new, forward[:, at - 1])
        for at in range(there.shape[1] - 2, -1, -1):
            new = log_sum(transition + (laid[:, at + 1] + backward[:, at + 1])[:, None], 2)
            backward[:, at] = np.where(there[:, at + 1, None], new, 0)
        total = log_sum(forward[:, -1], 1)
        single = np.exp(forward + backward - total[:, None, None])[there]
        pairs = forward[:, :-1, :, None] + transition + (laid + backward)[:, 1:, None, :]
        moved = np.exp((pairs - total[:, None, None, None])[there[:, 1:]]).sum(0)
        return float(total.sum()), single, moved


def minimised(loss: Callable[[Array], tuple[float, Array]], weights: Array, steps: int = STEPS) -> Array:
    """Where a smooth convex `loss` (value and gradient) is about least: L-BFGS (Nocedal and Wright 2006, 7.4)."""
    value, gradient = loss(weights)
    moves: list[tuple[Array, Array]] = []
    for _ in range(steps):
        direction = _direction(gradient, moves)
        step = 1.0 if moves else 1.0 / max(1.0, float(np.abs(gradient).sum()))
        while True:
            tried, after = loss(weights + step * direction)
            if tried <= value + 1e-4 * step * float(gradient @ direction) or step < 1e-12:
                break
            step /= 2
        moved, turned = step * direction, after - gradient
        if float(moved @ turned) > 0:
            moves = [*moves[1 - _MEMORY :], (moved, turned)]
        weights, value, gradient = weights + moved, tried, after
    return weights


def _direction(gradient: Array, moves: Sequence[tuple[Array, Array]]) -> Array:
    direction, shares = -gradient, []
    for moved, turned in reversed(moves):
        share = float(moved @ direction) / float(moved @ turned)
        direction = direction - share * turned
        shares.append(share)
    if moves:
        moved, turned = moves[-1]
        direction = direction * (float(moved @ turned) / float(turned @ turned))
    for (moved, turned), share in zip(moves, reversed(shares), strict=True):
        direction = direction + (share - float(turned @ direction) / float(moved @ turned)) * moved
    return direction
