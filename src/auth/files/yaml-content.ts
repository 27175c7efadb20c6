import { type Document } from 'yaml';
import { FileProblem } from '../../config/watched-file.js';

/** @throws FileProblem for aliases that would make a small file a large value. */
export function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    throw new FileProblem(['it has too many aliases, or aliases without an anchor']);
  }
}
