/** npm itself only warns. */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

export function requireNode() {
  if (isSupported(process.versions.node)) return;
  console.error(`Ferrule needs Node ^20.19 or >=22.12; this is ${process.versions.node}.`);
  process.exit(1);
}
