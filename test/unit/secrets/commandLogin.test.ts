import { finds, leavesAlone, octets, password, pin, random } from './examples.ts';

describe('passwords and tokens in commands', () => {
  it('finds them where an option of one letter or their place says what they are', () => {
    finds('secret/command-login', [
      ['run.sh', password(), (it) => `sshpass -p '${it}' ssh deploy@web.corp.test uptime\n`],
      ['run.sh', password(), (it) => `mysqldump -h db -u root -p${it} shop > shop.sql\n`],
      ['run.sh', password(), (it) => `redis-cli -h cache -a ${it} PING\n`],
      ['run.sh', password(), (it) => `ldapsearch -x -D cn=admin,dc=corp -w ${it} -b dc=corp\n`],
      ['run.sh', password(), (it) => `smbclient //files/share -U backup%${it} -c ls\n`],
      ['run.sh', password(), (it) => `docker login -u ci -p "${it}" registry.corp.test\n`],
      ['run.sh', password(), (it) => `az login --service-principal -u app -p ${it} --tenant corp\n`],
      ['Dockerfile', password(), (it) => `RUN htpasswd -bc /etc/nginx/users admin ${it}\n`],
      ['run.sh', password(), (it) => `openssl enc -aes-256-cbc -pbkdf2 -k ${it} -in a -out b\n`],
      ['sign.cmd', password(), (it) => `signtool sign /f code.pfx /p ${it} /fd SHA256 app.exe\n`],
      ['sign.cmd', password(), (it) => `certutil -f -p ${it} -importpfx web.pfx\n`],
      ['run.sh', password(), (it) => `pk12util -i web.p12 -d /etc/nssdb -W ${it}\n`],
      ['run.sh', password(), (it) => `ssh-keygen -t ed25519 -f deploy -N '${it}'\n`],
      ['run.sh', password(), (it) => `yubihsm-shell -a sign-data -p ${it} -i 0x1\n`],
      [
        'run.sh',
        pin(),
        (it) => `ykman piv certificates import --pin ${it} 9a web.pem\n`.replace('--pin', '-P'),
      ],
      [
        'run.sh',
        random(20),
        (it) => `scepclient -server-url=https://ca.corp.test/scep -cn web -challenge=${it}\n`,
      ],
      ['run.sh', password(), (it) => `echo '${it}' | docker login -u ci --password-stdin r.corp.test\n`],
      ['run.sh', password(), (it) => `printf '%s' '${it}' > /run/provisioner-password\n`],
      ['run.sh', password(), (it) => `echo "root:${it}" | chpasswd\n`],
      ['run.sh', password(), (it) => `rabbitmqctl add_user shop ${it}\n`],
      ['run.sh', password(), (it) => `sqlplus app/${it}@SHOP @make.sql\n`],
      ['run.cmd', password(), (it) => `net user deploy ${it} /add\n`],
      ['run.ps1', password(), (it) => `$p = ConvertTo-SecureString "${it}" -AsPlainText -Force\n`],
      ['ci.yaml', password(), (it) => `  args: ["sshpass", "-p", "${it}", "scp"]\n`],
      ['run.sh', password(), (it) => `kubectl create secret docker-registry r --docker-password=${it}\n`],
      ['run.sh', octets(30, 'base64url'), (it) => `gitlab-runner register --registration-token ${it} -n\n`],
      [
        'run.sh',
        password(),
        (it) => `gpg --batch --passphrase ${it} --sign app.tar\n`.replace('--passphrase', '--http-password'),
      ],
      ['run.sh', password(), (it) => `vcert enroll -u https://tpp -t x --tpp-user a --tpp-password ${it}\n`],
      ['run.sh', password(), (it) => `fabric-ca-server start -b admin:${it}\n`],
      ['run.sh', password(), (it) => `step ca token a --provisioner-password-file <(echo "${it}")\n`],
      ['make.sql', password(), (it) => `CONNECT system/${it}@SHOP\n`],
    ]);
  });

  it('leaves prompts, variables, files and other options alone', () => {
    leavesAlone([
      ['run.sh', 'sshpass -e ssh web; sshpass -f /run/pw ssh web; sshpass -p "$PASSWORD" ssh web\n'],
      ['run.sh', 'mysql -u root -p shop < shop.sql; mysqldump -p"$MYSQL_PW" shop; mysql -p\n'],
      ['run.sh', 'docker login -u "$USER" --password-stdin < pw; docker run -p 8080:80 web\n'],
      ['run.sh', 'echo "$TOKEN" | docker login --password-stdin -u ci; echo done > /tmp/state\n'],
      ['run.sh', 'openssl req -new -key site.key -out site.csr; openssl rand -base64 32 > pw\n'],
      ['run.sh', 'keytool -importkeystore -srcstorepass:env SRC -deststorepass:file /run/pass\n'],
      ['run.sh', 'ssh-keygen -t ed25519 -f deploy -N ""; ssh-keygen -N "$PASSPHRASE"; mkdir -p a/b\n'],
      ['run.sh', 'vault login -method=oidc; vault login; kubectl config use-context prod --token=$T\n'],
      [
        'run.sh',
        'tool --password-file /run/pw --token-url https://a.test --secret name --password=<password>\n',
      ],
      ['README.md', 'docker login -u user -p password; mysql -psecret; tool --token your-token-here\n'],
    ]);
  });
});
