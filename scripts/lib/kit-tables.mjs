// The tables of docs/drivers/reference.md, from the doc comments of libs/driver-kit.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { inRoot } from './paths.mjs';

const SOURCES = inRoot('libs', 'driver-kit', 'src');
const BLOCK = /(<!-- (options|members|errors)((?: \w+)*) -->\n)[\s\S]*?(<!-- \/\2 -->)/g;

/**
 * Writes the tables anew that stand between markers such as `<!-- options MethodOptions --> … <!-- /options -->`.
 * @throws Error naming an export of the kit that the page does not mention, or a member without a doc comment
 */
export function withTables(page) {
  const declared = readKit();
  const written = page.replace(BLOCK, (_, start, kind, names, end) => {
    const wanted = names
      .split(' ')
      .filter(Boolean)
      .map((name) => declared.get(name));
    return `${start}${TABLES[kind](wanted, declared)}${end}`;
  });
  const missing = exportedNames().filter((name) => !new RegExp(`\\b${name}\\b`).test(written));
  if (missing.length > 0) throw new Error(`The reference of the kit does not mention ${missing.join(', ')}.`);
  return written;
}

const TABLES = {
  options: (interfaces) =>
    table(
      ['option', 'type', 'default', 'meaning'],
      membersOf(interfaces).map((member) => [
        code(member.name.text),
        code(typeOf(member)),
        member.questionToken ? tagOf(member, 'defaultValue') : 'required',
        commentOf(member),
      ]),
    ),
  members: (interfaces) =>
    table(
      ['member', 'type', 'meaning'],
      membersOf(interfaces).map((member) => [
        code(member.name.text),
        code(typeOf(member)),
        commentOf(member),
      ]),
    ),
  errors: (_, declared) =>
    table(
      ['error', 'status', 'use'],
      [...declared.values()]
        .filter((declaration) => statusOf(declaration) !== undefined)
        .map((declaration) => [
          code(declaration.name.text),
          statusOf(declaration),
          commentOf(declaration).replace(/^\d+: /, ''),
        ]),
    ),
};

/** Interfaces and classes of the kit, by name. */
function readKit() {
  const files = readdirSync(SOURCES, { recursive: true }).filter((file) => /^[\w/-]+\.ts$/.test(file));
  const all = files.sort().flatMap((file) => [...parsed(file).statements]);
  const named = all.filter((each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each));
  return new Map(named.map((declaration) => [declaration.name?.text, declaration]));
}

function exportedNames() {
  return parsed('index.ts').statements.flatMap((statement) => {
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause) return exportClause.elements.map(({ name }) => name.text);
    return parsed(moduleSpecifier.text.replace(/\.js$/, '.ts'))
      .statements.filter((each) => each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      .map(({ name }) => name.text);
  });
}

function parsed(file) {
  return ts.createSourceFile(file, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function membersOf(interfaces) {
  const all = interfaces.flatMap(({ members }) => [...members]);
  return all.filter((member) => member.name !== undefined && ts.isIdentifier(member.name));
}

/** The status of an error of the kit that is no base class. */
function statusOf({ members, modifiers }) {
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword)) return undefined;
  return members.find(({ name }) => name?.getText() === 'status')?.initializer?.getText();
}

function typeOf(member) {
  if (member.type === undefined || ts.isPropertySignature(member) || ts.isPropertyDeclaration(member))
    return member.type?.getText().replace('(this: never, ', '(') ?? '';
  const parameters = member.parameters.map((each) => each.getText()).join(', ');
  return `(${parameters}) => ${member.type.getText()}`;
}

function commentOf(node) {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comments.at(-1)?.comment);
  if (!text) throw new Error(`${nameOf(node)} has no doc comment.`);
  return inOneLine(text);
}

function tagOf(node, name) {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  const text = ts.getTextOfJSDocComment(tag?.comment);
  if (!text) throw new Error(`The doc comment of ${nameOf(node)} has no @${name}.`);
  return inOneLine(text);
}

function nameOf({ name, parent }) {
  const owner = parent?.name?.text;
  return owner === undefined ? name.text : `${owner}.${name.text}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return ['\n', line(head), line(head.map(() => '---')), ...rows.map(line), '\n'].join('');
}

function code(text) {
  return `\`${inOneLine(text)}\``;
}

function inOneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}
