#!/usr/bin/env bash
# text → the clips beside this file: 16 kHz, 16 bit, mono, spoken by espeak-ng 1.51 and levelled by sox.
# Nobody felt anything here: pace, pitch, its range and loudness are set by hand, which is all a speech synthesiser offers.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# say NAME VOICE PITCH RATE RANGE PEAK_DB TEXT: pitch 0-99, rate in words a minute, range of pitch in %, peak below full scale
say() {
  espeak-ng -z -m -v "$2" -p "$3" -s "$4" -w "$work/$1.wav" "<speak><prosody range=\"$5%\">$7</prosody></speak>"
  sox -D "$work/$1.wav" -b 16 -c 1 "$1.wav" silence 1 0.01 0.1% reverse silence 1 0.01 0.1% reverse norm "$6" rate -v 16000 pad 0.15 0.15
}

say flat en-us+m3 35 155 0 -12 'The bus leaves from the other stop.'
say lively en-us+f2 70 185 220 -4 'Look, the bus is already here!'
say loud en-us+m1 55 170 140 -1 'I told you to wait for the bus!'
say slow en-gb+f4 25 105 40 -18 'The bus has left.'

# One speaker in two styles by turns, for the timeline.
say turn-1 en-us+m7 20 105 30 -18 'There is no bus tonight.'
say turn-2 en-us+m7 75 190 220 -3 'Wait, there it is, I can see it!'
say turn-3 en-us+m7 20 105 30 -18 'No, it was only a car.'
sox -D turn-1.wav turn-2.wav turn-3.wav in-turns.wav
rm turn-[123].wav
