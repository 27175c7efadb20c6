import { type MethodDeclaration } from './methods.js';

/** `flashFirmware` becomes `flash_firmware` on the wire, and `readSEL` becomes `read_sel`. */
export function wireName(declaration: MethodDeclaration): string {
  return (
    declaration.options.name ??
    declaration.key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase()
  );
}
