import { base64, finds, leavesAlone, octets, password, random } from './examples.ts';

describe('passwords in the configuration of servers', () => {
  it('finds them in the directives of each server', () => {
    finds('secret/server-password', [
      ['redis.conf', random(24), (it) => `port 6379\nrequirepass ${it}\nmaxmemory 512mb\n`],
      ['users.acl', password(), (it) => `user shop on >${it} ~* +@all\n`],
      ['sentinel.conf', password(), (it) => `sentinel auth-pass main ${it}\n`],
      [
        'slapd.conf',
        password(),
        (it) => `rootdn "cn=admin,dc=corp"\nrootpw ${it}\ndirectory /var/lib/ldap\n`,
      ],
      [
        'slapd.conf',
        password(),
        (it) => `syncrepl rid=1 provider=ldaps://a bindmethod=simple credentials=${it}\n`,
      ],
      ['nslcd.conf', password(), (it) => `binddn cn=reader,dc=corp\nbindpw ${it}\n`],
      ['sssd.conf', password(), (it) => `ldap_default_authtok = ${it}\n`],
      ['haproxy.cfg', password(), (it) => `userlist ops\n  user ada insecure-password ${it}\n`],
      ['haproxy.cfg', password(), (it) => `  stats auth ada:${it}\n`],
      ['ipsec.secrets', random(22), (it) => `10.0.0.1 10.0.0.2 : PSK "${it}"\n`],
      ['ipsec.secrets', password(), (it) => `ada : EAP "${it}"\n: RSA web.key\n`],
      ['ipsec.secrets', password(), (it) => `: RSA web.key "${it}"\n`],
      ['hostapd.conf', password(), (it) => `ssid=corp\nsae_password=${it}\n`],
      ['wpa_supplicant.conf', password(), (it) => `network={\n  ssid="corp"\n  psk="${it}"\n}\n`],
      [
        'keepalived.conf',
        password(),
        (it) =>
          `  authentication {\n    auth_type PASS\n    auth_pass ${it}\n`.replace(
            'auth_pass ',
            'auth_pass = ',
          ),
      ],
      ['router.cfg', password(), (it) => `crypto isakmp key ${it} address 10.0.0.1\n`],
      ['router.cfg', password(), (it) => `username ada privilege 15 password 0 ${it}\n`],
      ['router.cfg', password(), (it) => `enable password ${it}\n`],
      ['router.cfg', password(), (it) => `snmp-server community ${it} RO\n`],
      ['router.cfg', password(), (it) => `radius-server host 10.0.0.9 auth-port 1812 key ${it}\n`],
      ['clients.conf', password(), (it) => `client office {\n  ipaddr = 10.0.0.0/24\n  secret = ${it}\n}\n`],
      ['ks.cfg', password(), (it) => `rootpw --plaintext ${it}\n`],
      ['preseed.cfg', password(), (it) => `d-i passwd/root-password password ${it}\n`],
      ['Groups.xml', octets(24), (it) => `<Properties action="U" userName="ada" cpassword="${it}" />`],
      ['dovecot.users', password(), (it) => `ada:{PLAIN}${it}:1000:1000\n`],
      ['rabbitmq-env.conf', random(20), (it) => `RABBITMQ_ERLANG_COOKIE=${it}\n`],
      ['frr.conf', password(), (it) => `router bgp 1\n neighbor 10.0.0.1 password ${it}\n`],
      ['squid.conf', password(), (it) => `cache_peer p parent 3128 0 login=ada:${it}\n`],
      ['snmpd.conf', password(), (it) => `createUser ada SHA "${it}" AES\n`],
      ['user-data', password(), (it) => `#cloud-config\nchpasswd:\n  list: |\n    root:${it}\n`],
      ['vpn.conf', password(), (it) => `<auth-user-pass>\nada\n${it}\n</auth-user-pass>\n`],
      ['auth/svn.simple/1', password(), (it) => `K 8\npassword\nV 12\n${it}\nK 15\n`],
      ['login.exp', password(), (it) => `expect "assword:"\nsend "${it}\\r"\n`],
      ['.msmtprc', password(), (it) => `account a\nuser b\npassword ${it}\n`],
    ]);
  });

  it('finds tokens and logins in headers that a server or a client sends', () => {
    finds('secret/header-token', [
      ['probe.yaml', octets(36, 'base64url'), (it) => `headers:\n  Authorization: Bearer ${it}\n`],
      ['site.conf', octets(36, 'base64url'), (it) => `proxy_set_header Authorization "Bearer ${it}";\n`],
      ['a.har', octets(36, 'base64url'), (it) => `{"name": "Authorization", "value": "Bearer ${it}"}`],
      [
        'a.py',
        octets(36, 'base64url'),
        (it) => `requests.get(url, headers={'Authorization': 'Token ${it}'})`,
      ],
      ['a.log', octets(36, 'base64url'), (it) => `> GET /v1/keys\n> authorization: Bearer ${it}\n`],
      ['b.log', `_${octets(36, 'base64url')}`, (it) => `> authorization: Bearer ${it}\n`],
      ['prometheus.yml', random(40), (it) => `authorization:\n  type: Bearer\n  credentials: ${it}\n`],
      ['site.conf', random(32), (it) => `proxy_set_header X-Api-Key "${it}";\n`],
    ]);
    finds('secret/connection-string', [
      ['site.conf', base64(`proxy:${password()}`), (it) => `proxy_set_header Authorization "Basic ${it}";\n`],
    ]);
  });

  it('leaves files, hashes, defaults and references alone', () => {
    const variable = ['$', '{PASSWORD}'].join('');
    leavesAlone([
      ['redis.conf', `requirepass ${variable}\n# requirepass foobared\nmasterauth <master-password>\n`],
      ['slapd.conf', `rootpw {SSHA}${random(32)}\nbindpw {{ ldap_password }}\ncredentials=$PW\n`],
      ['ipsec.secrets', ': RSA web.key\n: PSK "%prompt"\n: PIN %smartcard %prompt\n'],
      ['haproxy.cfg', 'stats auth %[env(USER)]:%[env(PASSWORD)]\n  user ada insecure-password "$PW"\n'],
      ['router.cfg', 'snmp-server community public RO\nenable secret level 5\npassword encryption aes\n'],
      ['clients.conf', 'client localhost {\n  ipaddr = 127.0.0.1\n  secret = testing123\n}\n'],
      ['a.go', 'psk := config.PSK\nsharedSecret := derive(key)\nrootpw = input.RootPW\n'],
      ['a.yaml', `Authorization: Bearer ${variable}\nauthorization: Bearer <token>\nauthorization: basic\n`],
      ['a.go', 'req.Header.Set("Authorization", "Bearer "+token)\nauthorization := "Bearer " + id\n'],
      [
        'README.md',
        'Authorization: Bearer eyJhbGciOi...\nAuthorization: token OAUTH-TOKEN\nX-Api-Key: your-key',
      ],
    ]);
  });
});
