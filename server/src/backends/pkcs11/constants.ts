/** The numbers of PKCS#11 that are used here, by their names in the standard (OASIS PKCS#11 3.1, appendix; pkcs11t.h). */
export const CKO = { certificate: 1, publicKey: 2, privateKey: 3 } as const;

export const CKC = { x509: 0 } as const;

export const CKK = { rsa: 0x00, ec: 0x03, ecEdwards: 0x40 } as const;

export const CKA = {
  class: 0x000,
  token: 0x001,
  private: 0x002,
  label: 0x003,
  value: 0x011,
  certificateType: 0x080,
  issuer: 0x081,
  serialNumber: 0x082,
  keyType: 0x100,
  subject: 0x101,
  id: 0x102,
  sensitive: 0x103,
  decrypt: 0x105,
  unwrap: 0x107,
  sign: 0x108,
  signRecover: 0x109,
  verify: 0x10a,
  modulus: 0x120,
  modulusBits: 0x121,
  publicExponent: 0x122,
  publicKeyInfo: 0x129,
  extractable: 0x162,
  local: 0x163,
  neverExtractable: 0x164,
  alwaysSensitive: 0x165,
  ecParams: 0x180,
  ecPoint: 0x181,
} as const;

export const CKM = {
  rsaKeyPairGen: 0x0000,
  rsaPkcs: 0x0001,
  ecKeyPairGen: 0x1040,
  ecdsa: 0x1041,
  edwardsKeyPairGen: 0x1055,
  eddsa: 0x1057,
} as const;

/** Flags of a token (CK_TOKEN_INFO). */
export const CKF = {
  writeProtected: 0x2,
  loginRequired: 0x4,
  userPinInitialized: 0x8,
  protectedAuthenticationPath: 0x100,
  userPinCountLow: 0x1_0000,
  userPinFinalTry: 0x2_0000,
  userPinLocked: 0x4_0000,
  userPinToBeChanged: 0x8_0000,
  securityOfficerPinLocked: 0x40_0000,
  securityOfficerPinToBeChanged: 0x80_0000,
} as const;
