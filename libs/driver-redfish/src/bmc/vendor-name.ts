const NAMES: readonly (readonly [string, RegExp])[] = [
  ['dell', /\bdell/i],
  ['hpe', /\bhpe?\b|hewlett/i],
  ['lenovo', /lenovo/i],
  ['supermicro', /super ?micro|\bsmc\b/i],
  ['nvidia', /nvidia/i],
  ['cisco', /cisco/i],
  ['fujitsu', /fujitsu|\bts_fujitsu\b/i],
  ['huawei', /huawei|xfusion/i],
  ['ami', /\bami\b|megatrends/i],
  ['openbmc', /openbmc/i],
];

/** Of a BMC's own words for its maker, one of a few names for metrics. */
export function vendorName(words: string | undefined): string {
  if (words === undefined) return 'unknown';
  return NAMES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other';
}
