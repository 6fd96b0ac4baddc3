# architecture → the network of buildCnnLstm in PyTorch

import torch
from torch import nn
from torch.nn import functional


class MaxBlurPool2d(nn.Module):
    """The maxima of windows at every place, then a triangular filter with the windows' size as its stride (Zhang 2019)."""

    def __init__(self, size, channels):
        super().__init__()
        self.size = size
        rows, columns = (torch.tensor([min(k + 1, 2 * n - 1 - k) for k in range(2 * n - 1)]) / n**2 for n in size)
        self.register_buffer("kernel", (rows[:, None] * columns).expand(channels, 1, -1, -1).contiguous())

    def forward(self, x):
        margins = [n - 1 for n in reversed(self.size) for _ in range(2)]
        maxima = functional.pad(x, margins, value=torch.finfo(x.dtype).min)  # a part of a window counts as one
        maxima = functional.max_pool2d(maxima, self.size, stride=1)
        padding = [side for n, length in zip(reversed(self.size), reversed(x.shape[2:])) for side in around(length, n)]
        there = functional.pad(torch.ones_like(maxima[:1, :1]), padding)
        weights = functional.conv2d(there, self.kernel[:1], stride=self.size)
        sums = functional.conv2d(functional.pad(maxima, padding), self.kernel, stride=self.size, groups=x.shape[1])
        return sums / weights  # those of the windows that are there add up to 1


def around(length, size):
    """How many windows are missing before and behind, of an axis so long."""
    outputs = -(-length // size)
    before = (outputs * size - length) // 2
    return before, max(0, (outputs + 1) * size - 1 - before - (length + size - 1))


class CnnLstm(nn.Module):
    """[batch, 1, frames, bins] → [batch, classes] logits. `architecture` is what bench/architecture.ts makes of a network."""

    def __init__(self, architecture):
        super().__init__()
        blocks, channels, bins = [], 1, architecture["bins"]
        for block in architecture["convolution"]:
            filters, kernel = block["filters"], tuple(block["kernelSize"])
            blocks.append(nn.Conv2d(channels, filters, kernel, padding=tuple(size // 2 for size in kernel), bias=False))
            pool = tuple(block["pool"])
            blocks.append(MaxBlurPool2d(pool, filters) if block["antiAlias"] else nn.MaxPool2d(pool, ceil_mode=True))
            blocks.append(nn.BatchNorm2d(filters, eps=block["epsilon"], momentum=1 - block["momentum"]))
            blocks.append(nn.ReLU())
            channels, bins = filters, -(-bins // block["pool"][1])
        units = architecture["units"]
        self.convolution = nn.Sequential(*blocks)
        self.input_dropout = architecture["inputDropout"]
        self.lstm = nn.LSTM(channels * bins, units, batch_first=True, bidirectional=True)
        # PyTorch adds two biases where one does: the second stays as it is, 0.
        for name in ("bias_hh_l0", "bias_hh_l0_reverse"):
            parameter = getattr(self.lstm, name)
            nn.init.zeros_(parameter)
            parameter.requires_grad = False
        self.query = nn.Parameter(torch.zeros(2 * units))
        self.dropout = nn.Dropout(architecture["headDropout"])
        self.classes = nn.Linear(4 * units, architecture["classes"])

    def forward(self, x):
        x = self.convolution(x)
        x = x.permute(0, 2, 3, 1).flatten(2)  # [batch, frames', bins' · features]
        if self.training:  # whole features, as this library's dropout before a recurrent layer
            x = x * functional.dropout(torch.ones(x.shape[0], 1, x.shape[2]), self.input_dropout)
        y, _ = self.lstm(x)  # [batch, frames', 2 · units]
        weights = torch.softmax((y * self.query).sum(2), 1)
        pooled = torch.cat([(y * weights[:, :, None]).sum(1), y.mean(1)], 1)
        return self.classes(self.dropout(pooled))

    def trained(self):
        """The parameters that are trained: as many as this library's network has."""
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def load(self, weights):
        """Takes the weights of this library's network over: tensors by name, in its layouts."""
        with torch.no_grad():
            for index in range(len(self.convolution) // 4):
                convolution, norm = self.convolution[4 * index], self.convolution[4 * index + 2]
                name = f"conv{index + 1}"
                convolution.weight.copy_(weights[f"{name}_conv/kernel"].permute(3, 2, 0, 1))
                norm.weight.copy_(weights[f"{name}_norm/gamma"])
                norm.bias.copy_(weights[f"{name}_norm/beta"])
                norm.running_mean.copy_(weights[f"{name}_norm/movingMean"])
                norm.running_var.copy_(weights[f"{name}_norm/movingVariance"])
            # The gates of both are in the order input, forget, cell, output.
            for prefix, suffix in (("forward", ""), ("backward", "_reverse")):
                getattr(self.lstm, f"weight_ih_l0{suffix}").copy_(weights[f"lstm1/{prefix}_kernel"].T)
                getattr(self.lstm, f"weight_hh_l0{suffix}").copy_(weights[f"lstm1/{prefix}_recurrentKernel"].T)
                getattr(self.lstm, f"bias_ih_l0{suffix}").copy_(weights[f"lstm1/{prefix}_bias"])
            self.query.copy_(weights["pool_attention/query"])
            self.classes.weight.copy_(weights["classes/kernel"].T)
            self.classes.bias.copy_(weights["classes/bias"])
