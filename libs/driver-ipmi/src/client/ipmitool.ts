import { Logger, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IpmiSettings, missingTool } from '../ipmi.settings.js';
import { programPath } from './program-path.js';
import { runProgram } from './program-run.js';

/** Milliseconds. */
const VERSION_LIMIT = 10_000;

/** The program that speaks IPMI. Its absence is an error of calls, since the service may have other drivers. */
@Injectable()
export class Ipmitool implements OnModuleInit {
  private readonly logger = new Logger('Ipmitool');
  private found: string | undefined;

  constructor(private readonly settings: IpmiSettings) {}

  /** Its file. @throws UnsupportedDriverExtension */
  get file(): string {
    const { tool } = this.settings;
    // Looked for again until it is there: it may be installed while the service runs.
    this.found ??= programPath(tool);
    if (this.found === undefined) throw new UnsupportedDriverExtension(missingTool(tool));
    return this.found;
  }

  /** Undefined if it does not tell. @throws UnsupportedDriverExtension */
  version(): Promise<string | undefined> {
    return versionOf(this.file);
  }

  async onModuleInit(): Promise<void> {
    const file = programPath(this.settings.tool);
    // The settings warn of that.
    if (file === undefined) return;
    const version = await versionOf(file);
    if (version === undefined) this.logger.warn(`${file} does not tell its version; it may not be ipmitool.`);
    else this.logger.info(`${file} is ipmitool ${version}.`);
  }
}

/** Undefined for another program, and for one that fails. */
export async function versionOf(file: string): Promise<string | undefined> {
  try {
    const options = { signal: new AbortController().signal, limit: VERSION_LIMIT };
    const { stdout } = await runProgram({ file, args: ['-V'], env: { LC_ALL: 'C' } }, options);
    return /^ipmitool version (\S+)/m.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
