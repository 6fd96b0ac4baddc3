// a file that no format here knows → what else decodes it
//
// The browser may, in its window, or in Node the optional packages.

import type { ByteReader } from '../core/byteReader.ts';
import { AudioFormatError } from '../core/errors.ts';
import type { AudioFormat } from './audioDecoder.ts';
import { LONGEST_BEGINNING } from './formats/beginnings.ts';
import { CONVERSION, decodesByPeer, findPeerDecoder, isNode, PEER_PACKAGES } from './peerDecoder.ts';
import { hasPlatformDecoder, MOST_BYTES, platformFormat } from './platform.ts';
import { unknownHere } from './unknownHere.ts';

/**
 * What decodes the file.
 *
 * @param found what it seems to be
 * @param names of the formats that are decoded here, for messages
 * @throws {AudioFormatError} where nothing does
 */
export async function formatElsewhere(
  reader: ByteReader,
  found: string,
  names: readonly string[],
): Promise<AudioFormat> {
  const beginning = await reader.ahead(LONGEST_BEGINNING); // before all of it is read
  if (beginning.length > 0 && hasPlatformDecoder()) return platformFormat(found, names);
  const isPeers = isNode() && decodesByPeer(beginning);
  const peer = isPeers ? await findPeerDecoder(found) : undefined;
  if (peer && decodesByPeer(await reader.ahead(MOST_BYTES))) return peer;
  const hint = isPeers && !peer ? `in Node ${PEER_PACKAGES} decode it, which are not installed here` : CONVERSION;
  throw unknownHere(
    new AudioFormatError(
      `Cannot decode audio: found ${found}; supported are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, ` +
        `in a browser's window what it can play, and what registerDecoder adds; ${hint}`,
    ),
  );
}
