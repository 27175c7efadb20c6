/** What a host reads from decorated classes. Drivers do not need it. */
export { type Class } from './class.js';
export { type DriverModuleDeclaration, driverModuleOf } from './driver-module.js';
export { hardwareTypeOf } from './hardware-type.js';
export { type MethodDeclaration, methodsOf } from './methods.js';
export { vendorInterfaceOf } from './vendor-interface.js';
export { milliseconds } from './duration.js';
