/**
 * A number of 53 bits that is the same for the same text, and by chance alone for two texts: for maps that would hold hundreds
 * of thousands of long texts. Whoever finds two alike compares the texts. Not for texts that somebody else may choose to harm.
 */
export function textNumber(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) + low;
  }
  low = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d);
  high = Math.imul(high ^ (high >>> 13), 0x297a2d39);
  return ((high ^ (high >>> 16)) & 0x1fffff) * 0x1_0000_0000 + ((low ^ (low >>> 12)) >>> 0);
}
