const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** In lower case; undefined for anything else. */
export function macOf(text: string): string | undefined {
  const address = text.toLowerCase();
  return MAC.test(address) ? address : undefined;
}
