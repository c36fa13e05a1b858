import type { Theme } from './mistake.ts';

export const key: Theme = {
  name: 'Key',
  manifest: `apiVersion: identity-as-code/v1
kind: Key
metadata:
  name: audit
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  store: local-ca
  algorithm: ECDSA-P384
  usages: [sign, verify]
  duration: 90d
  renewal: { before: 15d }
  formerKey: keep
  deliverTo:
    - { backend: local-ca, path: keys/audit.pub.pem, contents: [publicKey], mode: "0644" }
`,
  mistakes: [
    {
      what: 'the store in another word',
      was: 'store:',
      is: '«keyStore»:',
      rule: 'manifest/unknown-field',
      says: ['keyStore', 'store'],
    },
    {
      what: 'the store is missing',
      was: ['spec:', '  store: local-ca\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['store'],
    },
    {
      what: 'a usage in another form',
      was: '[sign, verify]',
      is: '[«signing», verify]',
      rule: 'manifest/not-allowed',
      says: ['signing', 'sign'],
    },
    {
      what: 'a usage misspelt',
      was: '[sign, verify]',
      is: '[sign, «verfy»]',
      rule: 'manifest/not-allowed',
      says: ['verfy', 'verify'],
    },
    {
      what: 'a usage as text',
      was: '[sign, verify]',
      is: '«sign»',
      rule: 'manifest/wrong-type',
      says: ['usages', 'list'],
      right: '[sign]',
    },
    {
      what: 'no usage at all',
      was: '[sign, verify]',
      is: '«[]»',
      rule: 'manifest/empty-value',
      says: ['usages'],
      right: null,
    },
    {
      what: 'a choice with a capital',
      was: 'formerKey: keep',
      is: 'formerKey: «Keep»',
      rule: 'manifest/not-allowed',
      says: ['Keep', 'keep'],
    },
    {
      what: 'a choice that is none',
      was: 'formerKey: keep',
      is: 'formerKey: «archive»',
      rule: 'manifest/not-allowed',
      says: ['archive', 'destroy', 'keep'],
      right: null,
    },
    {
      what: 'a curve by half its name',
      was: 'ECDSA-P384',
      is: '«P-384»',
      rule: 'manifest/not-allowed',
      says: ['P-384', 'ECDSA-P384'],
    },
    {
      what: 'an algorithm that is not offered',
      was: 'ECDSA-P384',
      is: '«DSA-1024»',
      rule: 'manifest/not-allowed',
      says: ['DSA-1024', 'ECDSA-P384'],
      right: null,
    },
    {
      what: 'a private key is to be delivered',
      was: '[publicKey]',
      is: '[«privateKey»]',
      rule: 'manifest/not-allowed',
      says: ['privateKey', 'publicKey'],
    },
    {
      what: "a certificate's field",
      was: '  formerKey:',
      is: '  «dnsNames»: [shop.example.com]\n  formerKey:',
      rule: 'manifest/unknown-field',
      says: ['dnsNames', 'Certificate'],
      right: null,
    },
    {
      what: 'a mode as number',
      was: '"0644"',
      is: '«644»',
      rule: 'manifest/wrong-type',
      says: ['mode', '"0644"'],
    },
    {
      what: 'a cryptoperiod in words',
      was: '90d',
      is: '«90 days»',
      rule: 'manifest/bad-duration',
      says: ['90 days', '90d'],
    },
    {
      what: 'the renewal as text',
      was: '{ before: 15d }',
      is: '«15d»',
      rule: 'manifest/wrong-type',
      says: ['renewal', 'before'],
    },
  ],
};

export const sshKey: Theme = {
  name: 'SshKey',
  manifest: `apiVersion: identity-as-code/v1
kind: SshKey
metadata:
  name: backup
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  machines: [web-1]
  usage: user
  key: { algorithm: Ed25519, origin: machine, publicKey: "ssh/{machine}.pub" }
  issuer: local-ca
  duration: 90d
  deliverTo:
    - { backend: local-ca, path: "ssh/{machine}/id.pub", contents: [publicKey] }
`,
  mistakes: [
    {
      what: 'a choice in the plural',
      was: 'usage: user',
      is: 'usage: «users»',
      rule: 'manifest/not-allowed',
      says: ['users', 'user'],
    },
    {
      what: 'an algorithm in lower case',
      was: 'Ed25519',
      is: '«ed25519»',
      rule: 'manifest/not-allowed',
      says: ['ed25519', 'Ed25519'],
    },
    {
      what: "OpenSSH's name of an algorithm",
      was: 'Ed25519',
      is: '«ssh-ed25519»',
      rule: 'manifest/not-allowed',
      says: ['ssh-ed25519', 'Ed25519'],
    },
    {
      what: 'a field of the key misspelt',
      was: 'publicKey: "ssh',
      is: '«publickKey»: "ssh',
      rule: 'manifest/unknown-field',
      says: ['publickKey', 'publicKey'],
    },
    {
      what: "a certificate's origin",
      was: ['origin: machine, publicKey: "ssh/{machine}.pub"'],
      is: ['origin: «service»'],
      rule: 'manifest/not-allowed',
      says: ['service', 'machine'],
      right: null,
    },
    {
      what: "a certificate's request",
      was: 'publicKey: "ssh/{machine}.pub"',
      is: 'publicKey: "ssh/{machine}.pub", «csr»: "csr/{machine}.csr"',
      rule: 'manifest/unknown-field',
      says: ['csr', 'Certificate'],
      right: null,
    },
    {
      what: 'half a name of what is delivered',
      was: '[publicKey]',
      is: '[«public»]',
      rule: 'manifest/not-allowed',
      says: ['public', 'publicKey'],
    },
    {
      what: 'the issuer misspelt',
      was: 'issuer: local-ca',
      is: 'issuer: «localca»',
      rule: 'reference/missing',
      says: ['localca', 'local-ca'],
    },
    {
      what: 'a public key out of the project',
      was: '"ssh/{machine}.pub"',
      is: '«"~/.ssh/id.pub"»',
      rule: 'path/outside-project',
      says: ['project'],
      right: null,
    },
    {
      what: 'a machine as text',
      was: '[web-1]',
      is: '«web-1»',
      rule: 'manifest/wrong-type',
      says: ['machines', 'list'],
    },
    {
      what: 'a private key that stays on its machine',
      was: '[publicKey]',
      is: '[publicKey, «privateKey»]',
      rule: 'key/undeliverable',
      says: ['machine'],
    },
    {
      what: 'a field one level too low',
      was: 'publicKey: "ssh/{machine}.pub" }',
      is: 'publicKey: "ssh/{machine}.pub", «usage»: user }',
      rule: 'manifest/unknown-field',
      says: ['usage'],
      right: null,
    },
  ],
};

export const sshCertificate: Theme = {
  name: 'SshCertificate',
  manifest: `apiVersion: identity-as-code/v1
kind: SshCertificate
metadata:
  name: deploy
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  type: user
  principals: [deploy]
  criticalOptions:
    force-command: /usr/local/bin/deploy
    source-address: [192.0.2.0/24]
    verify-required: true
  extensions: [permit-pty, permit-X11-forwarding]
  key: { algorithm: Ed25519, rotationPolicy: Always }
  issuer: local-ca
  duration: 30d
  deliverTo:
    - { backend: local-ca, path: ssh/deploy-cert.pub, contents: [certificate] }
    - { backend: local-ca, path: ssh/id_deploy, contents: [privateKey], mode: "0600" }
`,
  mistakes: [
    {
      what: 'a choice with a letter missing',
      was: 'type: user',
      is: 'type: «usr»',
      rule: 'manifest/not-allowed',
      says: ['usr', 'user'],
    },
    {
      what: 'a choice that is none',
      was: 'type: user',
      is: 'type: «robot»',
      rule: 'manifest/not-allowed',
      says: ['robot', 'user', 'host'],
      right: null,
    },
    {
      what: 'the type is missing',
      was: ['spec:', '  type: user\n'],
      is: ['«spec»:', ''],
      rule: 'manifest/missing-field',
      says: ['type'],
      right: null,
    },
    {
      what: 'a field in the singular',
      was: 'principals:',
      is: '«principal»:',
      rule: 'manifest/unknown-field',
      says: ['principal', 'principals'],
    },
    {
      what: 'two principals in one text',
      was: '[deploy]',
      is: '[«"deploy,backup"»]',
      rule: 'manifest/bad-principal',
      says: ['comma'],
      right: '[deploy, backup]',
    },
    {
      what: 'no principal',
      was: '[deploy]',
      is: '«[]»',
      rule: 'manifest/empty-value',
      says: ['principals'],
      right: null,
    },
    {
      what: 'a principal as text',
      was: '[deploy]',
      is: '«deploy»',
      rule: 'manifest/wrong-type',
      says: ['principals', 'list'],
    },
    {
      what: 'an extension in lower case',
      was: 'permit-X11-forwarding',
      is: '«permit-x11-forwarding»',
      rule: 'manifest/not-allowed',
      says: ['permit-x11-forwarding', 'permit-X11-forwarding'],
    },
    {
      what: 'an extension misspelt',
      was: 'permit-pty',
      is: '«permit-tty»',
      rule: 'manifest/not-allowed',
      says: ['permit-tty', 'permit-pty'],
    },
    {
      what: 'a critical option in another form',
      was: 'force-command:',
      is: '«forceCommand»:',
      rule: 'manifest/unknown-field',
      says: ['forceCommand', 'force-command'],
    },
    {
      what: 'a critical option misspelt',
      was: 'source-address:',
      is: '«source-adress»:',
      rule: 'manifest/unknown-field',
      says: ['source-adress', 'source-address'],
    },
    {
      what: 'a network with too long a prefix',
      was: '192.0.2.0/24',
      is: '«192.0.2.0/33»',
      rule: 'manifest/bad-ip-address',
      says: ['/33', '32'],
      right: null,
    },
    {
      what: 'a network with host bits',
      was: '192.0.2.0/24',
      is: '«192.0.2.5/24»',
      rule: 'manifest/bad-ip-address',
      says: ['192.0.2.5/24', '192.0.2.0/24'],
    },
    {
      what: 'a network as text',
      was: '[192.0.2.0/24]',
      is: '«192.0.2.0/24»',
      rule: 'manifest/wrong-type',
      says: ['source-address', 'list'],
    },
    {
      what: 'yes for true',
      was: 'verify-required: true',
      is: 'verify-required: «yes»',
      rule: 'manifest/wrong-type',
      says: ['verify-required', 'true'],
    },
    {
      what: 'a number for true',
      was: 'verify-required: true',
      is: 'verify-required: «1»',
      rule: 'manifest/wrong-type',
      says: ['verify-required', 'true'],
    },
    {
      what: 'half a name of what is delivered',
      was: '[certificate]',
      is: '[«cert»]',
      rule: 'manifest/not-allowed',
      says: ['cert', 'certificate'],
    },
    {
      what: 'a private key that others may read',
      was: '"0600"',
      is: '«"0640"»',
      rule: 'key/readable-by-others',
      says: ['0640', '0600'],
    },
    {
      what: 'an extension as map',
      was: 'extensions: [permit-pty, permit-X11-forwarding]',
      is: '«extensions»: { permit-pty: "" }',
      rule: 'manifest/wrong-type',
      says: ['extensions', 'list'],
      right: 'extensions: [permit-pty]',
    },
    {
      what: 'an extension twice',
      was: '[permit-pty, permit-X11-forwarding]',
      is: '[permit-pty, «permit-pty»]',
      rule: 'manifest/duplicate-item',
      says: ['permit-pty'],
      right: '[permit-pty]',
    },
  ],
};
