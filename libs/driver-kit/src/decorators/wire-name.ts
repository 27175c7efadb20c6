import { type MethodDeclaration } from './methods.js';

/** The name of a method on the wire. */
export function wireName({ key, options }: MethodDeclaration): string {
  return options.name ?? snakeName(key);
}

/** `flashFirmware` becomes `flash_firmware`, and `readSEL` becomes `read_sel`. */
export function snakeName(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
