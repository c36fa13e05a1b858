import { certificate } from './certificate.ts';
import { token, workload } from './credentials.ts';
import { key, sshCertificate, sshKey } from './keys.ts';
import type { Mistake, Theme } from './mistake.ts';
import { backend, machine, playbook, policy, project, trustBundle } from './surroundings.ts';
import { yamlSigns } from './yamlSigns.ts';

const typed = (theme: Theme, mistakes: readonly Mistake[]): Theme => ({
  name: `${theme.name}, in a hurry`,
  manifest: theme.manifest,
  mistakes,
});
const UNKNOWN = 'manifest/unknown-field';
const SYNTAX = 'manifest/yaml-syntax';

/** What fingers do: letters doubled, swapped, left out; signs forgotten. Written after the server was made to pass all others. */
export const hurry: readonly Theme[] = [
  typed(certificate, [
    {
      what: 'a letter doubled',
      was: 'issuer:',
      is: '«issuerr»:',
      rule: UNKNOWN,
      says: ['issuerr', 'issuer'],
    },
    {
      what: 'letters swapped',
      was: 'duration:',
      is: '«duraiton»:',
      rule: UNKNOWN,
      says: ['duraiton', 'duration'],
    },
    {
      what: 'with an underscore',
      was: 'dnsNames:',
      is: '«dns_names»:',
      rule: UNKNOWN,
      says: ['dns_names', 'dnsNames'],
    },
    {
      what: 'with a hyphen',
      was: 'deliverTo:',
      is: '«deliver-to»:',
      rule: UNKNOWN,
      says: ['deliver-to', 'deliverTo'],
    },
    {
      what: 'a wrong letter in a nested field',
      was: 'overlap: 1d',
      is: '«overlab»: 1d',
      rule: UNKNOWN,
      says: ['overlab', 'overlap'],
    },
    {
      what: 'a plural too many',
      was: 'usages:',
      is: '«usagess»:',
      rule: UNKNOWN,
      says: ['usagess', 'usages'],
    },
    {
      what: 'a policy misspelt',
      was: 'rotationPolicy:',
      is: '«rotationPolcy»:',
      rule: UNKNOWN,
      says: ['rotationPolcy', 'rotationPolicy'],
    },
    {
      what: 'a usage with a space too many',
      was: '[serverAuth]',
      is: '[«server-auth»]',
      rule: 'manifest/not-allowed',
      says: ['server-auth', 'serverAuth'],
    },
    {
      what: 'an origin misspelt',
      was: 'origin: engine',
      is: 'origin: «enigne»',
      rule: 'manifest/not-allowed',
      says: ['enigne', 'engine'],
    },
    {
      what: 'hours in words',
      was: 'overlap: 1d',
      is: 'overlap: «12 hours»',
      rule: 'manifest/bad-duration',
      says: ['12 hours', '12h'],
      right: 'overlap: 12h',
    },
    {
      what: 'a name with a space',
      was: 'name: web\n',
      is: 'name: «web front»\n',
      rule: 'manifest/bad-name',
      says: ['web-front'],
      right: 'name: web-front\n',
    },
    {
      what: 'a machine in another case',
      was: '[web-1]',
      is: '[«Web-1»]',
      rule: 'manifest/bad-name',
      says: ['web-1'],
    },
    {
      what: 'an endpoint with its path',
      was: '["shop.example.com:443"]',
      is: '[«"shop.example.com:443/health"»]',
      rule: 'manifest/bad-endpoint',
      says: ['shop.example.com:443'],
    },
  ]),
  typed(key, [
    {
      what: 'letters swapped',
      was: 'formerKey:',
      is: '«fromerKey»:',
      rule: UNKNOWN,
      says: ['fromerKey', 'formerKey'],
    },
    {
      what: 'a usage in capitals',
      was: '[sign, verify]',
      is: '[«SIGN», verify]',
      rule: 'manifest/not-allowed',
      says: ['SIGN', 'sign'],
    },
    {
      what: 'a mode with its prefix',
      was: '"0644"',
      is: '«0o644»',
      rule: 'manifest/wrong-type',
      yamlOnly: true,
      says: ['mode', '"0644"'],
    },
  ]),
  typed(sshKey, [
    {
      what: 'a letter left out',
      was: 'machines:',
      is: '«machnes»:',
      rule: UNKNOWN,
      says: ['machnes', 'machines'],
    },
    {
      what: 'an origin with a capital',
      was: 'origin: machine',
      is: 'origin: «Machine»',
      rule: 'manifest/not-allowed',
      says: ['Machine', 'machine'],
    },
  ]),
  typed(sshCertificate, [
    {
      what: 'letters swapped',
      was: 'principals:',
      is: '«pricnipals»:',
      rule: UNKNOWN,
      says: ['pricnipals', 'principals'],
    },
    {
      what: 'an extension without its hyphens',
      was: 'permit-pty',
      is: '«permitPty»',
      rule: 'manifest/not-allowed',
      says: ['permitPty', 'permit-pty'],
    },
    {
      what: 'an address without prefix',
      was: '192.0.2.0/24',
      is: '«192.0.2.7»',
      rule: 'manifest/bad-ip-address',
      says: ['192.0.2.7/32'],
      right: '192.0.2.7/32',
    },
  ]),
  typed(token, [
    {
      what: 'letters swapped',
      was: 'audience:',
      is: '«audeince»:',
      rule: UNKNOWN,
      says: ['audeince', 'audience'],
    },
    { what: 'a capital', was: 'subject:', is: '«Subject»:', rule: UNKNOWN, says: ['Subject', 'subject'] },
    {
      what: 'a format misspelt',
      was: 'format: jwt',
      is: 'format: «jtw»',
      rule: 'manifest/not-allowed',
      says: ['jtw', 'jwt'],
    },
  ]),
  typed(workload, [
    { what: 'letters swapped', was: 'parent:', is: '«parnet»:', rule: UNKNOWN, says: ['parnet', 'parent'] },
    {
      what: 'a registry misspelt',
      was: 'registry: local-ca',
      is: 'registry: «local-cs»',
      rule: 'reference/missing',
      says: ['local-cs', 'local-ca'],
    },
    {
      what: 'a trust domain in capitals',
      was: '[partner.example]',
      is: '[«Partner.example»]',
      rule: 'manifest/bad-spiffe-id',
      says: ['partner.example'],
    },
  ]),
  typed(machine, [
    {
      what: 'letters swapped',
      was: 'provider:',
      is: '«provdier»:',
      rule: UNKNOWN,
      says: ['provdier', 'provider'],
    },
    {
      what: 'a name in two words',
      was: 'type: server',
      is: 'type: «Server»',
      rule: 'manifest/not-allowed',
      says: ['Server', 'server'],
    },
  ]),
  typed(backend, [
    {
      what: 'letters swapped',
      was: 'maximumDuration:',
      is: '«maximunDuration»:',
      rule: UNKNOWN,
      says: ['maximunDuration', 'maximumDuration'],
    },
    {
      what: 'half a name',
      was: 'maximumDuration:',
      is: '«maxDuration»:',
      rule: UNKNOWN,
      says: ['maxDuration', 'maximumDuration'],
    },
  ]),
  typed(policy, [
    {
      what: 'a letter left out',
      was: 'customRules:',
      is: '«customRule»:',
      rule: UNKNOWN,
      says: ['customRule', 'customRules'],
    },
    {
      what: 'a severity misspelt',
      was: 'severity: warning',
      is: 'severity: «waring»',
      rule: 'manifest/not-allowed',
      says: ['waring', 'warning'],
    },
  ]),
  typed(playbook, [
    {
      what: 'a letter left out',
      was: 'trigger:',
      is: '«triger»:',
      rule: UNKNOWN,
      says: ['triger', 'trigger'],
    },
    {
      what: 'a verb in capitals',
      was: 'verb: issue',
      is: 'verb: «Issue»',
      rule: 'manifest/not-allowed',
      says: ['Issue', 'issue'],
    },
  ]),
  typed(trustBundle, [
    { what: 'letters swapped', was: 'purpose:', is: '«pupose»:', rule: UNKNOWN, says: ['pupose', 'purpose'] },
    {
      what: 'a purpose misspelt',
      was: 'purpose: tls',
      is: 'purpose: «tsl»',
      rule: 'manifest/not-allowed',
      says: ['tsl', 'tls'],
    },
  ]),
  typed(project, [
    {
      what: 'letters swapped',
      was: 'minimumVersion:',
      is: '«minimunVersion»:',
      rule: UNKNOWN,
      says: ['minimunVersion', 'minimumVersion'],
    },
    {
      what: 'a version of two numbers',
      was: '"0.1.0"',
      is: '«"0.1"»',
      rule: 'manifest/bad-value',
      says: ['three numbers'],
      right: null,
    },
  ]),
  typed(yamlSigns, [
    {
      what: 'a semicolon for the colon',
      was: 'issuer: local-ca',
      is: '«issuer; local-ca»',
      rule: SYNTAX,
      says: ['colon'],
    },
    {
      what: 'two colons',
      was: 'issuer: local-ca',
      is: '«issuer:»: local-ca',
      rule: UNKNOWN,
      says: ['issuer'],
    },
    {
      what: 'a semicolon for the comma',
      was: '[serverAuth, clientAuth]',
      is: '[«serverAuth; clientAuth»]',
      rule: 'manifest/not-allowed',
      says: ['comma'],
    },
    {
      what: 'a parenthesis for the bracket',
      was: '[serverAuth, clientAuth]',
      is: '«(serverAuth, clientAuth)»',
      rule: 'manifest/wrong-type',
      says: ['list'],
    },
    {
      what: 'an item that is indented too far',
      was: '    - shop/web-1',
      is: '    - shop/web-1\n      «- shop/web-2»',
      rule: SYNTAX,
      says: ['-'],
      right: null,
    },
    {
      what: 'the bracket of an item is not closed',
      was: '      contents: [chain]',
      is: '      contents: «[»chain',
      rule: SYNTAX,
      says: [']'],
    },
    {
      what: 'the quote of a list item is not closed',
      was: '["*.example.com", front.example.com]',
      is: '[«"»*.example.com, front.example.com]',
      rule: SYNTAX,
      says: ['quote'],
    },
    {
      what: 'a tab in front of an item',
      was: '    - shop/web-1',
      is: '«\t\t»- shop/web-1',
      rule: SYNTAX,
      says: ['tab'],
    },
  ]),
];
