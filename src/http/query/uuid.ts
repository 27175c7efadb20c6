const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEXADECIMAL = /^[0-9a-f]{32}$/;

/** Lower case with dashes. Accepts braces, `urn:uuid:`, capitals and missing dashes; undefined for anything else. */
export function uuidOf(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  const digits = text
    .toLowerCase()
    .replace(/^urn:/, '')
    .replace(/^uuid:/, '')
    .replaceAll(/[{}-]/g, '');
  if (!HEXADECIMAL.test(digits)) return undefined;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}
