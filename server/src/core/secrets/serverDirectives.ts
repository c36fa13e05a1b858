/** Directives of servers and network devices in which something stands between the name and the secret. */

export interface Directive {
  readonly keywords: readonly string[];
  /** Its last group is the secret. */
  readonly form: RegExp;
  readonly what: string;
  /** Only of files with such names. */
  readonly reads?: RegExp;
}

const VALUE = String.raw`(?:"([^"\n]{4,200})"|'([^'\n]{4,200})'|([^\s"'#;<>{}$]\S{3,200}))`;
const at = (form: string, flags = 'iy'): RegExp => new RegExp(form, flags);

/** Directives in which something stands between the name and the secret. */
export const DIRECTIVES: readonly Directive[] = [
  {
    keywords: ['neighbor '],
    form: at(String.raw`neighbor[ \t]+\S{1,64}[ \t]+password[ \t]+(?:[07][ \t]+)?(\S{4,200})`),
    what: 'a password of a neighbour (BGP)',
  },
  {
    keywords: ['cache_peer'],
    form: at(String.raw`cache_peer[^\n]{1,300}[ \t]login=[^:\s]{1,64}:(\S{4,200})`),
    what: 'a login for a proxy',
  },
  {
    keywords: ['createuser '],
    form: at(String.raw`createUser[ \t]+\S{1,64}[ \t]+(?:MD5|SHA\S{0,4})[ \t]+"?([^\s"]{8,128})`),
    what: 'the password of a user of SNMP',
  },
  {
    keywords: ['chpasswd:'],
    form: at(
      String.raw`chpasswd:[ \t]*\n(?:[^\n]*\n){0,3}?[ \t]+list:[ \t]*\|?[ \t]*\n?[ \t]*(?:-[ \t]*)?["']?[\w.-]{1,32}:([^\s"']{4,200})`,
    ),
    what: 'the password of an installed machine',
  },
  {
    keywords: ['<auth-user-pass>'],
    form: at(String.raw`<auth-user-pass>\s{1,20}\S{1,128}\s{1,20}(\S{4,128})`),
    what: 'a login for a VPN',
  },
  {
    // The helper files of Subversion: lengths, then names and values.
    keywords: ['password\nv '],
    form: at(String.raw`password\nV \d{1,3}\n([^\n]{4,200})`),
    what: 'a password that Subversion keeps',
  },
  {
    keywords: ['password 51:b:'],
    form: at('password 51:b:([0-9a-f]{32,2000})'),
    what: 'a password that a client of RDP keeps',
  },
  {
    keywords: ['expect '],
    form: at(
      String.raw`expect[^\n]{1,80}(?:assword|assphrase)[^\n]{0,40}\s{1,40}send(?:[ \t]+--)?[ \t]+["{]([^"\\\n}$]{4,128})(?=\\[rn])`,
    ),
    what: 'a password that a script types',
  },
  {
    // Of a configuration in words: `password x`, at the beginning of a line.
    keywords: ['password ', 'passphrase ', 'passwd '],
    form: at(
      String.raw`(?<=(?:^|\n)[ \t]*(?:set[ \t]+)?)(?:password|passphrase|passwd)[ \t]+(?=\S*\d)(?!\d{1,4}[ \t])(?:"([^"\n]{4,200})"|'([^'\n]{4,200})'|([^\s"'#;<>{}$=:]\S{3,199}))[ \t]*;?[ \t]*(?=\r?\n|$)`,
    ),
    what: 'a password of a service',
    reads: /\.(?:conf|cfg|cnf|config)$|(?<!net)rc$|(?:^|\/)(?:config|conf)$/i,
  },
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
    form: at(String.raw`--password=(\S{4,200})(?!\S)(?=[ \t][^\n]{0,300}--plaintext)`),
    what: 'the password of an installed machine',
  },
  {
    keywords: ['cpassword='],
    form: at('cpassword="([A-Za-z0-9+/]{16,}={0,2})"'),
    what: 'a password of group policies, whose key is published,',
  },
];
