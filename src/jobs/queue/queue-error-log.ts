import { Logger } from '@nestjs/common';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';

/** Milliseconds between two lines: while a connection is lost, BullMQ reports every attempt to open it again. */
const INTERVAL = 10_000;

export function queueErrorLog(context: string): (error: unknown) => void {
  const logger = new Logger(context);
  const warn = throttled((message) => logger.warn(message), INTERVAL);
  return (error) => warn(`Job queue: ${reasonOf(error)}`);
}
