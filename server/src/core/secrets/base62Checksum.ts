/** The last six signs of tokens of GitHub and npm: CRC-32 of what stands before, in base 62. */
const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 6;
const POLYNOMIAL = 0xedb88320;

/** `prefix_` and the checksum are left out of what is summed. */
export function hasBase62Checksum(token: string): boolean {
  const random = token.slice(token.indexOf('_') + 1, -LENGTH);
  let rest = crc32(random);
  let written = '';
  for (let place = 0; place < LENGTH; place += 1) {
    written = `${SIGNS[rest % SIGNS.length] ?? ''}${written}`;
    rest = Math.floor(rest / SIGNS.length);
  }
  return token.endsWith(written);
}

function crc32(text: string): number {
  let sum = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) {
    sum ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? POLYNOMIAL : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
