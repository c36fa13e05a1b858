import { finds, leavesAlone, password, pin, random } from './examples.ts';

describe('logins that a program is written with', () => {
  it('finds passwords by the function and the place of the argument', () => {
    finds('secret/connection-string', [
      ['db.php', password(), (it) => `<?php $db = new PDO('mysql:host=db;dbname=shop', 'shop', '${it}');`],
      ['db.php', password(), (it) => `$c = mysqli_connect("db", "shop", "${it}", "shop");`],
      ['ldap.php', password(), (it) => `ldap_bind($c, 'cn=admin,dc=corp', '${it}');`],
      ['Db.java', password(), (it) => `DriverManager.getConnection(url, "shop", "${it}");`],
      ['Mail.java', password(), (it) => `new PasswordAuthentication("shop", "${it}".toCharArray())`],
      ['Mail.cs', password(), (it) => `client.Credentials = new NetworkCredential("shop", "${it}");`],
      ['api.py', password(), (it) => `requests.get(url, auth=HTTPBasicAuth('shop', '${it}'))`],
      ['api.go', password(), (it) => `req.SetBasicAuth("shop", "${it}")`],
      ['mail.go', password(), (it) => `smtp.PlainAuth("", "shop", "${it}", host)`],
      ['ssh.go', password(), (it) => `Auth: []ssh.AuthMethod{ssh.Password("${it}")},`],
      ['mail.py', password(), (it) => `server.login("shop@corp.test", "${it}")`],
      ['db.py', password(), (it) => `pymysql.connect("db", "root", "${it}", "shop")`],
      ['api.go', random(32), (it) => `client.SetToken("${it}")`],
      ['db.go', password(), (it) => `const dsn = "shop:${it}@tcp(db.corp.test:3306)/shop"`],
    ]);
    finds('secret/hsm-pin', [
      ['login.c', pin(), (it) => `rv = C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)"${it}", 6);`],
      ['login.go', pin(), (it) => `err = p.Login(session, pkcs11.CKU_USER, "${it}")`],
      ['login.py', pin(), (it) => `session.login("${it}")`],
      ['login.c', pin(), (it) => `static CK_UTF8CHAR user_pin[] = "${it}";`],
      ['login.rs', pin(), (it) => `session.login(UserType::User, Some(&AuthPin::new("${it}".into())))?;`],
    ]);
    finds('secret/key-store-password', [
      ['Tls.java', password(), (it) => `keyStore.load(stream, "${it}".toCharArray());`],
      ['Tls.java', password(), (it) => `new KeyStore.PasswordProtection("${it}".toCharArray())`],
      ['Tls.cs', password(), (it) => `var c = new X509Certificate2("site.pfx", "${it}");`],
      ['tls.py', password(), (it) => `key = pkcs12.load_key_and_certificates(data, b"${it}")`],
      ['tls.py', password(), (it) => `context.load_cert_chain("site.pem", "site.key", "${it}")`],
      ['tls.c', password(), (it) => `PEM_read_bio_PrivateKey(bio, NULL, NULL, "${it}");`],
      ['tls.go', password(), (it) => `key, cert, err := pkcs12.Decode(data, "${it}")`],
    ]);
  });

  it('leaves variables, look-ups, prompts and examples alone', () => {
    leavesAlone([
      ['db.php', "new PDO($dsn, $user, $password); mysqli_connect('db', 'shop', getenv('DB_PASSWORD'));"],
      ['Db.java', 'DriverManager.getConnection(url, user, config.getString("db.password.prod1"));'],
      ['a.go', 'req.SetBasicAuth(user, password); ssh.Password(os.Getenv("SSH_PASSWORD_1"))'],
      ['a.py', 'session.login(user_pin); server.login(user, password); ks.load(path, None)'],
      ['a.java', 'keyStore.load(null, null); keyStore.load(in, "changeit".toCharArray());'],
      ['a.cs', 'new NetworkCredential("user", "password"); new X509Certificate2("site.pfx", pw);'],
      ['a.ts', "page.login('/home', 'button'); api.basicAuth('Basic', options.header1);"],
    ]);
  });
});
