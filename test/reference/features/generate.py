#!/usr/bin/env python3
"""Features by SciPy and torchaudio, for test/features to compare with.

Run from anywhere with Debian's python3-scipy and python3-torchaudio (and espeak-ng, for speech.wav, when that is missing);
it writes values.bin (float32, little endian, one array after the other) and index.json beside itself:

    python3 generate.py [folder of RAVDESS]

Everything is computed in float64 and stored as float32. What torchaudio itself holds in float32 whatever it is given are
its mel filters and its DCT matrix: about 1e-6 relative to their largest element. Hence the tolerance of 1e-5 relative to
the largest element of each array, a factor of ten above; see test/features/reference.ts.

The RAVDESS recordings are under CC BY-NC-SA 4.0 and stay where they are: of one of them every 10th frame of features is kept.
"""

import io
import json
import subprocess
import sys
import wave
import zipfile
from pathlib import Path

import numpy as np
import scipy
import scipy.fft
import scipy.signal
import torch
import torchaudio
import torchaudio.functional as F
import torchaudio.transforms as T

HERE = Path(__file__).resolve().parent
RATE = 16000
arrays: dict[str, np.ndarray] = {}


# ---- signals: the same formulas stand in test/features/reference.ts

def chirp() -> np.ndarray:
    t = np.arange(6400) / RATE
    return np.float32(0.5 * np.sin(2 * np.pi * (50 * t + 9500 * t * t)))  # 50 Hz to 7650 Hz in 0.4 s


def noise() -> np.ndarray:
    state, out = 1, []
    for _ in range(6400):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(0.3 * (state / 2**31 - 1))
    return np.float32(out)


def impulse() -> np.ndarray:
    out = np.zeros(2000, np.float32)
    out[777] = 1
    return out


def read_wav(file) -> np.ndarray:
    with wave.open(file) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(recording.readframes(recording.getnframes()), '<i2').astype(np.float32) / 32768


def speech() -> np.ndarray:
    path = HERE / 'speech.wav'
    if not path.exists():
        say = ['espeak-ng', '-v', 'en', '-s', '190', '--stdout', 'Kids are talking']
        spoken = subprocess.run(say, capture_output=True, check=True).stdout
        with wave.open(io.BytesIO(spoken)) as recording:
            rate, data = recording.getframerate(), recording.readframes(2**20)
        samples = scipy.signal.resample_poly(np.frombuffer(data, '<i2').astype(float), RATE, rate)
        with wave.open(str(path), 'wb') as out:
            out.setnchannels(1), out.setsampwidth(2), out.setframerate(RATE)
            out.writeframes(np.round(np.clip(samples, -32768, 32767)).astype('<i2').tobytes())
    return read_wav(str(path))


# ---- settings, as the tests of this library write them

WINDOWS = {'hann': 'hann', 'hamming': 'hamming', 'blackman': 'blackman', 'rectangular': 'boxcar'}
SETTINGS = {
    # what the library does by default
    'long': dict(frameLength=1280, hopLength=400, fftLength=2048, window='hann', padding='reflect',
                 melBands=80, minHz=50, maxHz=7500, melScale='slaney', melNorm='none', coefficients=40),
    # the usual ones in speech recognition
    'short': dict(frameLength=400, hopLength=160, fftLength=512, window='hamming', padding='constant',
                  melBands=40, minHz=20, maxHz=8000, melScale='htk', melNorm='none', coefficients=13),
    # odd in every way; without padding PyTorch's frames are as long as the FFT
    'odd': dict(frameLength=512, hopLength=171, fftLength=512, window='blackman', padding='none',
                melBands=33, minHz=0, maxHz=7777, melScale='slaney', melNorm='slaney', coefficients=33),
    'oddFrame': dict(frameLength=401, hopLength=171, fftLength=1024, window='hann', padding='reflect',
                     melBands=40, minHz=100, maxHz=6000, melScale='htk', melNorm='slaney', coefficients=20),
}


