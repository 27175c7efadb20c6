export { Attachment } from './attachment.js';
export { type Caller, type CallerSource } from './caller.js';
export { DriverModule, type DriverModuleOptions, KIT_VERSION } from './decorators/driver-module.js';
export {
  BMC_REQUEST_CHANNEL,
  type BmcOutcome,
  type BmcRequest,
  type BmcState,
  provideBmcStates,
  reportBmcRequest,
} from './bmc-activity.js';
export { type Duration } from './duration.js';
export * from './errors.js';
export {
  HardwareType,
  type HardwareTypeOptions,
  type SupportedInterfaces,
} from './decorators/hardware-type.js';
export { INTERFACE_KINDS, type InterfaceKind } from './decorators/interface-kinds.js';
export { isJsonObject, type JsonObject, type JsonValue } from './json.js';
export { Logger } from './logger.js';
export {
  BOOT_DEVICES,
  type BootDevice,
  type BootOrder,
  type Management,
  ManagementInterface,
  type ManagementInterfaceOptions,
} from './decorators/management-interface.js';
export { NoVendor } from './decorators/no-vendor.js';
export {
  DriverPassthru,
  type DriverPassthruMethod,
  Passthru,
  type PassthruMethod,
} from './decorators/passthru.js';
export {
  type Effect,
  EFFECTS,
  type MethodOptions,
  type PassthruOptions,
} from './decorators/passthru-options.js';
export { Periodic, type PeriodicMethod, type PeriodicOptions } from './decorators/periodic.js';
export { type Power, PowerInterface, type PowerInterfaceOptions } from './decorators/power-interface.js';
export { POWER_STATES, POWER_TARGETS, type PowerState, type PowerTarget } from './power-words.js';
export { SharedModule, type SharedModuleOptions } from './decorators/shared-module.js';
export { isSecretKey, MASK } from './secret-keys.js';
export { ServiceSettings } from './settings/service-settings.js';
export {
  type AnySettingsClass,
  Settings,
  type SettingsClass,
  type SettingsSchema,
} from './settings/settings.js';
export {
  type DriverTask,
  type ExclusiveTask,
  HTTP_METHODS,
  type HttpMethod,
  type PlannedRequest,
  type Progress,
  type Rehearsal,
  type RehearsalTask,
  type SharedTask,
  type Task,
  type TaskNode,
} from './task.js';
export { VendorInterface, type VendorInterfaceOptions } from './decorators/vendor-interface.js';
