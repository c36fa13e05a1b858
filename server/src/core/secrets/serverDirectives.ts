/** Directives of servers and network devices in which something stands between the name and the secret. */

export interface Directive {
  readonly keywords: readonly string[];
  /** Its last group is the secret. */
  readonly form: RegExp;
  readonly what: string;
}

const VALUE = String.raw`(?:"([^"\n]{4,200})"|'([^'\n]{4,200})'|([^\s"'#;<>{}$]\S{3,200}))`;
const at = (form: string, flags = 'iy'): RegExp => new RegExp(form, flags);

/** Directives in which something stands between the name and the secret. */
export const DIRECTIVES: readonly Directive[] = [
  {
    // ipsec.secrets(5): who, a colon, the kind, the file of the key.
    keywords: [
      ': psk',
      ': eap',
      ': xauth',
      ': ntlm',
      ': pin',
      ': rsa',
      ': ecdsa',
      ': pkcs8',
      ': p12',
      ': pkcs12',
    ],
    form: at(
      String.raw`: (?:psk|eap|xauth|ntlm|(?:pin|rsa|ecdsa|pkcs8|p12|pkcs12)[ \t]+\S+)[ \t]+"([^"\n]{4,200})"`,
    ),
    what: 'a secret of IPsec',
  },
  {
    keywords: [': psk 0s', ': psk 0x'],
    form: at(String.raw`: psk[ \t]+(0[sx][\w+/=]{8,200})`),
    what: 'a secret of IPsec',
  },
  {
    keywords: [' on >', ' +@all >', '~* >'],
    form: at(String.raw`(?: on| \+@all|~\*) >([^\s"']{4,200})`),
    what: 'the password of Redis',
  },
  {
    keywords: ['stats auth'],
    form: at(String.raw`stats auth[ \t]+[^\s:]+:([^\s"']{4,200})`),
    what: 'the password of HAProxy',
  },
  {
    keywords: ['sentinel auth-pass'],
    form: at(String.raw`sentinel auth-pass[ \t]+\S+[ \t]+${VALUE}`),
    what: 'the password of Redis',
  },
  {
    keywords: ['password 0', 'password 7', 'secret 0', 'key 0 ', 'key 7 '],
    form: at(String.raw`(?:password|secret|key) [07][ \t]+(\S{4,200})`),
    what: 'a password of a network device',
  },
  {
    keywords: ['snmp-server community', 'rocommunity', 'rwcommunity', 'snmp_community'],
    form: at(String.raw`(?:snmp-server community|r[ow]community6?|snmp_community[ \t]*[=:])[ \t]+${VALUE}`),
    what: 'a community of SNMP',
  },
  {
    keywords: ['isakmp key', 'pre-shared-key ascii-text', 'pre-shared-key local', 'pre-shared-key remote'],
    form: at(
      String.raw`(?:isakmp key|pre-shared-key (?:ascii-text|local|remote))[ \t]+(?:[06][ \t]+)?${VALUE}`,
    ),
    what: 'a secret of IPsec',
  },
  {
    keywords: ['enable password', 'enable secret'],
    form: at(
      String.raw`enable (?:password|secret)[ \t]+(?:level \d+[ \t]+)?(?!level\b|[0-9][ \t])(\S{4,200})`,
    ),
    what: 'a password of a network device',
  },
  {
    keywords: [
      'radius-server',
      'tacacs-server',
      'radius server',
      'tacacs server',
      'plaintext-password',
      'authentication-password',
      'privacy-password',
    ],
    form: at(
      String.raw`(?:(?:radius|tacacs)[- ]server[^\n]{0,120}?[ \t](?:key|secret)|(?:plaintext|authentication|privacy)-password)[ \t]+(?:[07][ \t]+)?${VALUE}`,
    ),
    what: 'a secret of a network device',
  },
  {
    keywords: ['credentials='],
    form: at(`credentials=${VALUE}`),
    what: 'the password of a directory (LDAP)',
  },
  {
    keywords: ['{plain}', '{cleartext}', '{clear}'],
    form: at(String.raw`\{(?:plain|cleartext|clear)\}([^\s:"'<>]{4,200})`),
    what: 'a password as it is',
  },
  {
    keywords: ['rootpw --plaintext', '--plaintext', 'root-password password', 'user-password password'],
    form: at(
      String.raw`(?:rootpw --plaintext|--plaintext|(?:root|user)-password password)[ \t]+(?!--)${VALUE}`,
    ),
    what: 'the password of an installed machine',
  },
  {
    keywords: ['--password='],
    form: at(String.raw`--password=(\S{4,200})(?=[^\n]*--plaintext)`),
    what: 'the password of an installed machine',
  },
  {
    keywords: ['cpassword='],
    form: at('cpassword="([A-Za-z0-9+/]{16,}={0,2})"'),
    what: 'a password of group policies, whose key is published,',
  },
];
