// Prints one hash over names, sizes and times of everything that a build reads: equal prints, nothing to build.
// usage: node fingerprint.mjs ROOT PATH...
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [root, ...paths] = process.argv.slice(2);
const hash = createHash('sha256');
const built = new Set(['bin', 'obj', 'node_modules']);

function add(path) {
  const full = join(root, path);
  const stat = lstatSync(full, { throwIfNoEntry: false });
  if (!stat) {
    return;
  }
  if (stat.isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!built.has(name)) {
        add(join(path, name));
      }
    }
    return;
  }
  hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
}

paths.forEach(add);
console.log(hash.digest('hex'));
