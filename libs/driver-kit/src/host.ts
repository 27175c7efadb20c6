/** What a host reads from decorated classes. Drivers do not need it. */
export { bmcStates, onBmcRequest } from './bmc-activity.js';
export { checkDriverInfo } from './check-driver-info.js';
export { type Class } from './class.js';
export { declarationsOf, type PackageDeclaration } from './decorators/declarations.js';
export { type DriverModuleDeclaration, driverModuleOf } from './decorators/driver-module.js';
export { hardwareTypeOf } from './decorators/hardware-type.js';
export { CLASS_KINDS, type ClassKind } from './decorators/declare-interface.js';
export { interfaceOf, isClassKind } from './decorators/interface-classes.js';
export { argumentsOf, timeoutOf } from './decorators/method-defaults.js';
export { effectOf, type MethodDeclaration, methodsOf } from './decorators/methods.js';
export { type PeriodicDeclaration, periodicsOf } from './decorators/periodic.js';
export { type SharedModuleDeclaration, sharedModuleOf, sharedModulesIn } from './decorators/shared-module.js';
export { hasStandardDecorators } from './decorators/standard-decorators.js';
export { snakeName, wireName } from './decorators/wire-name.js';
export { type DriverCall, DriverCalls, driverCalls } from './driver-calls.js';
export { type DriverLine, setDriverLog } from './logger.js';
