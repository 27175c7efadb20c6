export { DriverName } from './driver-name.js';
export { main, type Terminal } from './main.js';
export { type Language, LANGUAGES, type NewPackage, TEMPLATES, writePackage } from './new-package.js';
export { Tarballs } from './tarballs.js';
