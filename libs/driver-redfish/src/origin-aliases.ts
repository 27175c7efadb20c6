export type OriginAliases = Readonly<Record<string, readonly string[]>>;

/**
 * Reads `https://10.9.8.7=https://192.168.0.120, …`: the origin that Ferrule uses, then the one the BMC uses. A BMC
 * may have several entries.
 * @throws TypeError that quotes the wrong entry
 */
export function parseAliases(text: string): OriginAliases {
  const aliases: Record<string, string[]> = {};
  for (const entry of text.split(',').map((each) => each.trim())) {
    if (entry === '') continue;
    const [bmc, alias, ...rest] = entry.split('=').map((each) => originOf(each.trim()));
    if (bmc === undefined || alias === undefined || rest.length > 0) {
      throw new TypeError(`must be entries of the form https://bmc=https://its-own-name; '${entry}' is not`);
    }
    (aliases[bmc] ??= []).push(alias);
  }
  return aliases;
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, username, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && pathname === '/' ? origin : undefined;
}
