#!/usr/bin/env python3
"""Optimiser steps, learning rates and losses by PyTorch, for test/training to compare with.

Run from anywhere with Debian's python3-torch; it writes values.json beside itself:

    /usr/bin/python3 generate.py

Optimiser and losses are computed in float64 from inputs that float32 holds exactly, so what differs is the float32
arithmetic of the library: 20 steps of a few roundings of 6e-8 each, hence the tests' tolerance of 2e-6 relative.
The learning rates are float64 on both sides: 1e-12.
"""

import json
from pathlib import Path

import torch

torch.manual_seed(5)
STEPS = 20


def exact(*shape):
    """Normal draws, rounded to what float32 holds."""
    return torch.randn(*shape).to(torch.float32).to(torch.float64)


def adamw():
    """Three parameters: a matrix with decay, a vector without, and a matrix named a bias, also without."""
    shapes = {"kernel": (3, 2), "gamma": (4,), "bias": (2, 2)}
    start = {name: exact(*shape) for name, shape in shapes.items()}
    gradients = {name: exact(STEPS, *shape) for name, shape in shapes.items()}
    gradients["gamma"][3:8] = 0  # no gradient for a while: the moments decay
    rates = [0.1 / (1 + i) for i in range(STEPS)]
    parameters = {name: value.clone().requires_grad_() for name, value in start.items()}
    optimizer = torch.optim.AdamW(
        [
            {"params": [parameters["kernel"]], "weight_decay": 0.3},
            {"params": [parameters["gamma"], parameters["bias"]], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.99),
        eps=1e-5,
    )
    for i in range(STEPS):
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][i].clone()
        # 3.5 is below some of the norms and above others.
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), 3.5)
        for group in optimizer.param_groups:
            group["lr"] = rates[i]
        optimizer.step()
    return {
        "rates": rates,
        "clipNorm": 3.5,
        "lastNorm": norm.item(),
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "gradients": {name: value.reshape(STEPS, -1).tolist() for name, value in gradients.items()},
        "end": {name: value.detach().flatten().tolist() for name, value in parameters.items()},
    }


def one_cycle(steps, peak, warmup, start_divisor, end_divisor):
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, peak, total_steps=steps, pct_start=warmup, div_factor=start_divisor, final_div_factor=end_divisor
    )
    rates = []
    for i in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if i + 1 < steps:
            schedule.step()
    options = {"warmup": warmup, "startDivisor": start_divisor, "endDivisor": end_divisor}
    return {"steps": steps, "peak": peak, "options": options, "rates": rates}


def cross_entropy(smoothing):
    logits = exact(6, 4)
    labels = torch.tensor([0, 3, 1, 1, 2, 0])
    parameter = logits.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(parameter, labels, label_smoothing=smoothing)
    loss.backward()
    return {
        "smoothing": smoothing,
        "logits": logits.flatten().tolist(),
        "labels": labels.tolist(),
        "loss": loss.item(),
        "gradient": parameter.grad.flatten().tolist(),
    }


values = {
    "torch": torch.__version__,
    "adamw": adamw(),
    "oneCycle": [one_cycle(40, 0.0015, 0.3, 25, 1e4), one_cycle(17, 2.0, 0.1, 10, 100)],
    "crossEntropy": [cross_entropy(0.0), cross_entropy(0.1)],
}
Path(__file__).with_name("values.json").write_text(json.dumps(values))
