const MAXIMUM = 255;

/** Used as `instance_name` when none was given. */
export function displayName(instanceInfo: unknown): string | null {
  if (typeof instanceInfo !== 'object' || instanceInfo === null) return null;
  const name: unknown = 'display_name' in instanceInfo ? instanceInfo.display_name : undefined;
  return typeof name === 'string' && name !== '' && [...name].length <= MAXIMUM ? name : null;
}
