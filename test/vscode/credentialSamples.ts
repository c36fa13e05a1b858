/** Files of certificates and keys as other people's programs make them, for the viewer to show. Made at run time. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const CONFIGURATION = `[req]
prompt=no
distinguished_name=dn
[dn]
O=Fernweh Freight
CN=Fernweh Freight Root
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[issuing]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
subjectAltName=DNS:tracking.fernweh.example,DNS:www.tracking.fernweh.example,IP:10.20.0.7,URI:spiffe://fernweh.example/tracking
extendedKeyUsage=serverAuth,clientAuth
keyUsage=critical,digitalSignature
basicConstraints=CA:FALSE
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
crlDistributionPoints=URI:http://pki.fernweh.example/issuing.crl
authorityInfoAccess=OCSP;URI:http://ocsp.fernweh.example,caIssuers;URI:http://pki.fernweh.example/issuing.cer
certificatePolicies=2.23.140.1.2.1
tlsfeature=status_request
1.2.3.4.5=ASN1:UTF8String:ours
[many]
subjectAltName=@names
[names]
${Array.from({ length: 1500 }, (_, at) => `DNS.${at + 1}=host-${at + 1}.fernweh.example`).join('\n')}
[ca_default]
database=index.txt
crlnumber=crlnumber
default_md=sha256
default_crl_days=7
[authority]
default_ca=ca_default
`;
/** Markup, and a mark that turns the direction of reading. */
const HOSTILE = '/O=<img src=x onerror=alert(1)>/CN=bank\u202Egpj.example';

export interface CredentialSamples {
  /** Opens `files/leaf.p12`. */
  readonly passphrase: string;
}

export function makeCredentials(workspace: string): CredentialSamples {
  const scratch = path.join(workspace, 'scratch');
  const files = path.join(workspace, 'files');
  for (const folder of [scratch, files]) mkdirSync(folder, { recursive: true });
  const passphrase = randomBytes(9).toString('hex');
  const run = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { cwd: scratch, stdio: 'pipe' });
  };
  const openssl = (line: string, ...more: string[]): void => run('openssl', ...line.split(' '), ...more);
  const read = (name: string): string => readFileSync(path.join(scratch, name), 'utf8');
  const give = (name: string, content: string | Uint8Array): void =>
    writeFileSync(path.join(files, name), content);
  const certify = (name: string, by: string, section: string, days: number, subject: string): void => {
    openssl(`req -new -key ${name}.key -config x.cnf -utf8 -out ${name}.csr -subj`, subject);
    openssl(
      `x509 -req -in ${name}.csr -CA ${by}.pem -CAkey ${by}.key -extfile x.cnf -extensions ${section} -days ${days} -out ${name}.pem`,
    );
  };

  writeFileSync(path.join(scratch, 'x.cnf'), CONFIGURATION);
  for (const name of ['root', 'issuing', 'leaf', 'many', 'hostile'])
    openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
  openssl('req -new -x509 -key root.key -config x.cnf -extensions ca -days 3650 -out root.pem');
  certify('issuing', 'root', 'issuing', 900, '/O=Fernweh Freight/CN=Fernweh Freight Issuing 2');
  certify('leaf', 'issuing', 'leaf', 47, '/C=DE/L=Leipzig/O=Fernweh Freight/CN=tracking.fernweh.example');
  certify('many', 'issuing', 'many', 47, '/CN=many.fernweh.example');
  certify('hostile', 'issuing', 'leaf', 47, HOSTILE);
  openssl(
    'req -new -x509 -key many.key -config x.cnf -extensions issuing -days 900 -out stranger.pem -subj',
    '/O=Fernweh Freight/CN=Fernweh Freight Issuing 2',
  );

  give('chain.pem', read('leaf.pem') + read('issuing.pem') + read('root.pem'));
  give('broken.pem', read('leaf.pem') + read('stranger.pem'));
  give('many.pem', read('many.pem'));
  give('hostile.pem', read('hostile.pem'));
  give('notes.pem', 'Nothing to see here.\n');
  give('request.csr', read('leaf.csr'));
  give('service.key', read('leaf.key'));
  openssl('x509 -in leaf.pem -outform der -out ../files/leaf.der');
  openssl(
    'pkcs12 -export -in leaf.pem -inkey leaf.key -certfile issuing.pem -name tracking -out ../files/leaf.p12 -passout',
    `pass:${passphrase}`,
  );
  const revoked = Array.from(
    { length: 3000 },
    (_, at) =>
      `R\t400101000000Z\t260101000000Z,superseded\t${(at + 0x100000).toString(16).toUpperCase()}\tunknown\t/CN=${at}`,
  );
  writeFileSync(path.join(scratch, 'index.txt'), `${revoked.join('\n')}\n`);
  writeFileSync(path.join(scratch, 'crlnumber'), '2A\n');
  openssl(
    'ca -gencrl -config x.cnf -name ca_default -keyfile issuing.key -cert issuing.pem -out issuing.crl',
  );
  openssl('crl -in issuing.crl -outform der -out ../files/issuing.crl');
  run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'deploy@fernweh.example', '-f', 'id_ed25519');
  run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'authority', '-f', 'authority');
  run(
    'ssh-keygen',
    '-q',
    '-s',
    'authority',
    '-I',
    'deploy-robot',
    '-n',
    'deploy,release',
    '-V',
    '+1d',
    '-O',
    'source-address=10.0.0.0/8',
    'id_ed25519.pub',
  );
  give('id_ed25519.pub', read('id_ed25519.pub'));
  give('id_ed25519-cert.pub', read('id_ed25519-cert.pub'));
  rmSync(scratch, { recursive: true });
  return { passphrase };
}
