// name of a file in a folder → whether it is taken for sound

const SOUND =
  /\.(wav|wave|w64|rf64|bwf|flac|og[gav]|opus|webm|weba|mka|mkv|aiff?|aifc|au|snd|sph|caf|mp3|m4[av]|mp4|aac)$/i;

/** Whether a file holds sound, by what it is called; what is named by itself may be called anything. */
export function isSound(name: string): boolean {
  return SOUND.test(name);
}
