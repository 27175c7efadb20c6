/** What a host of drivers reads from decorated classes; drivers themselves need nothing from here. */
export { type Class } from './class.js';
export { type DriverModuleDeclaration, driverModuleOf } from './driver-module.js';
export { hardwareTypeOf } from './hardware-type.js';
export { type MethodDeclaration, methodsOf } from './methods.js';
export { vendorInterfaceOf } from './vendor-interface.js';
export { milliseconds } from './duration.js';
