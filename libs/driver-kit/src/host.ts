/** What a host of drivers reads from decorated classes; drivers themselves need nothing from here. */
export {
  type Class,
  driverModuleOf,
  hardwareTypeOf,
  type MethodDeclaration,
  methodsOf,
  vendorInterfaceOf,
} from './declarations.js';
export { milliseconds } from './duration.js';
