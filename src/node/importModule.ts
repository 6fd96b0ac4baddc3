// a module's URL → what it exports, in a worker thread

/** Imports a module that the caller of a thread names; under tsx it may be TypeScript. */
export async function importModule(url: string): Promise<unknown> {
  await registerTsx(url);
  return import(url);
}

/** Node before 22 runs the hooks of `--import tsx` in the main thread alone: a thread has to set them up itself. */
async function registerTsx(url: string): Promise<void> {
  const isTypeScript = /\.[cm]?tsx?$/.test(new URL(url).pathname);
  if (!isTypeScript || Number.parseInt(process.versions.node, 10) >= 22) return;
  const name = 'tsx/esm/api'; // a variable, since the library does not depend on it
  const tsx = await import(name).catch(() => undefined); // without it, the import of the module says what is missing
  tsx?.register();
}
