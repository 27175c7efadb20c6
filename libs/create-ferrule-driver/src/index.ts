export { DriverName } from './driver-name.js';
export { main, type Terminal } from './main.js';
export { writePackage } from './new-package.js';
export { Tarballs } from './tarballs.js';
export { type Language, LANGUAGES, type NewPackage, TEMPLATES } from './template.js';
export { type Step, updateSteps } from './update.js';
