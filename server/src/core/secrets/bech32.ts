/** The checksum of Bech32 (BIP 173), without its limit of ninety characters: age's keys are longer. */
const SIGNS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return false;
  const separator = lower.lastIndexOf('1');
  if (separator < 1) return false;
  const prefix = Array.from(lower.slice(0, separator), (sign) => sign.charCodeAt(0));
  const data = Array.from(lower.slice(separator + 1), (sign) => SIGNS.indexOf(sign));
  if (data.includes(-1)) return false;
  return checksum([...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]) === 1;
}

function checksum(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((each, bit) => {
      if ((top >> bit) & 1) sum ^= each;
    });
  }
  return sum >>> 0;
}
