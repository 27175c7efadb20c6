export { RedfishClient } from './services/client.js';
export { connect, RedfishConnection, type ConnectOptions } from './services/connection.js';
export type { OnChange, RedfishChange } from './access/rehearsal-access.js';
export { RedfishPool, type RedfishPoolStatus } from './services/pool.js';
export { RedfishTask } from './services/task.js';
export { AccountService } from './services/accounts/account-service.js';
export type { ManagerAccount } from './services/accounts/manager-account.js';
export { Attributes, type AttributesView } from './services/settings/attributes.js';
export {
  BmcAttributes,
  type AttributeGroup,
  type BmcAttributesView,
  type UnreadManager,
} from './services/settings/bmc-attributes.js';
export {
  Settings,
  type SettingsChange,
  type SettingsOptions,
  type SettingsView,
} from './services/settings/settings.js';
export type { Certificate } from './services/certificates/certificate.js';
export {
  CertificateService,
  type CertificatePlace,
  type CsrRequest,
} from './services/certificates/certificate-service.js';
export { Boot, type BootOverride, type WantedBoot } from './services/boot/boot.js';
export { Power, type PowerOptions } from './services/power/power.js';
export { EventService } from './services/events/event-service.js';
export { Subscription } from './services/events/subscription.js';
export type { StreamedEvent, StreamOptions } from './services/events/event-stream.js';
export type { SubscriptionList } from './services/events/subscription-collection.js';
export type { TestEvent } from './services/events/test-event.js';
export type { WantedSubscription } from './services/events/wanted-subscription.js';
export { VirtualMedia, type Ejections, type WantedMedium } from './services/media/virtual-media.js';
export { Medium } from './services/media/medium.js';
export type { MediaList } from './services/media/media-list.js';
export type { Ejection } from './services/media/ejection.js';
export type { WantedImage } from './services/media/insertion.js';
export { UpdateService } from './services/firmware/update-service.js';
export type {
  FirmwareItem,
  FirmwareUpdate,
  ImageAccount,
  UpdateOptions,
  UpdateWishes,
} from './services/firmware/update-service.js';
export type { FirmwareFile } from './services/firmware/firmware-file.js';
export { LogServices, type Log, type LogPage, type OpenLog } from './services/logs/log-services.js';
export { Sensors, type SensorList, type SensorReading } from './services/sensors/sensors.js';
export type { Unread } from './services/kept.js';
export { refusedOf } from './services/corrections.js';
export * from './services/service-errors.js';
export type { Patience, SettleOptions } from './services/settle.js';
export * from './errors.js';
export { type ExtendedMessage } from './extended-info.js';
export {
  actionTarget,
  isJsonObject,
  linkOf,
  linksOf,
  textAt,
  valueAt,
  type JsonObject,
  type JsonValue,
} from './json.js';
export { lastSegment, samePath } from './wire/links.js';
export { addressAllowed, destinationAllowed, parseNetworks, type Networks } from './networks.js';
export type { RedfishPoolOptions, RedfishEvent, RedfishRetries, RedfishTimeouts } from './options.js';
export { QUIRKS, type Behaviour, type BmcIdentity, type Quirk } from './quirks/quirks.js';
export {
  redfishTarget,
  RedfishCredential,
  type RedfishAccess,
  type RedfishAuthType,
  type RedfishTarget,
  type RedfishTuning,
  type RedfishTlsVersion,
} from './target.js';
export type * from './types.js';
