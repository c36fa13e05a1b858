/** Tokens as their issuers make them: right length, alphabet, prefix and check sum. Prefixes are put together at run time. */
import { createHmac, createSign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ALPHABET, type Random } from '../random.ts';
import { PYTHON_INDEX } from '../words.ts';
import type { RsaKey } from './keys.ts';
import { pkcs8Pem } from './pem.ts';

const glue = (...parts: string[]): string => parts.join('');

function base62(value: number, length: number): string {
  let text = '';
  for (let left = value; left > 0; left = Math.floor(left / 62)) text = ALPHABET.base62[left % 62] + text;
  return text.padStart(length, '0');
}

/** The last six characters are the CRC-32 of the random part in base 62: GitHub, npm. */
const withSum = (prefix: string, length: number, random: Random): string => {
  const body = random.text(length);
  return `${prefix}${body}${base62(crc32(body), 6)}`;
};

export const github = (random: Random): string =>
  withSum(glue('gh', random.pick(['p', 'o', 's', 'u']), '_'), 30, random);
export const githubFineGrained = (random: Random): string =>
  `${glue('github', '_pat', '_11')}${random.text(20, ALPHABET.upperAlnum)}_${random.text(59)}`;
export const gitlab = (random: Random): string =>
  `${glue('gl', random.pick(['pat', 'rt', 'dt', 'ptt']), '-')}${random.text(20, ALPHABET.base64url)}`;
export const npm = (random: Random): string => withSum(glue('np', 'm_'), 30, random);

/** A macaroon whose location is the index, as the real ones begin. */
export function pypi(random: Random): string {
  const macaroon = Buffer.concat([
    Buffer.from([2, 1, 8]),
    Buffer.from(PYTHON_INDEX),
    Buffer.from([2, 36]),
    Buffer.from(random.uuid()),
    Buffer.from([0, 2, 42]),
    Buffer.from('{"permissions": "user", "version": 1}     '),
    Buffer.from([0, 0, 6, 32]),
    random.bytes(32),
  ]);
  return `${glue('py', 'pi', '-')}${macaroon.toString('base64url')}`;
}

const number = (random: Random, length: number): string =>
  `${random.between(1, 9)}${random.text(length - 1, ALPHABET.digits)}`;

export const slackBot = (random: Random): string =>
  `${glue('xo', 'xb-')}${number(random, 12)}-${number(random, 13)}-${random.text(24)}`;
export const slackHook = (random: Random): string =>
  `https://hooks.slack.com/${glue('ser', 'vices')}/T${random.text(8, ALPHABET.upperAlnum)}/B${random.text(10, ALPHABET.upperAlnum)}/${random.text(24)}`;
export const stripe = (random: Random): string =>
  `${random.pick(['s', 'r'])}${glue('k_', 'live_')}51${random.text(random.pick([22, 97]))}`;
export const awsKeyId = (random: Random): string => `${glue('AK', 'IA')}${random.text(16, ALPHABET.base32)}`;
export const awsSecret = (random: Random): string => random.base64(30);
export const gcpApiKey = (random: Random): string =>
  `${glue('AI', 'za', 'Sy')}${random.text(33, ALPHABET.base64url)}`;
/** Entra ID: 3 characters, the version, `Q~`, 34 characters. */
export const azureClientSecret = (random: Random): string =>
  `${random.text(3)}8${glue('Q', '~')}${random.text(34, `${ALPHABET.base62}_.~-`)}`;
export const azureAccountKey = (random: Random): string => random.base64(64);
export const sendgrid = (random: Random): string =>
  `${glue('S', 'G.')}${random.base64url(16)}.${random.base64url(32)}`;
export const digitalOcean = (random: Random): string => `${glue('do', 'p_v1_')}${random.hex(64)}`;
export const dockerPat = (random: Random): string =>
  `${glue('dck', 'r_pat_')}${random.text(27, ALPHABET.base64url)}`;
export const terraformCloud = (random: Random): string =>
  `${random.text(14)}.${glue('atlas', 'v1.')}${random.text(67)}`;
export function grafana(random: Random): string {
  const body = random.text(32);
  return `${glue('gl', 'sa_')}${body}_${crc32(body).toString(16).padStart(8, '0')}`;
}
export const telegram = (random: Random): string =>
  `${number(random, 10)}:${glue('A', 'A')}${random.text(33, ALPHABET.base64url)}`;
export const rubygems = (random: Random): string => `${glue('ruby', 'gems_')}${random.hex(48)}`;
export const cratesIo = (random: Random): string => `${glue('ci', 'o')}${random.text(32)}`;
export const openai = (random: Random): string =>
  `${glue('s', 'k-proj-')}${random.text(74, ALPHABET.base64url)}${glue('T3Blb', 'kFJ')}${random.text(74, ALPHABET.base64url)}`;
export const databricks = (random: Random): string => `${glue('da', 'pi')}${random.hex(32)}`;

/** HashiCorp Vault: service, batch, recovery; and the short ones of before 1.10. */
export const vaultService = (random: Random): string =>
  `${glue('hv', 's.')}${random.pick([() => random.base64url(68), () => random.text(24)])()}`;
export const vaultBatch = (random: Random): string => `${glue('hv', 'b.')}${random.base64url(110)}`;
export const vaultOld = (random: Random): string => `${glue('s', '.')}${random.text(24)}`;
/** A share of the unseal key: 32 bytes and the number of the share. */
export const unsealShare = (random: Random): string => random.base64(33);

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function hs256Jwt(claims: object, key: string): string {
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

export function rs256Jwt(claims: object, key: RsaKey, kid: string): string {
  const body = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  return `${body}.${createSign('sha256').update(body).sign(pkcs8Pem(key)).toString('base64url')}`;
}

export const serviceAccountJwt = (random: Random, key: RsaKey, account: string): string =>
  rs256Jwt(
    {
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': 'ci',
      'kubernetes.io/serviceaccount/secret.name': `${account}-token-${random.text(5, ALPHABET.lowerAlnum)}`,
      'kubernetes.io/serviceaccount/service-account.name': account,
      'kubernetes.io/serviceaccount/service-account.uid': random.uuid(),
      sub: `system:serviceaccount:ci:${account}`,
    },
    key,
    random.base64url(32),
  );
