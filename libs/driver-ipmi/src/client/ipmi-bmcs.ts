import {
  type BmcOutcome,
  reportBmcRequest,
  ServiceSettings,
  type SharedTask,
  type TaskNode,
} from '@ferrule/driver-kit';
import { type Networks, parseNetworks } from '@ferrule/redfish';
import { Injectable } from '@nestjs/common';
import { IpmiSettings } from '../ipmi.settings.js';
import { allowedAddress, checkLiteral } from './addresses.js';
import { CipherSuites } from './cipher-suites.js';
import { abortedError, ipmiError, killedError } from './errors.js';
import { type IpmiTarget, ipmiTarget } from './ipmi-target.js';
import { type IpmiCommand, ipmitoolCall } from './ipmitool-call.js';
import { failureOf, type IpmitoolFailure } from './ipmitool-failure.js';
import { Ipmitool } from './ipmitool.js';
import { type ProgramEnd, runProgram } from './program-run.js';
import { Turns } from './turns.js';

const OUTCOMES: Readonly<Record<IpmitoolFailure['kind'], BmcOutcome>> = {
  cipher: 'rejected',
  credentials: 'rejected',
  refused: 'rejected',
  session: 'unreachable',
  silent: 'unreachable',
  unanswered: 'timeout',
};

/** The BMCs of all nodes, each of which gets one command at a time. */
@Injectable()
export class IpmiBmcs {
  private readonly networks: Networks | undefined;
  private readonly turns: Turns;
  private readonly ciphers: CipherSuites;

  constructor(
    private readonly settings: IpmiSettings,
    private readonly ipmitool: Ipmitool,
    service: ServiceSettings,
  ) {
    this.networks = parseNetworks(service.bmcNetworks);
    this.turns = new Turns(settings.minCommandInterval * 1_000);
    this.ciphers = new CipherSuites(settings.cipherSuites);
  }

  /**
   * Checks what a node's driver_info says, and whether there is an ipmitool. Sends nothing.
   * @throws InvalidParameterValue, MissingParameterValue or UnsupportedDriverExtension
   */
  check(node: Pick<TaskNode, 'uuid' | 'driverInfo'>): void {
    const { host } = ipmiTarget(node);
    checkLiteral(host, this.networks, node.uuid);
    void this.ipmitool.file;
  }

  /**
   * Runs a command of ipmitool at the BMC of a node, when it is its turn.
   * @returns what ipmitool printed
   * @throws BmcError, or OutcomeUnknown if the BMC may have done what changes something
   */
  async run({ node, signal }: Pick<SharedTask, 'node' | 'signal'>, command: IpmiCommand): Promise<string> {
    const tool = this.ipmitool.file;
    const target = ipmiTarget(node);
    const address = await allowedAddress(target.host, this.networks, node.uuid);
    const bmc = `${address} ${target.port}`;
    return this.turns.take(bmc, signal, async () => {
      const suites = this.suitesFor(target, bmc);
      for (const [index, cipherSuite] of suites.entries()) {
        const { answerTimeout } = this.settings;
        const call = ipmitoolCall(target, command, { tool, address, cipherSuite, answerTimeout });
        const end = await runProgram(call, { signal, limit: this.settings.commandTimeout * 1_000 });
        const failure = end.status === 0 || end.status === undefined ? undefined : failureOf(end);
        this.report(target, address, command, end, failure, signal);
        if (end.status === undefined) {
          throw signal.aborted
            ? abortedError(command, signal.reason)
            : killedError(command, this.settings.commandTimeout);
        }
        // Without a session nothing was asked for, so that the next suite cannot do it a second time.
        if (failure?.kind === 'cipher' && index + 1 < suites.length) continue;
        if (cipherSuite !== undefined && hadSession(failure)) this.ciphers.remember(bmc, cipherSuite);
        if (failure !== undefined) throw ipmiError(command, target, failure);
        return end.stdout;
      }
      throw new Error('There is no cipher suite to try.');
    });
  }

  private suitesFor({ protocol, cipherSuite }: IpmiTarget, bmc: string): readonly (number | undefined)[] {
    if (protocol === 'lan') return [undefined];
    return cipherSuite === undefined ? this.ciphers.of(bmc) : [cipherSuite];
  }

  private report(
    { port }: IpmiTarget,
    address: string,
    { operation }: IpmiCommand,
    { milliseconds, status }: ProgramEnd,
    failure: IpmitoolFailure | undefined,
    signal: AbortSignal,
  ): void {
    const killed: BmcOutcome = signal.aborted ? 'aborted' : 'timeout';
    const outcome = status === 0 ? 'ok' : failure === undefined ? killed : OUTCOMES[failure.kind];
    reportBmcRequest({
      protocol: 'ipmi',
      vendor: 'unknown',
      operation,
      outcome,
      milliseconds,
      address: `${address} port ${port}`,
      status: failure?.completionCode,
    });
  }
}

function hadSession(failure: IpmitoolFailure | undefined): boolean {
  return failure === undefined || failure.kind === 'refused' || failure.kind === 'unanswered';
}
