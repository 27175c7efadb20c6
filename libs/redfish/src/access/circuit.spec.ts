import { Circuit } from './circuit.js';
import { RedfishCircuitOpenError } from '../errors.js';

describe('Circuit', () => {
  let now = 0;
  let opened = 0;
  let circuit: Circuit;
  beforeEach(() => {
    now = 1_000;
    opened = 0;
    const limits = { failures: 3, cooldown: 1_000 };
    circuit = new Circuit(
      'https://bmc.test',
      limits,
      () => (opened += 1),
      () => now,
    );
  });

  const fail = (times: number): void => {
    for (let time = 0; time < times; time += 1) circuit.failed();
  };

  it('opens after several failures in a row, and says for how long', () => {
    fail(2);
    expect(() => circuit.enter()).not.toThrow();
    fail(1);
    expect(opened).toBe(1);
    expect(() => circuit.enter()).toThrow(RedfishCircuitOpenError);
    expect(() => circuit.check()).toThrow(
      'refused these credentials 3 times in a row; they are held back for 1 s',
    );
  });

  it('does not count failures with a success between them', () => {
    fail(2);
    circuit.succeeded();
    fail(2);
    expect(() => circuit.check()).not.toThrow();
  });

  it('lets one try after the cooldown, and waits twice as long when it fails', () => {
    fail(3);
    now += 1_001;
    expect(() => circuit.enter()).not.toThrow();
    expect(() => circuit.enter()).toThrow(RedfishCircuitOpenError);
    fail(1);
    now += 1_001;
    expect(() => circuit.enter()).toThrow(RedfishCircuitOpenError);
    now += 1_000;
    expect(() => circuit.enter()).not.toThrow();
    expect(opened).toBe(1);
  });

  it('closes when that try succeeds', () => {
    fail(3);
    now += 1_001;
    circuit.enter();
    circuit.succeeded();
    expect(() => circuit.enter()).not.toThrow();
    expect(() => circuit.enter()).not.toThrow();
  });

  it('does not stay open longer because of requests sent before it opened', () => {
    fail(10);
    now += 1_001;
    expect(() => circuit.enter()).not.toThrow();
  });
});
