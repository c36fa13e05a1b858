import { decodeBase64 } from '../../credential/base64.ts';
import type { Detection, Detector } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';

/** Of a configuration, of Ansible and of NetworkManager: a Curve25519 scalar or a preshared key, 32 octets. */
const ASSIGNED =
  /(private-?_?key|preshared-?_?key)["']?[ \t]*[=:][ \t]*["']?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/iy;
const SCALAR_OCTETS = 32;

export const detector: Detector = {
  rules: [PRIVATE_KEY],
  keywords: ['privatekey', 'private-key', 'private_key', 'presharedkey', 'preshared-key', 'preshared_key'],
  reach: 'line',
  *find({ text, at }): Generator<Detection> {
    ASSIGNED.lastIndex = at;
    const [whole, name = '', value = ''] = ASSIGNED.exec(text) ?? [];
    if (whole === undefined || isPlaceholder(value)) return;
    const decoded = decodeBase64(value);
    if (!decoded.ok || decoded.bytes.length !== SCALAR_OCTETS) return;
    const end = at + whole.length;
    const what = /^preshared/i.test(name) ? 'a preshared key (WireGuard)' : 'a private key (WireGuard)';
    yield { rule: PRIVATE_KEY, what, start: end - value.length, end };
  },
};
