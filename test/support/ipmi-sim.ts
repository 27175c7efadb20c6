import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

const ATTEMPTS = 3;
/** Get Channel Authentication Capabilities, which a BMC answers without a session. */
const QUESTION = Buffer.from('0600ff07000000000000000000092018c88100388e04b5', 'hex');

/** Notes each change, and keeps what was set, as ipmi_sim's `chassis_control` wants it. */
const CHASSIS = `#!/bin/sh
cd "$(dirname "$0")" || exit 1
shift
verb=$1
shift
case "$verb" in
  get)
    for name in "$@"; do
      case "$name" in boot) none=none ;; *) none=0 ;; esac
      echo "$name:$(cat "now.$name" 2>/dev/null || echo "$none")"
    done
    ;;
  set)
    echo "$*" >>changes
    while [ $# -gt 1 ]; do
      # The operating system obeys at once.
      if [ "$1" = shutdown ]; then echo 0 >now.power; else echo "$2" >"now.$1"; fi
      shift 2
    done
    ;;
esac
`;

/** `ipmi_sim` of OpenIPMI on a loopback port: a BMC that knows IPMI 1.5, and 2.0 with the cipher suite 3. */
export class IpmiSim {
  readonly username = 'admin';
  readonly password = 'ipmi-secret-word';
  port = 0;
  private child: ChildProcess | undefined;
  private complaints = '';

  private constructor(private readonly folder: string) {}

  static async start(): Promise<IpmiSim> {
    const sim = new IpmiSim(await mkdtemp(join(tmpdir(), 'ferrule-ipmi-')));
    try {
      // Another process may take the port between its choice and its use.
      for (let attempt = 1; !(await sim.began()); attempt++) {
        if (attempt === ATTEMPTS) throw new Error(`ipmi_sim does not start: ${sim.complaints}`);
      }
      return sim;
    } catch (error) {
      await sim.stop();
      throw error;
    }
  }

  get driverInfo(): Readonly<Record<string, string | number>> {
    const { username, password, port } = this;
    return {
      ipmi_address: '127.0.0.1',
      ipmi_port: port,
      ipmi_username: username,
      ipmi_password: password,
    };
  }

  /** What was done to the server, such as `power 1`, in order. */
  changes(): readonly string[] {
    const file = join(this.folder, 'changes');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  }

  forgetChanges(): void {
    rmSync(join(this.folder, 'changes'), { force: true });
  }

  /** Requests get no answer until it is resumed. */
  suspend(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async began(): Promise<boolean> {
    const at = (name: string): string => join(this.folder, name);
    this.port = await freeUdpPort();
    await mkdir(at('state'), { recursive: true });
    await writeFile(at('chassis'), CHASSIS);
    await chmod(at('chassis'), 0o755);
    await writeFile(at('lan.conf'), this.configuration(at('chassis')));
    await writeFile(at('commands'), COMMANDS);
    const args = ['-c', at('lan.conf'), '-f', at('commands'), '-s', at('state'), '-n'];
    const child = spawn('ipmi_sim', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (piece: Buffer) => (this.complaints += piece.toString()));
    }
    await until(async () => child.exitCode !== null || (await answers(this.port)));
    return child.exitCode === null;
  }

  private configuration(chassis: string): string {
    const { username, password, port } = this;
    return `name "ferrule"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback md5
    allowed_auths_user md5
    allowed_auths_operator md5
    allowed_auths_admin md5
    guid a123456789abcdefa123456789abcdef
  endlan
  chassis_control "${chassis} 0x20"
  user 2 true "${username}" "${password}" admin 10 md5
`;
  }
}

const COMMANDS = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
mc_enable 0x20
`;

/** A way to a simulator that loses its answers once it did what it was asked for. */
export async function lossyWay(sim: IpmiSim): Promise<{ readonly port: number; close(): Promise<void> }> {
  const [front, back] = [createSocket('udp4'), createSocket('udp4')];
  let client: RemoteInfo | undefined;
  front.on('message', (message, from) => {
    client = from;
    back.send(message, sim.port, '127.0.0.1');
  });
  back.on('message', (message) => {
    if (client !== undefined && sim.changes().length === 0) front.send(message, client.port, client.address);
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    port: front.address().port,
    close: async () => {
      back.close();
      front.close();
      await once(front, 'close');
    },
  };
}

/** A port that nobody answers at, until it is closed. */
export async function silentPort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function freeUdpPort(): Promise<number> {
  const { port, close } = await silentPort();
  await close();
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(500) });
    socket.send(QUESTION, port, '127.0.0.1');
    await answer;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
