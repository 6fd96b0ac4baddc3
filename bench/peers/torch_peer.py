# cases as lines of JSON → milliseconds, measured here, one line for each
#
# One process answers a whole bench, so that it can be asked in turn with what it is compared with. What a case needs is made
# when it is asked for the first time; every request is one run of it.

import json
import sys
from time import perf_counter

import torch
from torch import nn

from cnn_lstm import CnnLstm

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def milliseconds(run):
    start = perf_counter()
    run()
    return 1000 * (perf_counter() - start)


def lstm(batch, frames, features, units, bidirectional):
    """Forward, and the gradients of all weights and of the input."""
    layer = nn.LSTM(features, units, batch_first=True, bidirectional=bidirectional)
    x = torch.randn(batch, frames, features, requires_grad=True)
    dy = torch.randn(batch, frames, units * (2 if bidirectional else 1))

    def run():
        layer.zero_grad(set_to_none=True)
        x.grad = None
        layer(x)[0].backward(dy)

    return run, {}


def train(architecture, batch, frames):
    """A step of training, AdamW included, in the memory layout that is the faster one here."""
    runs = {}
    for name, layout in {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}.items():
        network = CnnLstm(architecture).to(memory_format=layout)
        count = sum(parameter.numel() for parameter in network.trained())
        if count != architecture["parameters"]:
            raise ValueError(f"Cannot train: the network must have {architecture['parameters']} parameters, got {count}")
        runs[name] = step(network, batch, frames, architecture, layout)
        runs[name]()
    fastest = min(runs, key=lambda name: min(milliseconds(runs[name]) for _ in range(3)))
    return runs[fastest], {"layout": fastest}


def step(network, batch, frames, architecture, layout):
    optimizer = torch.optim.AdamW(network.trained())
    x = torch.randn(batch, 1, frames, architecture["bins"]).contiguous(memory_format=layout)
    labels = torch.randint(architecture["classes"], (batch,))

    def run():
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(network(x), labels).backward()
        optimizer.step()

    return run


def log_mel(samples, frameLength, fftLength, hopLength, melBands):
    """torchaudio's MelSpectrogram and AmplitudeToDB, written out as they are there, after its set-up."""
    wave = torch.randn(samples)
    window = torch.hann_window(frameLength)
    bank = torch.rand(fftLength // 2 + 1, melBands)  # what it holds does not change the time

    def run():
        spectrum = torch.stft(
            wave, fftLength, hopLength, frameLength, window, center=True, pad_mode="reflect", return_complex=True
        )
        mel = torch.matmul(spectrum.abs().pow(2.0).transpose(-1, -2), bank).transpose(-1, -2)
        return 10.0 * torch.log10(torch.clamp(mel, min=1e-10))

    return run, {}


CASES = {"lstm": lstm, "train": train, "logMel": log_mel}
print(json.dumps({"version": torch.__version__}), flush=True)
made = {}
for line in sys.stdin:
    try:
        request = json.loads(line)
        case, repeats = request.pop("case"), request.pop("repeats", 1)
        key = json.dumps([case, request])
        if key not in made:
            made[key] = CASES[case](**request)
        run, facts = made[key]
        total = milliseconds(lambda: [run() for _ in range(repeats)])
        print(json.dumps({"ms": total / repeats, **facts}), flush=True)
    except Exception as error:  # the bench decides what becomes of it
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
