import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const infra = path.join(root, 'infra-bicep');

// A worktree stands beside shared/ just as the main checkout does.
const checker = path.resolve(root, '../shared/tools/bicep-check/bicep-check.mjs');
export const hasChecker = fs.existsSync(checker);
export const noChecker = hasChecker ? false : 'bicep-check is not beside this repository';

const { run } = hasChecker ? await import(pathToFileURL(checker).href) : {};

/** Codes of all errors and warnings of bicep-check, with files replaced in memory. */
export function bicepCheck(overrides = {}) {
  const full = Object.fromEntries(Object.entries(overrides).map(([name, text]) => [path.join(infra, name), text]));
  const byFile = new Map(Object.entries(full));
  return run([infra], { overrides: byFile.size ? byFile : undefined }).diags.filter(d => d.level !== 'info').map(d => `${d.code} ${path.basename(d.file)}: ${d.message}`);
}

/** The text of every C# file below a folder of the repository, or of those whose names end so. */
export const code = (folder, ending = '.cs') => fs.readdirSync(path.join(root, folder), { withFileTypes: true })
  .flatMap(e => (e.isDirectory() ? (['bin', 'obj'].includes(e.name) ? [] : [code(path.join(folder, e.name), ending)]) : e.name.endsWith(ending) ? [fs.readFileSync(path.join(root, folder, e.name), 'utf8')] : []))
  .join('\n');

export const read = name => fs.readFileSync(path.join(infra, name), 'utf8');
