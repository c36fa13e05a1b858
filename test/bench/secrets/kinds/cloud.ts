/** Credentials of cloud accounts. */
import { draft, family, mark } from '../draft.ts';
import { rsaKey } from '../material/keys.ts';
import { pkcs8Pem } from '../material/pem.ts';
import * as tokens from '../material/tokens.ts';
import type { Random } from '../random.ts';
import { host, service, team } from '../words.ts';

const { awsKeyId, awsSecret, azureAccountKey, azureClientSecret } = tokens;

function serviceAccount(r: Random): string {
  const project = `${service(r)}-${r.between(100, 999)}`;
  const key = pkcs8Pem(rsaKey(r)).replaceAll('\n', '\\n');
  return `{\n  "type": "service_account",\n  "project_id": "${project}",\n  "private_key_id": "${r.hex(40)}",\n  "private_key": "${mark(key)}",\n  "client_email": "deploy@${project}.iam.gserviceaccount.com",\n  "client_id": "${r.text(21, '123456789')}",\n  "token_uri": "https://oauth2.googleapis.com/token"\n}\n`;
}

export const CLOUD = family('cloud', {
  'aws-credentials-file': (r) =>
    draft(
      r.pick(['.aws/credentials', 'ci/aws-credentials']),
      `[default]\n${mark(`aws_access_key_id = ${awsKeyId(r)}\naws_secret_access_key = ${awsSecret(r)}`)}\nregion = eu-central-1\n`,
    ),
  'aws-environment': (r) =>
    draft(
      `deploy/${service(r)}/aws.env`,
      `AWS_REGION=eu-west-1\n${mark(`AWS_ACCESS_KEY_ID=${awsKeyId(r)}\nAWS_SECRET_ACCESS_KEY=${awsSecret(r)}`)}\n`,
    ),
  'aws-terraform-provider': (r) =>
    draft(
      `terraform/${service(r)}/provider.tf`,
      `provider "aws" {\n  region     = "us-east-1"\n${mark(`  access_key = "${awsKeyId(r)}"\n  secret_key = "${awsSecret(r)}"`)}\n}\n`,
    ),
  'aws-python': (r) =>
    draft(
      `scripts/${service(r)}_upload.py`,
      `import boto3\n\ns3 = boto3.client(\n    "s3",\n${mark(`    aws_access_key_id="${awsKeyId(r)}",\n    aws_secret_access_key="${awsSecret(r)}"`)},\n)\n`,
    ),
  'aws-secret-key-alone': (r) =>
    draft(
      `config/${service(r)}/storage.yml`,
      `s3:\n  bucket: ${service(r)}-${team(r)}\n  secretAccessKey: ${mark(awsSecret(r))}\n  region: eu-west-3\n`,
    ),
  s3cfg: (r) =>
    draft(
      'backup/.s3cfg',
      `[default]\n${mark(`access_key = ${awsKeyId(r)}\nsecret_key = ${awsSecret(r)}`)}\nhost_base = s3.amazonaws.com\nuse_https = True\n`,
    ),
  'gcp-service-account': (r) => draft(`gcp/${service(r)}-sa.json`, serviceAccount(r)),
  'gcp-service-account-base64': (r) => {
    const json = serviceAccount(r).replaceAll(/[\ue000\ue001]/g, '');
    return draft(
      `.circleci/${service(r)}.env`,
      `GOOGLE_PROJECT=${service(r)}\nGCLOUD_SERVICE_KEY=${mark(Buffer.from(json).toString('base64'))}\n`,
    );
  },
  'gcp-api-key': (r) =>
    draft(
      `web/${service(r)}/maps.js`,
      `export const MAPS = {\n  region: 'DE',\n  apiKey: '${mark(tokens.gcpApiKey(r))}',\n};\n`,
    ),
  'azure-client-secret-environment': (r) =>
    draft(
      `deploy/${service(r)}/azure.env`,
      `AZURE_TENANT_ID=${r.uuid()}\nAZURE_CLIENT_ID=${r.uuid()}\nAZURE_CLIENT_SECRET=${mark(azureClientSecret(r))}\n`,
    ),
  'azure-sdk-auth': (r) =>
    draft(
      `.github/azure-${service(r)}.json`,
      `{\n  "clientId": "${r.uuid()}",\n  "clientSecret": "${mark(azureClientSecret(r))}",\n  "subscriptionId": "${r.uuid()}",\n  "tenantId": "${r.uuid()}"\n}\n`,
    ),
  'azure-terraform': (r) =>
    draft(
      `terraform/${service(r)}/azure.tf`,
      `provider "azurerm" {\n  features {}\n  tenant_id     = "${r.uuid()}"\n  client_id     = "${r.uuid()}"\n  client_secret = "${mark(azureClientSecret(r))}"\n}\n`,
    ),
  'azure-storage-connection': (r) =>
    draft(
      `src/${service(r)}/local.settings.json`,
      `{\n  "IsEncrypted": false,\n  "Values": {\n    "AzureWebJobsStorage": "DefaultEndpointsProtocol=https;AccountName=${service(r)}${r.below(99)};AccountKey=${mark(azureAccountKey(r))};EndpointSuffix=core.windows.net"\n  }\n}\n`,
    ),
  'azure-sas-url': (r) =>
    draft(
      `scripts/sync-${service(r)}.sh`,
      `#!/bin/sh\nazcopy sync ./out "https://${service(r)}.blob.core.windows.net/out?sv=2022-11-02&ss=b&srt=co&sp=rwl&se=2031-01-01T00:00:00Z&sig=${mark(encodeURIComponent(r.base64(32)))}"\n`,
    ),
  'azure-service-bus': (r) =>
    draft(
      `src/${service(r)}/bus.properties`,
      `bus.connection=Endpoint=sb://${service(r)}.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${mark(r.base64(32))}\n`,
    ),
  'azure-cosmos': (r) =>
    draft(
      `config/${service(r)}/cosmos.json`,
      `{ "CosmosConnection": "AccountEndpoint=https://${service(r)}.documents.azure.com:443/;AccountKey=${mark(azureAccountKey(r))};" }\n`,
    ),
  'digitalocean-terraform': (r) =>
    draft(
      `terraform/do/${service(r)}.tfvars`,
      `region   = "fra1"\ndo_token = "${mark(tokens.digitalOcean(r))}"\n`,
    ),
  'terraform-cloud-rc': (r) =>
    draft(
      r.pick(['.terraformrc', 'ci/terraform.rc']),
      `credentials "app.terraform.io" {\n  token = "${mark(tokens.terraformCloud(r))}"\n}\n`,
    ),
  'openstack-clouds': (r) =>
    draft(
      `openstack/${service(r)}/clouds.yaml`,
      `clouds:\n  prod:\n    auth:\n      auth_url: https://${host(r)}:5000/v3\n      application_credential_id: ${r.hex(32)}\n      application_credential_secret: ${mark(r.base64url(64))}\n    auth_type: v3applicationcredential\n`,
    ),
});
