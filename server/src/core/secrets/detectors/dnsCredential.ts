import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { isSecretValue } from '../secretValue.ts';
import { settingValueAt } from '../settingValue.ts';

const DNS_CREDENTIAL: RuleMeta = {
  id: 'secret/dns-credential',
  severity: 'error',
  title: 'A login for changes of DNS stands in a file',
  why: 'Whoever changes a zone passes every check of an authority that asks DNS, and is issued certificates for all its names.',
  remedy:
    'Make a new one, allow it only the names that are needed (delegate `_acme-challenge`), and give it to the client from a file that nobody else reads.',
  standard: 'RFC 8555, 8.4',
};

/** certbot's plugins, acme.sh and what it keeps, lego and those that build on it. */
const NAME =
  /(?:(?:certbot_[\w-]{1,30}:)?dns_\w{2,30}?_(?:\w{1,20}_)?(?:api_?)?(?:key|token|secret|password|secret_key|application_secret|consumer_key)|SAVED_\w{2,20}?_(?:Key|Token|Secret|Password|PW|Api_?Key|Api_?Token|KEY|TOKEN|SECRET)|(?:CF|CLOUDFLARE|GANDI(?:V5)?|HETZNER|DO|DIGITALOCEAN|OVH|LINODE|VULTR|NAMECHEAP|GODADDY|GD|PORKBUN|DNSIMPLE|NS1|DUCKDNS|INWX|NETCUP|IONOS|DESEC|DYNU|BUNNY|POWERDNS|PDNS|CLOUDNS|LUADNS|NJALLA|ALICLOUD|ALI|TENCENTCLOUD|DP|EXOSCALE|RACKSPACE|INFOBLOX|AKAMAI|SELECTEL|TRANSIP|MYTHICBEASTS|REGRU|ZONOMI|HE|HURRICANE|INFOMANIAK|SCALEWAY|AURORA|CONOHA|SAKURACLOUD|DREAMHOST|EASYDNS|NAMEDOTCOM|NAMECOM|VERCEL|YANDEX|JOKER|LOOPIA|PDNS|1984HOSTING)_(?:DNS_|APP(?:LICATION)?_|CUSTOMER_|CONSUMER_|PERSONAL_|ACCESS_|API_|AUTH_|CLIENT_|SECRET_|ZONE_)*(?:KEY|TOKEN|SECRET|PASSWORD))(?![\w-])/iy;

export const detector: Detector = {
  rules: [DNS_CREDENTIAL],
  keywords: [
    'dns_',
    'saved_',
    ...[
      'cf',
      'cloudflare',
      'gandi',
      'gandiv5',
      'hetzner',
      'digitalocean',
      'ovh',
      'linode',
      'vultr',
      'namecheap',
      'godaddy',
      'porkbun',
      'dnsimple',
      'duckdns',
      'inwx',
      'netcup',
      'ionos',
      'desec',
      'powerdns',
      'pdns',
      'cloudns',
      'luadns',
      'njalla',
      'alicloud',
      'exoscale',
      'infoblox',
      'akamai',
      'selectel',
      'transip',
      'infomaniak',
      'scaleway',
      'bunny',
      'dynu',
    ].map((each) => `${each}_`),
  ],
  reach: 'line',
  isVague: true,
  *find({ text, at, path }): Generator<Detection> {
    NAME.lastIndex = at;
    const [name] = NAME.exec(text) ?? [];
    const found = name === undefined ? undefined : settingValueAt(text, at + name.length);
    if (found === undefined || !/\d/.test(found.value) || !isSecretValue(found.value, path, 8)) return;
    yield { rule: DNS_CREDENTIAL, what: 'a login for changes of DNS', start: found.start, end: found.end };
  },
};
