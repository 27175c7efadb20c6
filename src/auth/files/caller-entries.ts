import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { type CallerEntry, entriesIn } from './callers-file.js';

const HEADING = ` Who may call the service, by token or by client certificate. 'ferrule auth' adds and removes callers.`;

/** The text of a file of callers with one more; comments stay. @throws FileProblem */
export function withCaller(text: string, entry: CallerEntry): string {
  const document = documentOf(text);
  const list = listOf(document);
  removeFrom(list, entry.name);
  list.add(document.createNode(entry));
  return checked(document);
}

/** @throws FileProblem */
export function withoutCaller(text: string, name: string): string {
  const document = documentOf(text);
  removeFrom(listOf(document), name);
  return checked(document);
}

function documentOf(text: string): Document {
  // Not to write into a file that is wrong already.
  entriesIn(text);
  const document = parseDocument(text);
  if (document.contents === null) document.commentBefore ??= HEADING;
  return document;
}

function listOf(document: Document): YAMLSeq {
  const list = document.get('callers');
  if (isSeq(list)) {
    list.flow = false;
    return list;
  }
  const created = document.createNode([]);
  document.set('callers', created);
  return created;
}

function removeFrom(list: YAMLSeq, name: string): void {
  list.items = list.items.filter((item) => !isMap(item) || item.get('name') !== name);
}

function checked(document: Document): string {
  const text = String(document);
  entriesIn(text);
  return text;
}
