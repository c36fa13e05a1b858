/** Passwords that open key stores, where servers and builds have them written down. */
import { draft, family, mark } from '../draft.ts';
import { host, password, service } from '../words.ts';

export const KEYSTORE_PASSWORDS = family('keystore-password', {
  'tomcat-server-xml': (r) =>
    draft(
      `tomcat/${service(r)}/server.xml`,
      `<Server port="8005">\n  <Service name="Catalina">\n    <Connector port="8443" SSLEnabled="true" scheme="https"\n               keystoreFile="conf/${service(r)}.jks"\n               keystorePass="${mark(password(r))}"\n               sslProtocol="TLS" />\n  </Service>\n</Server>\n`,
    ),
  'tomcat-ssl-host-config': (r) =>
    draft(
      `tomcat9/${service(r)}/conf/server.xml`,
      `<Server>\n  <Connector port="8443" protocol="org.apache.coyote.http11.Http11NioProtocol">\n    <SSLHostConfig>\n      <Certificate certificateKeystoreFile="conf/site.p12"\n                   certificateKeystorePassword="${mark(password(r))}" type="RSA" />\n    </SSLHostConfig>\n  </Connector>\n</Server>\n`,
    ),
  'gradle-signing': (r) =>
    draft(
      `android/${service(r)}/build.gradle`,
      `android {\n  signingConfigs {\n    release {\n      storeFile file('release.jks')\n      storePassword '${mark(password(r))}'\n      keyAlias 'upload'\n      keyPassword '${mark(password(r))}'\n    }\n  }\n}\n`,
    ),
  'gradle-kotlin-signing': (r) =>
    draft(
      `android/${service(r)}/build.gradle.kts`,
      `android {\n    signingConfigs {\n        create("release") {\n            storeFile = file("release.keystore")\n            storePassword = "${mark(password(r))}"\n            keyAlias = "upload"\n        }\n    }\n}\n`,
    ),
  'android-key-properties': (r) =>
    draft(
      `android/${r.pick(['key', 'keystore'])}.properties`,
      `storeFile=upload.jks\nkeyAlias=upload\nstorePassword=${mark(password(r))}\nkeyPassword=${mark(password(r))}\n`,
    ),
  'spring-yaml': (r) =>
    draft(
      `src/main/resources/application-${service(r)}.yml`,
      `server:\n  port: 8443\n  ssl:\n    key-store: classpath:site.p12\n    key-store-type: PKCS12\n    key-store-password: ${mark(password(r))}\n    key-alias: site\n`,
    ),
  'spring-properties': (r) =>
    draft(
      `src/main/resources/${service(r)}/application.properties`,
      `server.port=8443\nserver.ssl.key-store=classpath:site.jks\nserver.ssl.key-store-password=${mark(password(r))}\nserver.ssl.key-alias=site\n`,
    ),
  kafka: (r) =>
    draft(
      `kafka/${service(r)}/server.properties`,
      `listeners=SSL://:9093\nssl.keystore.location=/etc/kafka/${service(r)}.jks\nssl.keystore.password=${mark(password(r))}\nssl.key.password=${mark(password(r))}\nssl.client.auth=required\n`,
    ),
  'java-options': (r) =>
    draft(
      `bin/start-${service(r)}.sh`,
      `#!/bin/sh\nJAVA_OPTS="-Xmx2g -Djavax.net.ssl.keyStore=/opt/app/site.jks -Djavax.net.ssl.keyStorePassword=${mark(password(r))}"\nexec java $JAVA_OPTS -jar app.jar\n`,
    ),
  'keytool-script': (r) =>
    draft(
      `scripts/import-${service(r)}.sh`,
      `#!/bin/sh\nset -e\nkeytool -importcert -noprompt -alias root -file root.pem -keystore ${service(r)}.jks -storepass ${mark(password(r))}\n`,
    ),
  'openssl-passout': (r) =>
    draft(
      `scripts/export-${service(r)}.sh`,
      `#!/bin/sh\nopenssl pkcs12 -export -inkey site.key -in site.pem -out site.p12 -passout pass:${mark(password(r))}\n`,
    ),
  'wildfly-standalone': (r) =>
    draft(
      `wildfly/${service(r)}/standalone.xml`,
      `<server>\n  <tls>\n    <key-stores>\n      <key-store name="site">\n        <credential-reference clear-text="${mark(password(r))}"/>\n        <implementation type="PKCS12"/>\n        <file path="site.p12" relative-to="jboss.server.config.dir"/>\n      </key-store>\n    </key-stores>\n  </tls>\n</server>\n`,
    ),
  elasticsearch: (r) =>
    draft(
      `elastic/${service(r)}/elasticsearch.yml`,
      `cluster.name: ${service(r)}\nnetwork.host: ${host(r)}\nxpack.security.http.ssl.keystore.path: http.p12\nxpack.security.http.ssl.keystore.password: ${mark(password(r))}\n`,
    ),
  'dotnet-kestrel': (r) =>
    draft(
      `src/${service(r)}/appsettings.json`,
      `{\n  "Kestrel": {\n    "Endpoints": {\n      "Https": {\n        "Url": "https://*:5001",\n        "Certificate": { "Path": "site.pfx", "Password": "${mark(password(r))}" }\n      }\n    }\n  }\n}\n`,
    ),
  'java-code': (r) =>
    draft(
      `src/main/java/net/${service(r)}/Tls.java`,
      `final class Tls {\n    private static final char[] KEYSTORE_PASSWORD = "${mark(password(r))}".toCharArray();\n\n    KeyStore load(InputStream in) throws Exception {\n        KeyStore store = KeyStore.getInstance("JKS");\n        store.load(in, KEYSTORE_PASSWORD);\n        return store;\n    }\n}\n`,
    ),
  'go-pkcs12': (r) =>
    draft(
      `cmd/${service(r)}/tls.go`,
      `package main\n\nimport "software.sslmate.com/src/go-pkcs12"\n\nfunc load(data []byte) (any, error) {\n\tkey, _, err := pkcs12.Decode(data, "${mark(password(r))}")\n\treturn key, err\n}\n`,
    ),
});
