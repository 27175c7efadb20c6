import { type DestinationStream, pino } from 'pino';
import { outputs } from './outputs.js';

/** In characters. Beyond that, lines are dropped: a log that nobody reads must not fill the memory. */
const MAXIMUM_WAITING = 16_777_216;

export type OutputName = 'stdout' | 'stderr';
type Destination = ReturnType<typeof pino.destination>;

const FILES = { stdout: 1, stderr: 2 };
const open = new Map<OutputName, Destination>();

/**
 * Written in the background, so that a pipe that nobody reads does not block the service. Lines that come during a
 * write go out together with the next one.
 */
export function destinationOf(name: OutputName): DestinationStream {
  let destination = open.get(name);
  if (destination === undefined) {
    destination = pino.destination({
      dest: FILES[name],
      sync: false,
      maxLength: MAXIMUM_WAITING,
      // With 0, its `flush` does not wait.
      minLength: 1,
    });
    // A full disk, for example, is no reason to stop: lines wait for it as those of a pipe do.
    destination.on('error', () => {});
    open.set(name, destination);
    outputs.add(destination);
  }
  return destination;
}
