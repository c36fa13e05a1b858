/** RC2 in CBC mode (RFC 2268), decryption only: broken as a cipher, but .p12 files of the last decades use it. */

// RFC 2268, 2: PITABLE, from the digits of pi.
const PI = Uint8Array.from(
  Buffer.from(
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
      '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
      '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
      '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
      '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
      'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
      '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
      '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
    'hex',
  ),
);
const ROTATIONS = [1, 2, 3, 5];

/** Undefined where length or padding show a wrong key. */
export function decryptRc2(
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  if (data.length === 0 || data.length % 8 !== 0 || iv.length !== 8) return undefined;
  const words = expandKey(key, effectiveBits);
  const plain = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 8) {
    const block = decryptBlock(words, data.subarray(at, at + 8));
    const before = at === 0 ? iv : data.subarray(at - 8, at);
    for (let index = 0; index < 8; index++) plain[at + index] = (block[index] ?? 0) ^ (before[index] ?? 0);
  }
  const padding = plain[plain.length - 1] ?? 0;
  if (padding < 1 || padding > 8 || plain.subarray(-padding).some((octet) => octet !== padding))
    return undefined;
  return plain.subarray(0, plain.length - padding);
}

function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const octets = new Uint8Array(128);
  octets.set(key);
  const pi = (index: number): number => PI[index & 0xff] ?? 0;
  const at = (index: number): number => octets[index] ?? 0;
  for (let index = key.length; index < 128; index++)
    octets[index] = pi(at(index - 1) + at(index - key.length));
  const size = (effectiveBits + 7) >> 3;
  octets[128 - size] = pi(at(128 - size) & (0xff >> (8 * size - effectiveBits)));
  for (let index = 127 - size; index >= 0; index--) octets[index] = pi(at(index + 1) ^ at(index + size));
  return Uint16Array.from({ length: 64 }, (_, index) => at(index * 2) | (at(index * 2 + 1) << 8));
}

function decryptBlock(key: Uint16Array, block: Uint8Array): Uint8Array {
  const r = [0, 2, 4, 6].map((index) => (block[index] ?? 0) | ((block[index + 1] ?? 0) << 8));
  const word = (index: number): number => r[index & 3] ?? 0;
  let next = 63;
  const mixBack = (): void => {
    for (let index = 3; index >= 0; index--) {
      const turn = ROTATIONS[index] ?? 0;
      const value = word(index);
      const turned = ((value >> turn) | (value << (16 - turn))) & 0xffff;
      const others = (word(index + 3) & word(index + 2)) + (~word(index + 3) & word(index + 1));
      r[index] = (turned - (key[next--] ?? 0) - others) & 0xffff;
    }
  };
  const mashBack = (): void => {
    for (let index = 3; index >= 0; index--)
      r[index] = (word(index) - (key[word(index + 3) & 63] ?? 0)) & 0xffff;
  };
  for (const rounds of [5, 6, 5]) {
    for (let round = 0; round < rounds; round++) mixBack();
    if (next > 0) mashBack();
  }
  return Uint8Array.from(r.flatMap((value) => [value & 0xff, value >> 8]));
}
