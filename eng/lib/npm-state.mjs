// Says (by exit code 0) whether FOLDER/node_modules holds what FOLDER/package-lock.json names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];

function packagesOf(file) {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')).packages;
}

try {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  const isCurrent = Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
  process.exit(isCurrent ? 0 : 1);
} catch {
  process.exit(1);
}
