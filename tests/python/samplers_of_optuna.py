"""Optuna's own tests of a sampler, run by pytest for AfinaSampler with each kind of method."""

import pytest
from optuna.testing.pytest_samplers import BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase

from afina.sampler import AfinaSampler


class TestAfinaSampler(BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase):
    @pytest.fixture(params=["auto", "gp", "tpe", "cmaes", "random", "de"])
    def sampler(self, request):
        return lambda: AfinaSampler(request.param)
