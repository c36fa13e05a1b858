import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isMade, isSecretValue, isSourceFile } from '../secretValue.ts';
import { DIRECTIVES } from '../serverDirectives.ts';
import { settingsOf } from '../settingRule.ts';

const SERVER_PASSWORD: RuleMeta = {
  id: 'secret/server-password',
  severity: 'error',
  title: 'A password of a server stands in its configuration',
  why: 'Servers and network devices that share it trust whoever knows it: it opens a store of data, a tunnel, a directory or the device itself.',
  remedy:
    'Change it on every machine that has it. Keep it in a file beside the configuration that only the server reads and no repository has, or log in by certificates.',
};

/** Directives whose names stand for nothing else. */
const named = settingsOf(SERVER_PASSWORD, [
  {
    names: ['requirepass', 'masterauth', 'sentinel auth-pass', 'tls-key-file-pass'],
    what: 'the password of Redis',
    blank: 'any',
  },
  {
    names: [
      'rootpw',
      'olcrootpw',
      'bindpw',
      'bind_pw',
      'bindpasswd',
      'bindcredentials',
      'ldap_default_authtok',
      'binddn_password',
      'authldapbindpassword',
      'auth_ldap_bind_password',
    ],
    what: 'the password of a directory (LDAP)',
    blank: 'any',
  },
  { names: ['auth_pass'], what: 'the password of VRRP', blank: 'any' },
  {
    names: ['insecure-password'],
    what: 'the password of a user of HAProxy',
    blank: 'any',
  },
  {
    names: ['sae_password', 'wpa_psk', 'psk', 'wifi_password', 'wifi_psk', 'auth_pass', 'wep_key0'],
    what: 'a key that is shared before (PSK)',
    holds: (value, { path, text, at }) =>
      !/[A-Za-z0-9]/.test(text[at - 1] ?? '') &&
      isSecretValue(value, path, 6) &&
      !/^(?:PSK|psk)$/.test(value),
  },
  {
    names: [
      'pre-shared-key',
      'pre-shared-secret',
      'preshared-key',
      'preshared_key',
      'pre_shared_key',
      'presharedkey',
      'shared-secret',
      'shared_secret',
      'sharedsecret',
      'ike-psk',
      'bridge_psk',
      'ipsec_psk',
      'vpn_psk',
      'radius_secret',
      'radius-secret',
      'tacacs_secret',
      'nas_secret',
      'authentication-key',
      'key-string',
      'md5-key',
    ],
    what: 'a secret that two servers share',
    blank: 'any',
    holds: (value, { path }) => isSecretValue(value, path, 6),
  },
  {
    names: ['erlang_cookie', 'erlangcookie', 'rabbitmq_erlang_cookie', '-setcookie', 'distribution_cookie'],
    what: 'the cookie of a cluster (Erlang)',
    blank: 'any',
    holds: (value, { path }) => isSecretValue(value, path, 8),
  },
]);

const BY_KEYWORD = DIRECTIVES.flatMap((each) => each.keywords.map((word) => [word, each] as const));

/** In the configuration of a RADIUS server each client has a secret of its own. */
const RADIUS_WORDS = ['ipaddr', 'nas_type', 'nastype'];
const RADIUS_SECRET = /(?:^|\n)[ \t]*secret[ \t]*=[ \t]*"?([^\s"#]{6,128})/g;
const NEAR = 600;

export const detector: Detector = {
  rules: [SERVER_PASSWORD],
  keywords: [...named.keywords, ...BY_KEYWORD.map(([word]) => word), ...RADIUS_WORDS],
  reach: 'near',
  *find(suspect): Generator<Detection> {
    const { text, at: place, path } = suspect;
    yield* named.find(suspect);
    const rest = text.slice(place, place + 32).toLowerCase();
    for (const [word, { form, what, reads }] of BY_KEYWORD) {
      if (!rest.startsWith(word) || reads?.test(path) === false) continue;
      form.lastIndex = place;
      const found = form.exec(text);
      const value = found?.slice(1).findLast((each) => each !== undefined) ?? '';
      if (found === null || !isSecretValue(value, path) || (isSourceFile(path) && !isMade(value))) continue;
      const start = place + found[0].lastIndexOf(value);
      yield { rule: SERVER_PASSWORD, what, start, end: start + value.length };
      return;
    }
    if (!RADIUS_WORDS.some((word) => rest.startsWith(word))) return;
    const from = Math.max(0, place - NEAR);
    for (const match of text.slice(from, place + NEAR).matchAll(RADIUS_SECRET)) {
      const [whole, value = ''] = match;
      const start = from + match.index + whole.lastIndexOf(value);
      if (isSecretValue(value, path))
        yield {
          rule: SERVER_PASSWORD,
          what: 'the secret of a client of RADIUS',
          start,
          end: start + value.length,
        };
    }
  },
};
