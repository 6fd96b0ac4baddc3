// nothing → an audit that was made up

import type { AuditGroup, AuditResult, AuditView, DoseFigures } from '../../src/evaluation/index.ts';

const interval = { low: 0.3, high: 0.7, level: 0.95 };
const groupOf = (uar: number): AuditGroup => ({
  ...{ clips: 50, speakers: 4, uar, uarInterval: { low: uar - 0.1, high: uar + 0.1, level: 0.95 } },
  ...{ war: uar, ece: 0.1, recalls: [uar, uar] },
});

function madeUpView(uar: number): AuditView {
  return {
    ...{ uar, uarInterval: interval, war: 0.5, macroF1: 0.48 },
    ...{ confusion: [[30, 20], [30, 20]], recalls: [0.6, 0.4] }, // biome-ignore format: a matrix
    calibration: {
      ...{ nll: 1.2, brier: 0.6, ece: 0.08 },
      bins: [
        { from: 0.4, to: 0.6, clips: 60, confidence: 0.55, accuracy: 0.45 },
        { from: 0.6, to: 0.8, clips: 40, confidence: 0.7, accuracy: 0.65 },
      ],
    },
    riskCoverage: [
      { confidence: 0.8, coverage: 0.2, accuracy: 0.9 },
      { confidence: 0.5, coverage: 1, accuracy: 0.5 },
    ],
    sure: { coverage: 0.2, accuracy: 0.9 },
    groups: {
      sex: { female: groupOf(0.6), male: groupOf(0.4) },
      speaker: { 'A <1>': groupOf(0.6), B: groupOf(0.4) },
    },
    gaps: { sex: { best: 'female', worst: 'male', difference: 0.2, interval: { low: 0.1, high: 0.3, level: 0.95 } } },
  };
}

const figuresOf = (uar: number, change: number): DoseFigures => ({
  ...{ uar, change, changeInterval: { low: change - 0.05, high: change + 0.05, level: 0.95 } },
  ...{ unchanged: 0.6, shift: 0.2, drift: [0.1, -0.1] },
});

export function madeUpAudit(): AuditResult {
  return {
    ...{ format: 'speech-emotion audit', version: 1, library: 'speech-emotion 0.0.0' },
    model: {
      ...{ labels: ['happy', 'sad'], calibration: { temperature: 1.2, sureAbove: 0.6 } },
      trainedOn: { recordings: 10, speakers: 2, name: 'numbers & seeds' },
    },
    data: { clips: 100, speakers: 8, corpora: { A: { clips: 100, asked: ['happy', 'sad'] } }, leftOut: { calm: 3 } },
    ...{ bootstrap: { resamples: 2000, level: 0.95, seed: 1 }, seed: 1 },
    ...{ open: madeUpView(0.5), restricted: madeUpView(0.6) },
    robustness: [
      { name: 'babble', dose: '10 dB', open: figuresOf(0.4, -0.1), restricted: figuresOf(0.55, -0.05) },
      { name: 'babble', dose: '0 dB', open: figuresOf(0.25, -0.25), restricted: figuresOf(0.35, -0.25) },
      { name: 'shift', dose: '1 frame', open: figuresOf(0.5, 0), restricted: figuresOf(0.6, 0) },
    ],
    speech: {
      nonSpeech: { silence: { sounds: 2, taken: 0 }, hum: { sounds: 2, taken: 1 } },
      ...{ nonSpeechTaken: 0.25, speechMissed: 0.01 },
    },
  };
}
