/** `flash_firmware` */
export const SNAKE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
/** `acme-xr` */
export const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Why a text describes nothing; undefined if it may. */
export function whyNoDescription(name: string, text: string | undefined): string | undefined {
  const plain = text?.trim() ?? '';
  if (plain === '') return 'it has no description';
  const words = plain.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return plain.length < 5 || words === name.toLowerCase()
    ? `its description says nothing: ${plain}`
    : undefined;
}
