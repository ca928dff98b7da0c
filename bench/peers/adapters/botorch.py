"""BoTorch as in the closed loop of its tutorial: SingleTaskGP, log expected improvement, ten Sobol points first."""
import torch
from botorch.acquisition import LogExpectedImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import SingleTaskGP
from botorch.models.transforms import Standardize
from botorch.optim import optimize_acqf
from gpytorch.mlls import ExactMarginalLogLikelihood

LIBRARY = "botorch"
PACKAGE = "botorch"
METHODS = {"logei": "torch"}
SPACES = "box"
PAST = True
SLOW = ["logei"]


def minimize(space, method, seed, budget, objective, past):
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    d = len(space.parameters)
    bounds = torch.stack([torch.zeros(d), torch.ones(d)]).double()
    x = [space.to_unit(p) for p, _ in past]
    y = [-v for _, v in past]
    start = torch.quasirandom.SobolEngine(d, scramble=True, seed=seed)
    while True:
        if len(x) < 10:
            u = start.draw(1).double()
        else:
            model = SingleTaskGP(torch.tensor(x, dtype=torch.double), torch.tensor(y, dtype=torch.double)[:, None],
                                 outcome_transform=Standardize(m=1))
            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
            u, _ = optimize_acqf(LogExpectedImprovement(model, best_f=max(y)), bounds, q=1, num_restarts=5,
                                 raw_samples=256)
        x.append(u[0].tolist())
        y.append(-objective.finite(space.from_unit(x[-1])))
