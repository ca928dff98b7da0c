"""Ax, BoTorch's service: Client with everything left at its defaults. Conditional parameters are always given a value."""
import logging

import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

LIBRARY = "ax"
PACKAGE = "ax-platform"
METHODS = {"default": "torch"}
SPACES = "any"
PAST = True
SLOW = ["default"]


def parameter(p):
    if not p.numeric:
        return ChoiceParameterConfig(name=p.name, parameter_type="str", values=p.choices,
                                     is_ordered=p.kind == "ordinal")
    return RangeParameterConfig(name=p.name, parameter_type="int" if p.kind == "integer" else "float",
                                bounds=(p.low, p.high), scaling="log" if p.log else None)


def minimize(space, method, seed, budget, objective, past):
    logging.disable(logging.CRITICAL)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    client = Client(random_seed=seed)
    client.configure_experiment(parameters=[parameter(p) for p in space.parameters])
    client.configure_optimization(objective="-loss")
    for p, v in past:
        client.complete_trial(client.attach_trial(parameters=p), raw_data={"loss": v})
    while True:
        for index, values in client.get_next_trials(max_trials=1).items():
            value = objective(values)
            if value != value:
                client.mark_trial_failed(index)
            else:
                client.complete_trial(index, raw_data={"loss": value})
