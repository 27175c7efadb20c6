import { EventReader } from './event-reader.js';

const STREAM =
  'retry: 2000\n\nid: 1\ndata: {"a":"ü"}\n\n:\nid: 2\n\nevent: reset\nid: 3\ndata: x\ndata: y\n\ndata: part';

describe('a reader of Server-Sent Events', () => {
  const expected = [
    { name: 'message', data: '{"a":"ü"}' },
    { name: 'reset', data: 'x\ny' },
  ];

  it.each([
    ['as one chunk', [STREAM]],
    ['as characters', [...STREAM]],
    ['with other line ends', [...STREAM.replaceAll('\n', '\r\n')]],
  ])('reads a stream %s', (_, chunks) => {
    const reader = new EventReader();
    expect(chunks.flatMap((chunk) => reader.take(chunk))).toEqual(expected);
    expect(reader.lastId).toBe('3');
  });

  it('forgets half an event of a lost connection, but not where it was', () => {
    const reader = new EventReader();
    reader.take('id: 7\ndata: a\n\ndata: ha');
    reader.begin();
    expect(reader.take('data: whole\n\n')).toEqual([{ name: 'message', data: 'whole' }]);
    expect(reader.lastId).toBe('7');
  });
});
