import { finds, leavesAlone, password } from './examples.ts';

describe('passwords of key stores', () => {
  it('finds them where servers, builds and tools have them', () => {
    finds('secret/key-store-password', [
      [
        'server.xml',
        password(),
        (it) => `<Connector port="8443" keystoreFile="conf/k.jks" keystorePass="${it}" />`,
      ],
      ['server.xml', password(), (it) => `<Certificate certificateKeystorePassword="${it}" type="RSA"/>`],
      [
        'build.gradle',
        password(),
        (it) => `signingConfigs {\n  release {\n    storePassword "${it}"\n  }\n}`,
      ],
      ['build.gradle.kts', password(), (it) => `keyPassword = "${it}"`],
      [
        'application.properties',
        password(),
        (it) => `server.ssl.key-store=classpath:k.p12\nserver.ssl.key-store-password=${it}\n`,
      ],
      [
        'application.yml',
        password(),
        (it) => `server:\n  ssl:\n    key-store-password: ${it} # of the store\n`,
      ],
      ['start.sh', password(), (it) => `java -Djavax.net.ssl.keyStorePassword=${it} -jar a.jar`],
      ['server.properties', password(), (it) => `ssl.keystore.password=${it}\n`],
      ['elytron.xml', password(), (it) => `<credential-reference clear-text="${it}"/>`],
      ['make.sh', password(), (it) => `keytool -genkeypair -storepass ${it} -alias a`],
      ['make.sh', password(), (it) => `openssl pkcs12 -in a.p12 -passin pass:${it} -out a.pem`],
      ['vars', password(), (it) => `set_var EASYRSA_PASSIN "pass:${it}"`],
      ['openssl.cnf', password(), (it) => `[req]\noutput_password = ${it}\n`],
      ['pom.xml', password(), (it) => `<keystorePassword>${it}</keystorePassword>`],
      ['server.js', password(), (it) => `https.createServer({ key, passphrase: '${it}' })`],
      ['main.tf', password(), (it) => `pfx_password = "${it}"`],
    ]);
  });

  it('leaves references, defaults, placeholders and programs alone', () => {
    leavesAlone([
      ['server.xml', `<Connector keystorePass="changeit" /><Connector keystorePass="${'$'}{ks.pass}"/>`],
      [
        'a.gradle',
        "storePassword keystoreProperties['storePassword']\nstorePassword System.getenv('X')\nkeyPassword project.password",
      ],
      [
        'a.yml',
        `key-store-password: ${'$'}{KEY_STORE_PASSWORD}\nkey-store-password: ENC(Wd1x8fA9qkLm3)\nkeystorePasswordFile: /run/p\n`,
      ],
      [
        'a.sh',
        'openssl rsa -passin file:pw -passout env:PW; openssl rsa -passin "$PW"; keytool -storepass "$STOREPASS" -keypass:env KP',
      ],
      [
        'a.java',
        'props.put("javax.net.ssl.keyStorePassword", keyStorePassword); String keyPassword = getKeyPassword();',
      ],
      [
        'a.ts',
        'interface Options { passphrase?: string; keyPassword: string | undefined }\nconst a = { passphrase: secret.reveal() };',
      ],
      ['README.md', 'The passphrase: it is asked for once. keystorePassword=secret'],
      ['a.yaml', 'passphrase: the one that was typed before\n'],
      ['a.test.ts', "open({ passphrase: 'x1y2' })"],
    ]);
  });
});
