#!/usr/bin/env python3
"""Convolution, pooling, batch normalisation and dense products by PyTorch, with all gradients, for test/kernels/pytorch.ts.

Run from anywhere with Debian's python3-torch; it writes values.json beside itself:

    /usr/bin/python3 generate.py

Everything is computed in float64 and laid out channels last, as the library has it. The library computes in float32, sums of
up to a few hundred products with a rounding of 6e-8 each: hence the tests' tolerance of 5e-6 relative to the largest value.
Inputs are rounded to 3 decimals, so that the file holds them exactly; results keep 9 significant digits.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def draw(*shape):
    return (torch.randn(*shape) * 1000).round() / 1000


def flat(tensor, digits=None):
    values = tensor.detach().reshape(-1).tolist()
    return values if digits is None else [float(f"{value:.{digits}g}") for value in values]


def last(x):  # [batch, channels, height, width] -> channels last
    return x.permute(0, 2, 3, 1)


def first(x):
    return x.permute(0, 3, 1, 2)


def result(name, kind, options, inputs, forward):
    """Inputs by name, the output, an output gradient and the gradients of the inputs that have one."""
    leaves = {key: value.requires_grad_() for key, value in inputs.items()}
    y = forward(**leaves)
    dy = draw(*y.shape)
    y.backward(dy)
    return dict(
        name=name,
        kind=kind,
        options=options,
        inputs={key: dict(shape=list(value.shape), values=flat(value)) for key, value in leaves.items()},
        dy=dict(shape=list(dy.shape), values=flat(dy)),
        y=flat(y, 9),
        gradients={key: flat(value.grad, 9) for key, value in leaves.items()},
    )


def same(size, window, stride):
    """Zeros before and after, as TensorFlow's 'same' places them."""
    total = max(0, (-(-size // stride) - 1) * stride + window - size)
    return total // 2, total - total // 2


def convolution(name, batch, height, width, channels, filters, kernel=(3, 3), strides=(1, 1), padding="same", bias=False, relu=False):
    inputs = dict(x=draw(batch, height, width, channels), filter=draw(*kernel, channels, filters))
    if bias:
        inputs["bias"] = draw(filters)

    def forward(x, filter, bias=None):
        x = first(x)
        if padding == "same":
            x = F.pad(x, [*same(width, kernel[1], strides[1]), *same(height, kernel[0], strides[0])])
        y = last(F.conv2d(x, filter.permute(3, 2, 0, 1), bias, strides))
        return F.relu(y) if relu else y

    options = dict(strides=list(strides), padding=padding, rectify=relu)
    return result(name, "conv2d", options, inputs, forward)


def pooling(name, batch, height, width, channels, size):
    def forward(x):
        padded = F.pad(first(x), [*same(width, size[1], size[1]), *same(height, size[0], size[0])], value=-torch.inf)
        return last(F.max_pool2d(padded, size))

    return result(name, "maxPool2d", dict(size=list(size)), dict(x=draw(batch, height, width, channels)), forward)


def normalisation(name, *shape, relu=False):
    channels = shape[-1]

    def forward(x, gamma, beta):
        y = F.batch_norm(x.reshape(-1, channels), None, None, gamma, beta, training=True, eps=0.001).reshape(x.shape)
        return F.relu(y) if relu else y

    inputs = dict(x=draw(*shape) * 2 + 3, gamma=draw(channels), beta=draw(channels))
    return result(name, "batchNorm", dict(epsilon=0.001, rectify=relu), inputs, forward)


def dense(name, rows, features, units):
    inputs = dict(x=draw(rows, features), kernel=draw(features, units), bias=draw(units))
    return result(name, "dense", {}, inputs, lambda x, kernel, bias: x @ kernel + bias)


torch.manual_seed(1)
cases = [
    convolution("3 x 3, same", 2, 6, 7, 3, 8),
    convolution("one channel in, five out", 1, 5, 6, 1, 5),
    convolution("channels no multiple of 4, bias and ReLU", 2, 5, 4, 6, 10, bias=True, relu=True),
    convolution("even filter, bias", 1, 5, 6, 4, 9, kernel=(2, 4), bias=True),
    convolution("strides, same", 2, 7, 8, 2, 4, strides=(2, 3)),
    convolution("strides, valid", 1, 8, 9, 3, 3, kernel=(3, 5), strides=(3, 2), padding="valid"),
    convolution("one frame", 1, 1, 9, 2, 12),
    convolution("3 x 3, more channels, odd sizes", 2, 5, 7, 8, 10),
    convolution("3 x 3, more channels, valid, bias and ReLU", 3, 6, 5, 9, 13, padding="valid", bias=True, relu=True),
    convolution("3 x 3, more channels, one frame", 2, 1, 4, 10, 8),
    convolution("3 x 3, more channels, many small pictures", 40, 2, 3, 8, 8),
    convolution("one by one", 3, 3, 3, 5, 7, kernel=(1, 1)),
    pooling("2 x 2", 2, 6, 4, 8, (2, 2)),
    pooling("2 x 2 of odd sizes, channels no multiple of 4", 1, 5, 7, 3, (2, 2)),
    pooling("1 x 2", 2, 3, 6, 5, (1, 2)),
    pooling("3 x 2 of odd sizes", 1, 7, 5, 6, (3, 2)),
    normalisation("rows, channels a multiple of 4", 9, 8),
    normalisation("picture, ReLU", 2, 3, 5, 6, relu=True),
    normalisation("one channel", 7, 1, relu=True),
    dense("rows", 5, 7, 9),
    dense("one row", 1, 3, 4),
    dense("sums longer than a block of the product", 3, 300, 6),
]
values = dict(generator=f"generate.py, PyTorch {torch.__version__}", cases=cases)
Path(__file__).with_name("values.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
