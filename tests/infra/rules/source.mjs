// The infrastructure folder as text, with overrides so that a test can damage a file in memory.
import fs from 'node:fs';
import path from 'node:path';

export class Source {
  constructor(root, overrides = {}) {
    this.root = root;
    this.overrides = overrides;
  }

  read(name) {
    return this.overrides[name] ?? fs.readFileSync(path.join(this.root, name), 'utf8');
  }

  json(name) {
    return JSON.parse(this.read(name));
  }

  files(ending) {
    const walk = folder => fs.readdirSync(path.join(this.root, folder), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(e => (e.isDirectory() ? walk(path.posix.join(folder, e.name)) : [path.posix.join(folder, e.name)]));
    return walk('').filter(name => name.endsWith(ending));
  }

  /** A Bicep file without comments and descriptions, so that words in them count for nothing. */
  code(name) {
    return this.read(name).replace(/^\s*\/\/.*$/gm, '').replace(/@description\('(?:[^'\\]|\\.)*'\)/g, '').replace(/^\s*description: '.*'$/gm, '');
  }

  /** The text between the braces of a declaration such as "resource vault" or "module dns". */
  block(name, declaration) {
    const text = this.code(name);
    const at = text.search(new RegExp(`^\\s*${declaration}\\b`, 'm'));
    return at < 0 ? '' : braces(text, text.indexOf('{', at));
  }
}

/** The text from an opening brace to its closing one. */
export function braces(text, from, open = '{', close = '}') {
  for (let depth = 0, i = from; i >= 0 && i < text.length; i++) {
    if (text[i] === open) depth++;
    if (text[i] === close && --depth === 0) return text.slice(from, i + 1);
  }
  return '';
}
