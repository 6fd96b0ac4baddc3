#!/usr/bin/env python3
"""Outputs and gradients of recurrent layers by PyTorch, for test/layers/recurrentLayer.test.ts to compare with.

Run from anywhere with Debian's python3-torch; it writes values.json beside itself:

    /usr/bin/python3 generate.py

Everything is computed in float64. The library computes in float32, a few dozen roundings of 6e-8 each per value: hence the
test's tolerance of 2e-6 relative to the largest value.

PyTorch computes the same cells as Keras with sigmoid gates. Weights are stored as Keras has them: kernel [features, gates *
units], recurrent kernel [units, gates * units], bias. The gates of an LSTM have the same order in both (i, f, g, o), those
of a GRU have not (PyTorch r, z, n; Keras z, r, h). PyTorch's two biases are summed in one here, but for the GRU, whose bias
is [2, 3 * units], as in Keras with reset_after.

Where there are lengths, sequences are packed, and what comes after a sequence's end is 0 in y, dy and dx.
Inputs are rounded to 3 decimals, so that the file holds them exactly; results keep 9 significant digits, two more than
the float32 that they are compared with.
"""

import json
from pathlib import Path

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
CELLS = {
    "lstm": (torch.nn.LSTM, 4, {}),
    "gru": (torch.nn.GRU, 3, {}),
    "tanh": (torch.nn.RNN, 1, {"nonlinearity": "tanh"}),
    "relu": (torch.nn.RNN, 1, {"nonlinearity": "relu"}),
}
CASES = [
    dict(name="forward", batch=2, frames=5, features=3, units=4),
    dict(name="bidirectional, units no multiple of 4", batch=2, frames=4, features=3, units=5, bidirectional=True),
    dict(name="one frame", batch=2, frames=1, features=3, units=4, bidirectional=True),
    dict(name="one sequence", batch=1, frames=6, features=2, units=3, bidirectional=True),
    dict(name="from given states", batch=2, frames=3, features=2, units=3, bidirectional=True, initial=True),
    dict(name="of several lengths", batch=3, frames=5, features=2, units=3, bidirectional=True, lengths=[5, 2, 4]),
    dict(name="both", batch=2, frames=4, features=2, units=4, initial=True, lengths=[3, 4]),
]


def draw(*shape, scale=1.0):
    return (torch.randn(*shape) * scale * 1000).round() / 1000


def flat(tensor, digits=None):
    values = tensor.detach().reshape(-1).tolist()
    return values if digits is None else [float(f"{value:.{digits}g}") for value in values]


def keras_order(cell, tensor):
    """Reorders the gates, which are the first axis."""
    if cell != "gru":
        return tensor
    r, z, n = tensor.chunk(3)
    return torch.cat([z, r, n])


def keras_weights(cell, layer, suffix, read):
    """Kernel, recurrent kernel and bias of a direction; `read` gives a parameter's values or its gradient."""
    kernel, recurrent, bias, recurrent_bias = (
        keras_order(cell, read(getattr(layer, f"{name}_l0{suffix}")))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    return [kernel.T, recurrent.T, torch.stack([bias, recurrent_bias]) if cell == "gru" else bias]


def run(cell, case):
    constructor, gates, options = CELLS[cell]
    batch, frames, features, units = (case[key] for key in ("batch", "frames", "features", "units"))
    bidirectional = case.get("bidirectional", False)
    directions = 2 if bidirectional else 1
    layer = constructor(features, units, batch_first=True, bidirectional=bidirectional, **options)
    suffixes = ["", "_reverse"][:directions]
    for suffix in suffixes:
        with torch.no_grad():
            getattr(layer, f"weight_ih_l0{suffix}").copy_(draw(gates * units, features, scale=0.5))
            getattr(layer, f"weight_hh_l0{suffix}").copy_(draw(gates * units, units, scale=0.5))
            getattr(layer, f"bias_ih_l0{suffix}").copy_(draw(gates * units, scale=0.5))
            if cell == "gru":
                getattr(layer, f"bias_hh_l0{suffix}").copy_(draw(gates * units, scale=0.5))
            else:
                getattr(layer, f"bias_hh_l0{suffix}").zero_()

    x = draw(batch, frames, features).requires_grad_()
    kinds = 2 if cell == "lstm" else 1
    initial = [
        (draw(directions, batch, units) if case.get("initial") else torch.zeros(directions, batch, units)).requires_grad_()
        for _ in range(kinds)
    ]
    lengths = case.get("lengths")
    sequence = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False) if lengths else x
    y, last = layer(sequence, tuple(initial) if kinds == 2 else initial[0])
    if lengths:
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=frames)
    last = list(last) if kinds == 2 else [last]

    dy = draw(*y.shape)
    for row, length in enumerate(lengths or []):
        dy[row, length:] = 0
    d_last = [draw(*one.shape) for one in last]
    torch.autograd.backward([y, *last], [dy, *d_last])

    def by_direction(tensors):
        """[directions, batch, units] of each kind -> [batch, units] of each kind, forward before backward."""
        return [tensor[direction] for direction in range(directions) for tensor in tensors]

    weights = [tensor for suffix in suffixes for tensor in keras_weights(cell, layer, suffix, lambda p: p)]
    gradients = [tensor for suffix in suffixes for tensor in keras_weights(cell, layer, suffix, lambda p: p.grad)]
    return dict(
        cell=cell,
        **{"bidirectional": False, "initial": False, "lengths": None, **case},
        x=flat(x),
        weights=[flat(weight) for weight in weights],
        states=[flat(state) for state in by_direction(initial)],
        y=flat(y, 9),
        last=[flat(state, 9) for state in by_direction(last)],
        dy=flat(dy),
        dLast=[flat(state) for state in by_direction(d_last)],
        dx=flat(x.grad, 9),
        dWeights=[flat(gradient, 9) for gradient in gradients],
        dStates=[flat(state, 9) for state in by_direction([state.grad for state in initial])],
    )


results = []
for seed, case in enumerate(CASES):
    for cell in CELLS:
        torch.manual_seed(seed)
        results.append(run(cell, case))

values = dict(generator=f"generate.py, PyTorch {torch.__version__}", cases=results)
Path(__file__).with_name("values.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
