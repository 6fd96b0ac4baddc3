#!/usr/bin/env python3
"""Connectionist temporal classification of one symbol by PyTorch, for test/layers/uncertainFrames.test.ts to compare with.

Run from anywhere with Debian's python3-torch; it writes ctc.json beside itself:

    /usr/bin/python3 generateCtc.py

Everything is computed in float64; the library computes in float32, over a thousand frames in logarithms. Logits are rounded to
3 decimals, so that the file holds them exactly. Symbols are two emotions and the blank, which is last. Of each gradient the
first 90 numbers are kept.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)


def case(frames, scale, seed):
    torch.manual_seed(seed)
    logits = (scale * torch.randn(frames, 1, 3)).round(decimals=3)
    losses, gradients = [], []
    for emotion in (0, 1):
        x = logits.clone().requires_grad_()
        loss = torch.nn.functional.ctc_loss(
            x.log_softmax(-1), torch.tensor([[emotion]]), torch.tensor([frames]), torch.tensor([1]), blank=2, reduction="sum"
        )
        loss.backward()
        losses.append(float(f"{loss.item():.10g}"))
        gradients.append([float(f"{v:.9g}") for v in x.grad.flatten()[:90].tolist()])
    flat = [float(f"{v:.3f}") for v in logits.flatten().tolist()]
    return {"frames": frames, "logits": flat, "losses": losses, "gradients": gradients}


if __name__ == "__main__":
    cases = [case(1, 1, 1), case(5, 2, 2), case(30, 3, 3), case(1000, 2, 4)]
    text = json.dumps({"torch": torch.__version__, "cases": cases})
    Path(__file__).with_name("ctc.json").write_text(text + "\n")
