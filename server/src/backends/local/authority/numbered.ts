/**
 * Each issuing CA has a CRL and a certificate of its own: the first has the name that is configured, the second has
 * `-2` before the extension, and so on. Works for paths and URLs.
 */
export function numbered(place: string, number: number): string {
  if (number === 1) return place;
  const slash = place.lastIndexOf('/');
  const dot = place.lastIndexOf('.');
  const at = dot > slash + 1 ? dot : place.length;
  return `${place.slice(0, at)}-${number}${place.slice(at)}`;
}
