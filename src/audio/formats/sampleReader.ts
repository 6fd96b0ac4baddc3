// how a sample is written → what reads it

import { A_LAW, MU_LAW } from './g711.ts';

/** What a sample is written as. */
export type SampleEncoding = 'integer' | 'unsigned integer' | 'float' | 'A-law' | 'µ-law';

/** Reads the sample that begins at an offset, full scale ±1. */
export type SampleReader = (view: DataView, offset: number) => number;

/**
 * The reader of samples of so many whole bytes; undefined where there are none such. Integers fill their bytes from the top, so that
 * full scale is the bytes': a sample of 12 bits lies in the upper 12 of 16.
 *
 * @param little whether the lowest byte comes first
 */
export function sampleReader(encoding: SampleEncoding, bytes: number, little: boolean): SampleReader | undefined {
  return READERS[encoding][bytes]?.(little);
}

type Readers = Readonly<Record<number, (little: boolean) => SampleReader>>;

const READERS: Readonly<Record<SampleEncoding, Readers>> = {
  integer: {
    1: () => (view, at) => view.getInt8(at) / 2 ** 7,
    2: (little) => (view, at) => view.getInt16(at, little) / 2 ** 15,
    3: (little) => {
      const [low, high] = little ? [0, 2] : [1, 0];
      return (view, at) => (view.getUint16(at + low, little) + view.getInt8(at + high) * 2 ** 16) / 2 ** 23;
    },
    4: (little) => (view, at) => view.getInt32(at, little) / 2 ** 31,
  },
  'unsigned integer': { 1: () => (view, at) => (view.getUint8(at) - 128) / 2 ** 7 },
  float: {
    4: (little) => (view, at) => view.getFloat32(at, little),
    8: (little) => (view, at) => view.getFloat64(at, little),
  },
  'A-law': { 1: () => (view, at) => A_LAW[view.getUint8(at)]! },
  'µ-law': { 1: () => (view, at) => MU_LAW[view.getUint8(at)]! },
};
