// The navigation of a first visit has its guides and the API's entries unfolded; typedoc keeps what visitors fold and unfold.

try {
  for (const group of ['Guides', 'API']) localStorage[`tsd-accordion-${group}`] ??= 'true';
} catch {
  // a browser that keeps nothing shows them folded
}
