#!/usr/bin/env python3
"""LSTM outputs and gradients by PyTorch, for test/layers/lstm.test.ts to compare with.

Run from anywhere with Debian's python3-torch; it writes values.json beside itself:

    /usr/bin/python3 generate.py

Everything is computed in float64. The library computes in float32, a few dozen roundings of 6e-8 each per value: hence the
test's tolerance of 2e-6 relative to the largest value.

PyTorch computes the same cell as Keras with sigmoid gates, in the same gate order (i, f, g, o); its two biases are summed
in one here. Weights are stored as Keras has them: kernel [features, 4 * units], recurrent kernel [units, 4 * units].
Inputs are rounded to 3 decimals, so that the file holds them exactly; results keep 9 significant digits, two more than
the float32 that they are compared with.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
CASES = [
    dict(name="forward", batch=2, frames=5, features=3, units=4, bidirectional=False),
    dict(name="bidirectional, units no multiple of 4", batch=2, frames=4, features=3, units=5, bidirectional=True),
    dict(name="one frame", batch=2, frames=1, features=3, units=4, bidirectional=True),
    dict(name="one sequence", batch=1, frames=6, features=2, units=3, bidirectional=True),
]


def draw(*shape, scale=1.0):
    return (torch.randn(*shape) * scale * 1000).round() / 1000


def flat(tensor, digits=None):
    values = tensor.detach().reshape(-1).tolist()
    return values if digits is None else [float(f"{value:.{digits}g}") for value in values]


results = []
for seed, case in enumerate(CASES):
    torch.manual_seed(seed)
    batch, frames, features, units = (case[key] for key in ("batch", "frames", "features", "units"))
    lstm = torch.nn.LSTM(features, units, batch_first=True, bidirectional=case["bidirectional"])
    suffixes = ["", "_reverse"] if case["bidirectional"] else [""]
    for suffix in suffixes:
        with torch.no_grad():
            getattr(lstm, f"weight_ih_l0{suffix}").copy_(draw(4 * units, features, scale=0.5))
            getattr(lstm, f"weight_hh_l0{suffix}").copy_(draw(4 * units, units, scale=0.5))
            getattr(lstm, f"bias_ih_l0{suffix}").copy_(draw(4 * units, scale=0.5))
            getattr(lstm, f"bias_hh_l0{suffix}").zero_()
    x = draw(batch, frames, features).requires_grad_()
    y, _ = lstm(x)
    dy = draw(*y.shape)
    y.backward(dy)
    weights, gradients = [], []
    for suffix in suffixes:
        for name, turn in (("weight_ih", True), ("weight_hh", True), ("bias_ih", False)):
            parameter = getattr(lstm, f"{name}_l0{suffix}")
            weights.append(flat(parameter.T if turn else parameter))
            gradients.append(flat(parameter.grad.T if turn else parameter.grad, 9))
    results.append(
        dict(case, x=flat(x), dy=flat(dy), weights=weights, y=flat(y, 9), dx=flat(x.grad, 9), dWeights=gradients)
    )

values = dict(generator=f"generate.py, PyTorch {torch.__version__}", cases=results)
Path(__file__).with_name("values.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
