import { type JobDocument } from './job-document.js';
import { barOf, ProgressDisplay } from './progress-display.js';

const job = (percent: number | null, message: string | null, state = 'running'): JobDocument => ({
  id: 'j',
  state,
  node: null,
  driver: 'd',
  method: 'm',
  caller: null,
  progress: percent === null && message === null ? null : { percent, message },
  result: null,
  attachment: null,
  error: null,
  created_at: '',
  started_at: null,
  finished_at: null,
});

describe('the bar of a job', () => {
  it.each([
    [0, 40, '[............................]   0% step'],
    [50, 40, '[##############..............]  50% step'],
    [100, 60, '[##############################] 100% step'],
    [99.9, 60, '[#############################.]  99% step'],
    [250, 60, '[##############################] 100% step'],
    [-3, 30, '[..................]   0% step'],
    [50, 12, 'running 50%'],
  ])('%s percent in %s columns', (percent, columns, expected) => {
    expect(barOf(job(percent, 'step'), columns)).toBe(expected.slice(0, columns - 1));
  });

  it('is a line without a percentage', () => {
    expect(barOf(job(null, 'erasing'), 80)).toBe('running erasing');
    expect(barOf(job(null, null, 'queued'), 80)).toBe('queued');
  });

  it('keeps to one line, and shows what a terminal would obey', () => {
    const bar = barOf(job(10, `a\u001b[2J\n${'x'.repeat(200)}`), 80);
    expect(bar).toContain(' a\\u001b[2J\\u000axx');
    expect(bar).toHaveLength(79);
  });
});

describe('the display of a job', () => {
  function shown(columns: number | undefined, ...jobs: JobDocument[]): string {
    let text = '';
    const display = new ProgressDisplay({ columns, write: (part) => (text += part) });
    for (const each of jobs) display.show(each);
    display.clear();
    return text;
  }
  const jobs = [
    job(null, null, 'queued'),
    job(10, 'a'),
    job(10.4, 'a'),
    job(20, 'b'),
    job(100, 'b', 'succeeded'),
  ];

  it('is a line for each change without a terminal', () => {
    expect(shown(undefined, ...jobs)).toBe('queued\nrunning 10% a\nrunning 20% b\n');
  });

  it('is one line on a terminal, which is gone at the end', () => {
    const lines = shown(60, ...jobs).split('\r\u001b[K');
    expect(lines).toHaveLength(5);
    expect(lines[3]).toContain('[######........................]  20% b');
    expect(lines.at(-1)).toBe('');
  });
});
