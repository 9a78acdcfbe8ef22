"""A chain of roles: how likely each unit is asking, answering or neither, given all the others.

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) over five roles, two of which only
begin: so that a question after a question, or an answer's first words, can look different from the rest.
Probabilities by the forward-backward algorithm, in logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Role(IntEnum):
    """What a unit is. `OTHER` is talk that belongs to no question."""

    OTHER = 0
    ASKED = 1
    """The first unit of a question with what hands it over."""
    ASKING = 2
    ANSWERED = 3
    """The first unit of an answer."""
    ANSWERING = 4


FOLLOWS = {
    Role.OTHER: (Role.OTHER, Role.ASKED),
    Role.ASKED: (Role.ASKING, Role.ANSWERED),
    Role.ASKING: (Role.ASKING, Role.ANSWERED, Role.ASKED, Role.OTHER),
    Role.ANSWERED: (Role.ANSWERING, Role.ASKED, Role.OTHER),
    Role.ANSWERING: (Role.ANSWERING, Role.ASKED, Role.OTHER),
}
"""Which roles may follow which: a question is asked before it is answered, or is left."""

NEVER = -1e4
"""The logarithm of next to nothing: what cannot follow."""

ALLOWED = np.array([[0.0 if to in FOLLOWS[role] else NEVER for to in Role] for role in Role])
FIRST = np.array([0.0 if role in (Role.OTHER, Role.ASKED) else NEVER for role in Role])


@dataclass(frozen=True, slots=True)
class Chain:
    """Weights: `emission` (features, roles), `bias` (roles,), `transition` (roles, roles: from, to).

    `middle` and `spread` (features,) are what features are standardised with; beyond `CLIP` spreads they count no more.
    """

    middle: Array
    spread: Array
    emission: Array
    bias: Array
    transition: Array

    def probabilities(self, features: NDArray[np.float32]) -> Array:
        """For each row of `features` (units, features) the probability of each role (units, roles)."""
        scores = standardised(features, self.middle, self.spread) @ self.emission + self.bias
        return role_probabilities(scores, self.transition + ALLOWED)


CLIP = 5.0


def standardised(features: NDArray[np.float32], middle: Array, spread: Array) -> Array:
    """Features in spreads from the middle."""
    values: Array = np.clip((features - middle) / spread, -CLIP, CLIP)
    return values


def role_probabilities(scores: Array, transition: Array) -> Array:
    """Of each role at each unit, by `scores` (units, roles) and `transition` (from, to), both logarithms."""
    count = len(scores)
    forward, backward = np.empty_like(scores), np.zeros_like(scores)
    forward[0] = scores[0] + FIRST
    for at in range(1, count):
        forward[at] = log_sum(forward[at - 1][:, None] + transition, 0) + scores[at]
    for at in range(count - 2, -1, -1):
        backward[at] = log_sum(transition + (scores[at + 1] + backward[at + 1])[None], 1)
    found: Array = np.exp(forward + backward - log_sum(forward[-1], 0))
    return found


def log_sum(values: Array, axis: int) -> Array:
    """The logarithm of the sum of exponentials along `axis`."""
    most = values.max(axis, keepdims=True)
    total: Array = (most + np.log(np.exp(values - most).sum(axis, keepdims=True))).squeeze(axis)
    return total
