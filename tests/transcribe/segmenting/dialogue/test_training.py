"""What weights are learnt with: the gradient, and roles in an order that can be."""

import itertools

import numpy as np
import pytest

from tools.dialogue_training.fitting import ROLES, _Batch, minimised
from tools.dialogue_training.learning import roles_of, sample_of
from tools.dialogue_training.mishearing import misheard
from tools.dialogue_training.scripts import Asked, demo_programmes, own_programmes
from transcribe.segmenting.dialogue.chain import FOLLOWS, Role
from transcribe.segmenting.dialogue.units import Unit

TWO = np.full((3, 1), 2.0)


def test_the_gradient_is_that_of_the_loss() -> None:
    random = np.random.default_rng(3)
    samples = [sample_of(each, heard=False) for each in list(own_programmes())[:2]]
    seen = [random.normal(0, 1, (len(each.units), 3)).astype(np.float32) for each in samples]
    batch = _Batch(seen, [each.roles for each in samples])
    weights = random.normal(0, 0.1, (3 + 1 + ROLES) * ROLES)
    _, gradient = batch.loss(weights, TWO)
    for at in random.choice(len(weights), 12, replace=False):
        step = np.eye(len(weights))[at] * 1e-2
        (after, _), (before, _) = batch.loss(weights + step, TWO), batch.loss(weights - step, TWO)
        assert gradient[at] == pytest.approx((after - before) / 2e-2, rel=1e-2, abs=2e-2)


def test_the_least_of_a_bowl_is_found() -> None:
    shape = np.array([1.0, 10.0, 100.0])
    found = minimised(lambda at: (float(shape @ (at - 2) ** 2), 2 * shape * (at - 2)), np.zeros(3))
    assert found == pytest.approx([2, 2, 2], abs=1e-3)


@pytest.mark.parametrize("programme", [*own_programmes(), *demo_programmes()], ids=lambda each: each.name)
def test_roles_of_a_programme_can_follow_one_another(programme) -> None:  # type: ignore[no-untyped-def]
    for heard in (False, True):
        roles = [Role(role) for role in sample_of(programme, heard=heard).roles]
        assert roles[0] in (Role.OTHER, Role.ASKED)
        assert all(after in FOLLOWS[before] for before, after in itertools.pairwise(roles))
        assert roles.count(Role.ASKED) == len(programme.asked)


def test_questions_put_first_and_answered_later() -> None:
    units = [Unit(at, at + 1, float(at * 5), float(at * 5 + 5)) for at in range(30)]
    asked = [Asked(5, 5, 40, 80), Asked(20, 20, 80, 140)]
    roles = roles_of(units, asked)
    assert list(np.flatnonzero(roles == Role.ASKED)) == [1, 4]
    assert roles[5] == Role.ASKING and roles[20] == Role.ANSWERING


def test_misheard_captions_keep_their_times_and_most_words() -> None:
    cues = next(iter(own_programmes())).written
    heard = misheard(cues, "seed")
    assert [(cue.start, cue.end) for cue in heard] == [(cue.start, cue.end) for cue in cues]
    assert heard == misheard(cues, "seed") != misheard(cues, "other")
    written, other = (" ".join(cue.text for cue in each).lower().split() for each in (cues, heard))
    assert 0.6 < len(set(other) & set(written)) / len(set(written)) < 0.97
