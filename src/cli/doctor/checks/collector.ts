import { request } from 'undici';
import { reasonOf } from '../../../logging/reason-of.js';
import { traceSettings } from '../../../tracing/trace-settings.js';
import { type Finding, ok, warning } from '../finding.js';

const LIMIT_MS = 5_000;

/** Whether something at the endpoint for traces speaks HTTP; none are sent. */
export async function checkCollector(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { isWanted, endpoint, endpointKey, problems } = traceSettings(env);
  if (!isWanted || problems.length > 0) return [];
  const { host } = new URL(endpoint);
  try {
    const { statusCode, body } = await request(endpoint, { signal: AbortSignal.timeout(LIMIT_MS) });
    // Not destroyed: an end before the body was read is an error that nobody awaits.
    await body.dump();
    return [ok(`The collector of traces at ${host} answers HTTP ${statusCode}.`)];
  } catch (error) {
    return [
      warning(
        `The collector of traces at ${host} does not answer: ${reasonOf(error)}.`,
        `Start it, or correct ${endpointKey}; until then traces are dropped.`,
      ),
    ];
  }
}