def stages(name: str, x: np.ndarray, s: dict, all_stages: bool = True) -> None:
    """[frames, bins] of each stage; of spectra and mel powers only some frames, as the file would be large."""
    signal = torch.from_numpy(x).double()
    window = torch.from_numpy(scipy.signal.get_window(WINDOWS[s['window']], s['frameLength']))
    common = dict(n_fft=s['fftLength'], win_length=s['frameLength'], hop_length=s['hopLength'],
                  window_fn=lambda n: window, center=s['padding'] != 'none',
                  pad_mode='reflect' if s['padding'] == 'none' else s['padding'])
    mel_args = dict(n_mels=s['melBands'], f_min=s['minHz'], f_max=s['maxHz'],
                    norm='slaney' if s['melNorm'] == 'slaney' else None, mel_scale=s['melScale'])

    spectrum = T.Spectrogram(power=None, **common)(signal).T
    power = T.Spectrogram(power=2, **common)(signal)
    mel = T.MelScale(sample_rate=RATE, n_stft=s['fftLength'] // 2 + 1, **mel_args).double()(power)
    level = T.AmplitudeToDB('power')(mel).T
    mfcc = T.MFCC(RATE, s['coefficients'], melkwargs={**common, **mel_args}).double()
    mfcc.amplitude_to_DB = T.AmplitudeToDB('power')  # without the clamp to 80 dB below the loudest
    cepstra = mfcc(signal).T

    frames = len(spectrum)
    if all_stages:
        some = sorted({0, frames // 2, frames - 1})
        arrays[f'{name}/frames'] = np.array([frames, *some])
        if s['fftLength'] == 512:
            arrays[f'{name}/spectrum'] = torch.view_as_real(spectrum[some]).numpy()
        else:
            arrays[f'{name}/power'] = power.T[some].numpy()
        arrays[f'{name}/mel'] = mel.T[some].numpy()
        arrays[f'{name}/level'] = level.numpy()
        arrays[f'{name}/mfcc'] = cepstra.numpy()
    else:
        arrays[f'{name}/frames'] = np.array([frames])
        arrays[f'{name}/level'] = level[::10].numpy()
        arrays[f'{name}/mfcc'] = cepstra[::10].numpy()


for window, scipy_name in WINDOWS.items():
    for length in (1, 2, 400, 401):
        arrays[f'window/{window}/{length}'] = scipy.signal.get_window(scipy_name, length)

signals = {'chirp': chirp(), 'noise': noise(), 'impulse': impulse(), 'speech': speech()}
for signal_name, x in signals.items():
    for setting, s in SETTINGS.items():
        stages(f'{signal_name}/{setting}', x, s)

# scaled so that a full-scale sine has magnitude 1/2 in its bin, frames shorter than the FFT, no padding
_, _, scaled = scipy.signal.stft(signals['chirp'].astype(float), RATE, 'hann', 400, 240, 512, boundary=None, padded=False,
                                 scaling='spectrum')
arrays['scipy/stft'] = np.abs(scaled.T[::8])

level = arrays['speech/long/level']
arrays['scipy/dct'] = scipy.fft.dct(level, type=2, norm='ortho', axis=1)[:, :40]

features = torch.from_numpy(arrays['speech/long/mfcc'])
for length in (3, 5, 9):
    arrays[f'deltas/{length}'] = F.compute_deltas(features.T[None], win_length=length)[0].T.numpy()
arrays['deltas/ofFew'] = F.compute_deltas(features[:3].T[None], win_length=9)[0].T.numpy()  # a window wider than the matrix

# the filters themselves, spread out
for scale in ('slaney', 'htk'):
    for norm in ('slaney', None):
        filters = F.melscale_fbanks(n_freqs=257, f_min=20, f_max=3700, n_mels=20, sample_rate=RATE, norm=norm, mel_scale=scale)
        arrays[f'filters/{scale}/{norm or "none"}'] = filters.T.numpy()

CLIP = 'Actor_01/03-01-05-02-01-01-01.wav'
if len(sys.argv) > 1:
    with zipfile.ZipFile(Path(sys.argv[1]) / 'Audio_Speech_Actors_01-24.zip') as archive:
        clip = read_wav(io.BytesIO(archive.read(CLIP)))
    for setting in ('long', 'short'):
        stages(f'ravdess/{setting}', clip, SETTINGS[setting], all_stages=False)

index, offset = {}, 0
with open(HERE / 'values.bin', 'wb') as out:
    for name, array in arrays.items():
        index[name] = {'shape': list(array.shape), 'offset': offset}
        offset += out.write(np.ascontiguousarray(array, '<f4').tobytes())
versions = {m.__name__: m.__version__ for m in (np, scipy, torch, torchaudio)}
document = {'versions': versions, 'ravdessClip': CLIP, 'settings': SETTINGS, 'arrays': index}
lines = json.dumps(document, indent=1)
(HERE / 'index.json').write_text(lines + '\n')
print(f'{len(arrays)} arrays, {offset} bytes')
