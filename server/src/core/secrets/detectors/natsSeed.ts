import type { Detection, FindByForm, FormDetector } from '../detector.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** `S`, then whose it is: operator, account, user, server, cluster, curve. */
const SEED = /S[OAUNCX][A-Z2-7]{56}(?![A-Z2-7])/y;
const SEED_OCTETS = 36;

const find = function* ({ text, at }: Parameters<FindByForm>[0]): Generator<Detection> {
  if (/[A-Za-z0-9+/]/.test(text[at - 1] ?? '')) return;
  SEED.lastIndex = at;
  const [seed] = SEED.exec(text) ?? [];
  if (seed === undefined || !hasChecksum(seed)) return;
  yield { rule: PRIVATE_KEY, what: 'a private key (NATS)', start: at, end: at + seed.length };
};

/** Seeds of NATS' keys (nkeys), as they stand in `.nk` and `.creds` files: a checksum ends them. */
export const detector: FormDetector = {
  rules: [PRIVATE_KEY],
  keywords: ['soa', 'saa', 'sua', 'sna', 'sca', 'sxa'],
  reach: 'line',
  follows: (bytes, end) => isBase32(bytes[end]) && isBase32(bytes[end + 54]) && !isBase32(bytes[end + 55]),
  find,
  ofForm: find,
};

function isBase32(octet = 0): boolean {
  return (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x32 && octet <= 0x37);
}

/** CRC-16 (XMODEM) over all before it, the smaller octet first. */
function hasChecksum(seed: string): boolean {
  const octets: number[] = [];
  let bits = 0;
  let count = 0;
  for (const sign of seed) {
    bits = ((bits << 5) | BASE32.indexOf(sign)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    octets.push((bits >> count) & 0xff);
  }
  const [low = 0, high = 0] = octets.slice(SEED_OCTETS - 2);
  let crc = 0;
  for (const octet of octets.slice(0, SEED_OCTETS - 2)) {
    crc ^= octet << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return octets.length === SEED_OCTETS && crc === ((high << 8) | low);
}
