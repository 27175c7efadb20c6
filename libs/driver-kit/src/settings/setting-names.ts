/** `@acme/ferrule-driver-x1` gives `X1`, and `@acme/driver` gives `ACME`; variables begin with `FERRULE_` and this. */
export function settingsPrefix(packageName: string): string {
  const [scope = '', name = ''] = packageName.startsWith('@')
    ? packageName.slice(1).split('/')
    : ['', packageName];
  const own = name.replace(/^ferrule-?/, '').replace(/^driver-?/, '') || scope || name;
  return own.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}

/** `mirrorUrl` gives `MIRROR_URL`. */
export function settingName(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
