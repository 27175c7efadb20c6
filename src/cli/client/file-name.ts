/** Of a file without a usable name. */
const NO_NAME = 'attachment';
/** Bytes; file systems take 255, and a number may follow. */
const LONGEST = 200;

/** What a file of the service is called in the current folder. @param disposition the header `Content-Disposition`. */
export function fileNameOf(disposition: string): string {
  return safeName(fullName(disposition) ?? /filename="([^"]*)"/i.exec(disposition)?.[1] ?? '');
}

/** RFC 6266: the one with all characters comes before the plain one. */
function fullName(disposition: string): string | undefined {
  const [, encoded] = /filename\*=UTF-8''([^;\s]*)/i.exec(disposition) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** No path, no hidden file, no option of a command, nothing that a terminal obeys. */
function safeName(name: string): string {
  const own = name.split(/[/\\]/).pop() ?? '';
  let safe = own
    .replaceAll(/[\p{C}<>:"|?*]/gu, '_')
    .replace(/^[\s.-]+/, '')
    .trim();
  while (Buffer.byteLength(safe) > LONGEST) safe = safe.slice(0, -1);
  return safe === '' ? NO_NAME : safe;
}
