const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TEXTS = {
  request_id: new RegExp(`req-${UUID}`),
  job: new RegExp(`\\b[Jj]ob (${UUID})`),
  node: new RegExp(`\\bnode (${UUID})`),
};

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** The lines of the log of a service, without those of its access log. */
export function logLines(log: string): LogLine[] {
  return log.split('\n').flatMap((text) => {
    if (!text.startsWith('{')) return [];
    const line = JSON.parse(text) as Record<string, unknown>;
    return typeof line['msg'] === 'string' ? [{ ...line, msg: line['msg'] }] : [];
  });
}

/**
 * Lines about a request, a job or a node that lack its id as a member.
 * @param others members that lines about requests and jobs must have as well.
 */
export function linesWithoutIds(log: string, others: readonly string[] = []): string[] {
  return logLines(log).flatMap((line) => {
    const lacking = Object.entries(TEXTS).flatMap(([member, pattern]) => {
      const found = pattern.exec(line.msg);
      return found === null || line[member] === (found[1] ?? found[0]) ? [] : [member];
    });
    const isOfCall = 'job' in line || 'request_id' in line;
    // The answer of the database would have told whose job it is.
    const isUnknown = line.msg.includes('could not be adopted');
    if (isOfCall && !isUnknown) lacking.push(...['request_id', ...others].filter((name) => !(name in line)));
    return lacking.length === 0 ? [] : [`${lacking.join(', ')}: ${JSON.stringify(line)}`];
  });
}
