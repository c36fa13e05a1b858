/** Secrets that a cluster's files carry. */
import { draft, family, mark } from '../draft.ts';
import { certificatePem } from '../material/certificates.ts';
import { anyKey, rsaKey } from '../material/keys.ts';
import { anyPem } from '../material/pem.ts';
import { serviceAccountJwt } from '../material/tokens.ts';
import type { Random } from '../random.ts';
import { host, password, service } from '../words.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const metadata = (name: string): string => `metadata:\n  name: ${name}\n  namespace: prod\n`;

function kubeconfig(r: Random, user: string): string {
  const ca = base64(certificatePem('kubernetes', rsaKey(r), rsaKey(r), r));
  return `apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters:\n- name: prod\n  cluster:\n    certificate-authority-data: ${ca}\n    server: https://${host(r)}:6443\ncontexts:\n- name: prod\n  context: {cluster: prod, user: deployer}\nusers:\n- name: deployer\n  user:\n${user}`;
}

export const KUBERNETES = family('kubernetes', {
  'tls-secret': (r) => {
    const key = rsaKey(r);
    return draft(
      `k8s/${service(r)}-tls.yaml`,
      `apiVersion: v1\nkind: Secret\n${metadata(`${service(r)}-tls`)}type: kubernetes.io/tls\ndata:\n  tls.crt: ${base64(certificatePem(host(r), key, rsaKey(r), r))}\n  tls.key: ${mark(base64(anyPem(key, r)))}\n`,
    );
  },
  'opaque-secret': (r) =>
    draft(
      `manifests/${service(r)}-secret.yaml`,
      `apiVersion: v1\nkind: Secret\n${metadata(`${service(r)}-db`)}type: Opaque\ndata:\n  username: ${base64(service(r))}\n  password: ${mark(base64(password(r)))}\n`,
    ),
  'string-data': (r) =>
    draft(
      `manifests/${service(r)}.yaml`,
      `apiVersion: v1\nkind: Secret\n${metadata(service(r))}stringData:\n  DB_HOST: ${host(r)}\n  DB_PASSWORD: "${mark(password(r))}"\n---\napiVersion: v1\nkind: Service\n${metadata(service(r))}spec:\n  ports:\n  - port: 80\n`,
    ),
  'secret-in-a-list': (r) =>
    draft(
      `k8s/all-${service(r)}.json`,
      `{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": [\n    {\n      "apiVersion": "v1",\n      "kind": "Secret",\n      "metadata": { "name": "${service(r)}" },\n      "data": {\n        "api-key": "${mark(base64(r.text(32)))}"\n      }\n    }\n  ]\n}\n`,
    ),
  'kubeconfig-client-key': (r) => {
    const key = anyKey(r);
    const client = base64(certificatePem('deployer', key, rsaKey(r), r));
    return draft(
      r.pick(['kubeconfig', '.kube/config', 'ci/kubeconfig.yaml']),
      kubeconfig(
        r,
        `    client-certificate-data: ${client}\n    client-key-data: ${mark(base64(anyPem(key, r)))}\n`,
      ),
    );
  },
  'kubeconfig-token': (r) =>
    draft(
      `clusters/${service(r)}.kubeconfig`,
      kubeconfig(r, `    token: ${mark(serviceAccountJwt(r, rsaKey(r), 'deployer'))}\n`),
    ),
  'kubeconfig-basic': (r) =>
    draft(
      `clusters/old-${service(r)}.kubeconfig`,
      kubeconfig(r, `    username: admin\n    password: ${mark(password(r))}\n`),
    ),
  'docker-config-secret': (r) => {
    const auth = base64(`robot$${service(r)}:${password(r)}`);
    const config = base64(JSON.stringify({ auths: { [`registry.${host(r)}`]: { auth } } }));
    return draft(
      `k8s/pull-${service(r)}.yaml`,
      `apiVersion: v1\nkind: Secret\n${metadata('registry')}type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ${mark(config)}\n`,
    );
  },
  'service-account-token-file': (r) =>
    draft(`ci/${service(r)}/token`, mark(serviceAccountJwt(r, rsaKey(r), service(r)))),
  'bootstrap-token': (r) =>
    draft(
      `kubeadm/${service(r)}.yaml`,
      `apiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\ndiscovery:\n  bootstrapToken:\n    apiServerEndpoint: ${host(r)}:6443\n    token: ${mark(`${r.text(6, 'abcdefghjkmnpq23456789')}.${r.text(16, 'abcdefghjkmnpq23456789')}`)}\n    caCertHashes:\n    - sha256:${r.hex(64)}\n`,
    ),
  'encryption-configuration': (r) =>
    draft(
      `control-plane/encryption-${service(r)}.yaml`,
      `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n      - name: key1\n        secret: ${mark(r.base64(32))}\n  - identity: {}\n`,
    ),
  'helm-values': (r) =>
    draft(
      `charts/${service(r)}/values-prod.yaml`,
      `replicaCount: 3\nimage:\n  repository: registry.${host(r)}/${service(r)}\n  tag: 1.${r.below(20)}.0\npostgresql:\n  auth:\n    username: app\n    password: ${mark(password(r))}\n    existingSecret: ""\n`,
    ),
  'kustomize-literals': (r) =>
    draft(
      `overlays/prod/${service(r)}/kustomization.yaml`,
      `resources:\n- ../../base\nsecretGenerator:\n- name: ${service(r)}\n  literals:\n  - DB_USER=app\n  - DB_PASSWORD=${mark(password(r))}\n`,
    ),
  'env-in-a-deployment': (r) =>
    draft(
      `deploy/${service(r)}-deployment.yaml`,
      `apiVersion: apps/v1\nkind: Deployment\n${metadata(service(r))}spec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: ${service(r)}:1.4\n        env:\n        - name: LOG_LEVEL\n          value: info\n        - name: ADMIN_PASSWORD\n          value: "${mark(password(r))}"\n`,
    ),
  'argocd-repository': (r) =>
    draft(
      `argocd/repo-${service(r)}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: repo\n  labels:\n    argocd.argoproj.io/secret-type: repository\nstringData:\n  type: git\n  url: https://git.${host(r)}/infra.git\n  username: argocd\n  password: ${mark(password(r))}\n`,
    ),
});
