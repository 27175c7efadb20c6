export type { Aim, Aimed } from './aim.js';
export { type BlackHole, startBlackHole } from './black-hole.js';
export type { BmcOptions } from './bmc-options.js';
export { type BmcServer, startBmc } from './bmc-server.js';
export { type CertificateOptions, type KeyAndCertificate, selfSignedCertificate } from './certificate.js';
export type { ErrorShape } from './errors.js';
export type { RecordedRequest } from './journal.js';
export type { Json, JsonObject } from './json.js';
export type {
  CreateAnswer,
  DeleteAnswer,
  EjectBehaviour,
  EtagBehaviour,
  Misbehaviours,
  NotReady,
} from './misbehaviours.js';
export { FOREIGN_ORIGIN } from './paths.js';
export { type ProfileName, profileNames } from './profiles/index.js';
export { sampleTrees } from './sample-tree.js';
export type { TaskScript } from './tasks.js';
export type { VendorRules } from './vendor-rules.js';
export type { MediumState } from './virtual-media.js';
