import { hasToken, useToken } from './api.js';
import { el, part, say } from './dom.js';
import { showJob } from './job.js';
import { showJobs } from './jobs.js';
import { showNode } from './node.js';
import { showNodes } from './nodes.js';
import { problemOf } from './problem.js';

const main = part('main', 'main');
const connection = part('p', 'connection');
const forget = part('button', 'forget');
let leaving = new AbortController();
let isFirst = true;

const VIEWS = /** @type {const} */ ([
  [/^#\/nodes\/([^/]+)$/, 'Node', showNode],
  [/^#\/jobs\/([^/]+)$/, 'Job', showJob],
  [/^#\/jobs$/, 'Jobs', showJobs],
  [/^#\/nodes$/, 'Nodes', showNodes],
]);

function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [path = '', query] = (location.hash || '#/nodes').split('?');
  const found = VIEWS.find(([pattern]) => pattern.test(path)) ?? VIEWS[3];
  const [pattern, title, view] = found;
  const id = decoded(pattern.exec(path)?.[1] ?? '');
  const heading = el('h1', { tabindex: -1 }, title);
  main.replaceChildren(heading);
  document.title = `${id === '' ? title : `${title} ${id}`} – Ferrule`;
  markCurrent(pattern.source.includes('jobs') ? '#/jobs' : '#/nodes');
  forget.hidden = !hasToken();
  connection.textContent = '';
  connection.className = '';
  // The page itself is announced by its title.
  if (!isFirst) heading.focus();
  isFirst = false;

  const fail = (/** @type {unknown} */ error) => {
    if (signal.aborted) return;
    leaving.abort();
    onConnection(undefined);
    main.replaceChildren(heading, problemOf(error, show));
  };
  const keep = (/** @type {Readonly<Record<string, string>>} */ kept) => {
    const given = Object.entries(kept).filter(([, value]) => value !== '');
    const hash = given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
    history.replaceState(null, '', hash);
  };
  view({
    ...{ main, signal, id, keep, fail },
    query: new URLSearchParams(query),
    onConnection: (isConnected) => {
      if (!signal.aborted) onConnection(isConnected);
    },
  }).catch(fail);
}

/** @param {boolean | undefined} isConnected */
function onConnection(isConnected) {
  const [text, name] =
    isConnected === undefined
      ? ['', '']
      : isConnected
        ? ['Live', 'live']
        : ['Disconnected, trying again', 'lost'];
  // Said only when it changes.
  if (connection.textContent !== text) connection.textContent = text;
  connection.className = name;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} current */
function markCurrent(current) {
  for (const link of document.querySelectorAll('nav[aria-label="Console"] a')) {
    if (link.getAttribute('href') === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// The part after # names a view, so that this link cannot work by itself.
part('a', 'skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.querySelector('h1')?.focus();
});
forget.addEventListener('click', () => {
  useToken('');
  say('The token is forgotten.');
  show();
});
addEventListener('hashchange', show);
show();
