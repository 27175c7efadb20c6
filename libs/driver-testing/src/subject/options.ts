import { type HttpMethod, type JsonObject } from '@ferrule/driver-kit';
import { type Answer } from '../host/answer.js';
import { type Host } from '../host/host.js';
import { type Job } from '../host/job.js';
import { type HostNode } from '../host/node.js';

/** How good a driver is: each grade includes the ones before. */
export type Grade = 'bronze' | 'silver' | 'gold';

/** What an example may use to find its arguments. */
export interface ExampleContext {
  readonly host: Host;
  /** The node that all examples of the vendor interface are called on. */
  readonly node: HostNode;
  /** What the examples before have answered, by the method's name. */
  readonly results: ReadonlyMap<string, Answer | Job>;
}

/** A call that a method must be able to do. */
export interface Example {
  /** Default: none. */
  readonly args?: JsonObject | ((context: ExampleContext) => JsonObject | Promise<JsonObject>);
  /** Default: the method's first verb. */
  readonly http?: HttpMethod;
  /** The call fails, with this code: `Conflict`. */
  readonly fails?: string;
  /** The call works until it is aborted; only used to check that. */
  readonly isEndless?: boolean;
  /**
   * Arguments whose schema allows more than the method does, each with the reason: `{ log: 'a log of the BMC' }`. They keep
   * the example's value when arguments are made up.
   */
  readonly fixed?: Readonly<Record<string, string>>;
}

/** What `describeDriver` and `checkDriver` need to know beside the module. */
export interface DriverCheckOptions {
  /** driver_info of the nodes, as it is in use; a function if the hardware types of the driver need different ones. */
  readonly driverInfo?: JsonObject | ((hardwareType: string) => JsonObject | Promise<JsonObject>);
  /** Changes to driver_info with which no BMC can be reached, for example an address of a closed port. */
  readonly unreachable?: JsonObject;
  /**
   * Calls by the method's name, or by vendor interface and name: `acme.flash_firmware`. A method that needs no arguments
   * has an example by itself, unless the list is empty.
   */
  readonly examples?: Readonly<Record<string, Example | readonly Example[]>>;
  /**
   * Why a rule does not apply: to the whole driver, or to single methods, arguments and the like, as its findings name
   * them, where `*` is any text: `{ 'args-strict': { '*.eject_vmedia': 'as in Ironic' } }`. One that nothing needs fails.
   */
  readonly exempt?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Rules of the checklist that somebody has checked by hand, with how or where. */
  readonly checked?: Readonly<Record<string, string>>;
  /** The highest grade to check. Default: `gold`. */
  readonly grade?: Grade;
  /** Folder of the driver's package. Default: the working directory. */
  readonly packageFolder?: string;
  /** `FERRULE_…` variables for the service. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Milliseconds in which an aborted method must end, and the service stop with the driver. Default: 10,000, after which
   * the service abandons a method.
   */
  readonly grace?: number;
  /** How many arguments are made up for each method. Default: 20. */
  readonly runs?: number;
  /** Makes up the same arguments again. Default: 1. */
  readonly seed?: number;
}
