/** A name in which `*` stands for any characters. */
export function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

export function isAny(text: string): boolean {
  return /^\*+$/.test(text);
}
