/** What of CycloneDX 1.6 a bill of cryptography has (ECMA-424, second edition). */

export interface Component {
  readonly type: 'cryptographic-asset' | 'application';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly properties?: readonly Property[];
  readonly cryptoProperties?: CryptoProperties;
}

export interface Property {
  readonly name: string;
  readonly value: string;
}

export interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

export type Primitive = 'signature' | 'hash' | 'pke' | 'kem' | 'key-agree' | 'unknown';

export type CryptoFunction =
  | 'keygen'
  | 'sign'
  | 'verify'
  | 'digest'
  | 'encrypt'
  | 'decrypt'
  | 'encapsulate'
  | 'decapsulate'
  | 'keyderive';

export interface AlgorithmProperties {
  readonly primitive: Primitive;
  readonly parameterSetIdentifier?: string;
  readonly curve?: string;
  readonly padding?: 'pkcs1v15' | 'other';
  readonly cryptoFunctions?: readonly CryptoFunction[];
  readonly classicalSecurityLevel?: number;
  /** Of NIST's five categories; 0: a quantum computer breaks it. */
  readonly nistQuantumSecurityLevel?: number;
}

export type CryptoProperties =
  | {
      readonly assetType: 'algorithm';
      readonly algorithmProperties: AlgorithmProperties;
      readonly oid?: string;
    }
  | {
      readonly assetType: 'certificate';
      readonly certificateProperties: {
        readonly subjectName?: string;
        readonly issuerName?: string;
        readonly notValidBefore?: string;
        readonly notValidAfter?: string;
        readonly signatureAlgorithmRef?: string;
        readonly subjectPublicKeyRef?: string;
        readonly certificateFormat: 'X.509' | 'OpenSSH';
      };
    }
  | {
      readonly assetType: 'related-crypto-material';
      readonly relatedCryptoMaterialProperties: {
        readonly type: 'public-key' | 'token';
        readonly id?: string;
        readonly state?: MaterialState;
        readonly algorithmRef?: string;
        readonly activationDate?: string;
        readonly expirationDate?: string;
        readonly size?: number;
      };
    }
  | {
      readonly assetType: 'protocol';
      readonly protocolProperties: {
        readonly type: 'tls';
        readonly version: string;
        readonly cipherSuites: readonly { readonly name: string }[];
      };
    };

/** NIST SP 800-57 part 1, 7. */
export type MaterialState = 'pre-activation' | 'active' | 'suspended' | 'deactivated' | 'destroyed';

export interface Bom {
  readonly $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json';
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    readonly timestamp: string;
    readonly lifecycles: readonly [{ readonly phase: 'operations' }];
    readonly tools: { readonly components: readonly Component[] };
    readonly component: Component;
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}
