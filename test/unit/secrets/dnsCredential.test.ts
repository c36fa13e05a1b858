import { finds, leavesAlone, random } from './examples.ts';

describe('logins for changes of DNS', () => {
  it('finds them as clients of ACME name and keep them', () => {
    finds('secret/dns-credential', [
      ['cloudflare.ini', random(40), (it) => `dns_cloudflare_api_token = ${it}\n`],
      ['ovh.ini', random(32), (it) => `dns_ovh_application_secret = ${it}\n`],
      ['account.conf', random(40), (it) => `SAVED_CF_Token='${it}'\n`],
      ['lego.env', random(36), (it) => `GANDIV5_PERSONAL_ACCESS_TOKEN=${it}\n`],
      ['traefik.yml', random(40), (it) => `environment:\n  - CF_DNS_API_TOKEN=${it}\n`],
    ]);
  });

  it('leaves names, files, references and other settings alone', () => {
    leavesAlone([
      ['a.ini', 'dns_cloudflare_api_token = <token>\ndns_rfc2136_name = key.\n'],
      ['a.yaml', 'CF_DNS_API_TOKEN_FILE: /run/secrets/cf\ndns_servers: 10.0.0.1\ndns_provider: cloudflare\n'],
      ['account.conf', "SAVED_CF_Token='your-token'\nCF_Zone_ID=abc\n"],
    ]);
  });
});
