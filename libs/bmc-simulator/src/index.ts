export type { Aim, Aimed } from './misbehaviours/aim.js';
export { type BlackHole, startBlackHole } from './server/black-hole.js';
export type { BmcOptions } from './server/bmc-options.js';
export { type BmcServer, startBmc } from './server/bmc-server.js';
export {
  type CertificateOptions,
  type KeyAndCertificate,
  selfSignedCertificate,
} from './certificates/certificate.js';
export type { ErrorShape } from './messages/errors.js';
export type { RecordedRequest, RecordedUpload } from './server/journal.js';
export type { Json, JsonObject } from './tree/json.js';
export type { CreateAnswer, DeleteAnswer } from './misbehaviours/subscription-faults.js';
export type { EjectBehaviour, InsertBehaviour } from './misbehaviours/media-faults.js';
export type { EtagBehaviour } from './misbehaviours/etag-faults.js';
export type { Misbehaviours } from './misbehaviours/misbehaviours.js';
export type { NotHttp } from './misbehaviours/wire-faults.js';
export type { NotReady } from './misbehaviours/path-faults.js';
export { FOREIGN_ORIGIN } from './tree/paths.js';
export { type ProfileName, profileNames } from './profiles/index.js';
export { sampleTrees } from './profiles/sample-tree.js';
export type { TaskScript } from './misbehaviours/task-script.js';
export type { VendorRules } from './profiles/vendor-rules.js';
export type { MediumState } from './media/media-store.js';
