const MAXIMUM = 255;

/** The name that a deployed instance shows, which becomes the `instance_name` that nobody gave. */
export function displayName(instanceInfo: unknown): string | null {
  if (typeof instanceInfo !== 'object' || instanceInfo === null) return null;
  const name: unknown = 'display_name' in instanceInfo ? instanceInfo.display_name : undefined;
  return typeof name === 'string' && name !== '' && [...name].length <= MAXIMUM ? name : null;
}
