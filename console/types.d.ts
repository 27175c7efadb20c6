export interface Report {
  readonly percent: number | null;
  readonly message: string | null;
}

/** What the API shows of a job. */
export interface Job {
  readonly id: string;
  readonly state: string;
  readonly node: string | null;
  readonly driver: string;
  readonly vendor_interface: string;
  readonly method: string;
  readonly http_method: string;
  readonly args: unknown;
  readonly progress: Report | null;
  /** The last ones, oldest first; only where one job is asked for. */
  readonly progress_lines?: readonly Report[];
  readonly result: unknown;
  readonly attachment: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly request_id: string;
  readonly caller: string | null;
  readonly conductor: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly cancel_requested_at: string | null;
  readonly cancel_requested_by: string | null;
  readonly fleet_call: string | null;
}

/** The fields of a node that the page asks for. */
export interface NodeDocument {
  readonly uuid: string;
  readonly name: string | null;
  readonly driver: string;
  readonly vendor_interface: string | null;
  readonly description: string | null;
  readonly power_state: string | null;
  readonly provision_state: string | null;
  readonly maintenance: boolean;
  readonly maintenance_reason: string | null;
  /** The holder of its lock. */
  readonly reservation: string | null;
  readonly last_error: string | null;
}

export interface Lock {
  readonly node: string;
  readonly holder: string;
  readonly caller: string | null;
  readonly purpose: string;
  readonly since: string;
  readonly job: string | null;
  readonly waiting: number;
}

export interface Method {
  readonly http_methods: readonly string[];
  readonly async: boolean;
  readonly description: string;
  readonly attach: boolean;
  readonly require_exclusive_lock?: boolean;
  readonly effect: string;
  readonly deprecated?: string;
}

/** What a view gets. */
export interface Place {
  /** Which it fills; the heading is in it already. */
  readonly main: HTMLElement;
  readonly query: URLSearchParams;
  /** Aborts when the view is left. */
  readonly signal: AbortSignal;
  /** Puts a query into the address without leaving the view. */
  readonly keep: (query: Readonly<Record<string, string>>) => void;
  readonly onConnection: (isConnected: boolean | undefined) => void;
  /** Shows an error in place of the view. */
  readonly fail: (error: unknown) => void;
}
