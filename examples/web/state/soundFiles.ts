// the names of files → whether they may hold sound

const ENDINGS =
  '.wav,.aif,.aiff,.aifc,.au,.snd,.w64,.sph,.caf,.flac,.mp3,.ogg,.oga,.ogv,.opus,.webm,.weba,.mka,.mkv,.m4a,.mp4,.aac';

/** What a browser lets one choose: every format of the library, what else it may play itself, and archives. */
export const ACCEPT = `audio/*,video/*,.zip,${ENDINGS}`;

/** The same for people. */
export const READABLE =
  'WAV, AIFF, AU, Wave64, SPHERE, CAF, FLAC, MP3, Vorbis and Opus in Ogg or WebM work, and what else this browser plays.';

/** Whether it is sound by its name, or by what the browser takes it for. */
export function maySound({ name, type = '' }: { readonly name: string; readonly type?: string }): boolean {
  const ending = /\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? '';
  return /^(audio|video)\//.test(type) || ENDINGS.split(',').includes(ending);
}

/** Whether it is an archive. */
export function isArchive({ name }: { readonly name: string }): boolean {
  return /\.zip$/i.test(name);
}
