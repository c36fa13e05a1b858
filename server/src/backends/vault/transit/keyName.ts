/**
 * What a key is called in the transit engine, which takes letters, digits, `_`, `-` and `.`, and wants a letter or digit
 * at both ends. Slashes become dots; all else is written as `_` with two hex digits an octet. Reversible.
 */
export function keyNameOf(prefix: string, keyId: string): string {
  const octets = new TextEncoder().encode(keyId);
  const parts = Array.from(octets, (octet, index) => {
    const character = String.fromCharCode(octet);
    if (character === '/' && index > 0 && index < octets.length - 1) return '.';
    const plain = /[A-Za-z0-9]/.test(character) || (character === '-' && index < octets.length - 1);
    return plain ? character : `_${octet.toString(16).padStart(2, '0')}`;
  });
  return `${prefix}${parts.join('')}`;
}

/** Reads `keyNameOf` back; undefined for keys of others. */
export function keyIdOf(prefix: string, name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const encoded = name.slice(prefix.length);
  const octets: number[] = [];
  for (let at = 0; at < encoded.length; at++) {
    const character = encoded.charAt(at);
    if (character !== '_') {
      octets.push((character === '.' ? '/' : character).charCodeAt(0));
      continue;
    }
    const hex = encoded.slice(at + 1, at + 3);
    if (!/^[0-9a-f]{2}$/.test(hex)) return undefined;
    octets.push(Number.parseInt(hex, 16));
    at += 2;
  }
  try {
    const keyId = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(octets));
    // Only what we would write ourselves is ours.
    return keyId !== '' && keyNameOf(prefix, keyId) === name ? keyId : undefined;
  } catch {
    return undefined;
  }
}
