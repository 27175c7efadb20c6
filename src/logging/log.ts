export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

export const silent: Log = { info: () => {}, warn: () => {} };
