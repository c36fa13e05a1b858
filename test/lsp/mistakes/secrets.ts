import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import type { Theme } from './mistake.ts';

const MANIFEST = `apiVersion: identity-as-code/v1
kind: Token
metadata:
  name: metrics
  annotations: { note: nothing to see }
spec:
  owner: { team: shop, contact: shop@example.com }
  issuer: local-ca
  audience: ["https://metrics.example.com"]
  duration: 30d
  deliverTo:
    - { backend: local-ca, path: tokens/metrics.token }
`;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Secrets that were pasted into a manifest; made when the tests run. */
export function secrets(): Theme {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ sub: 'metrics', exp: 4102444800 })}.${randomBytes(64).toString('base64url')}`;
  const pasted = (what: string, secret: string) => ({
    what,
    was: 'note: nothing to see',
    is: `note: «${JSON.stringify(secret)}»`,
    rule: 'manifest/secret-in-manifest',
    says: ['take it out', 'replace it'],
    right: null,
  });
  return {
    name: 'Secrets',
    manifest: MANIFEST,
    mistakes: [
      pasted('a private key', privateKey),
      pasted('a token', jwt),
      pasted(
        'an access key of a cloud',
        ['AK', 'IA', ...Array.from({ length: 16 }, () => BASE32[randomInt(BASE32.length)])].join(''),
      ),
    ],
  };
}
