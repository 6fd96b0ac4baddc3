# architecture and weights of a network → the same network as an ONNX file
#
# python3 onnx_export.py NETWORK.json WEIGHTS.bin TARGET.onnx: NETWORK.json has the architecture, the frames of a window, and
# name and shape of each weight in the order in which WEIGHTS.bin holds their float32 values.

import json
import sys

import torch

from cnn_lstm import CnnLstm


class Probabilities(torch.nn.Module):
    """[batch, frames, bins] → [batch, classes], as this library's network has it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, features):
        return torch.softmax(self.network(features.unsqueeze(1)), 1)


description, values, target = sys.argv[1:]
with open(description) as file:
    described = json.load(file)
with open(values, "rb") as file:
    flat = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
parts = flat.split([torch.Size(weight["shape"]).numel() for weight in described["weights"]])
weights = {each["name"]: part.reshape(each["shape"]) for each, part in zip(described["weights"], parts)}

network = CnnLstm(described["architecture"])
network.load(weights)
network.eval()
example = torch.zeros(2, described["frames"], described["architecture"]["bins"])
torch.onnx.export(
    Probabilities(network),
    (example,),
    target,
    input_names=["features"],
    output_names=["probabilities"],
    dynamic_axes={"features": {0: "batch"}, "probabilities": {0: "batch"}},
    opset_version=14,
)
