// the files of the built page → a cache, so that the page works offline after the first visit

/** Filled in by the build: the files, and a name that changes with their content. */
const FILES = self.__FILES;
const CACHE = self.__VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener('activate', (event) => {
  const others = (names) => names.filter((name) => name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name)))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  // These are files, even if the server sends a Vary header.
  event.respondWith(
    caches
      .match(request, { cacheName: CACHE, ignoreSearch: true, ignoreVary: true })
      .then((kept) => kept ?? fetch(request)),
  );
});
