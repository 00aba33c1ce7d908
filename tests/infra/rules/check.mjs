// The project's own rules for infra-bicep. usage: node check.mjs FOLDER
import { fileURLToPath } from 'node:url';
import { facts } from './facts.mjs';
import { identity } from './identity.mjs';
import { network } from './network.mjs';
import { policies } from './policies.mjs';
import { settings } from './settings.mjs';
import { Source } from './source.mjs';

export function check(root, overrides) {
  const source = new Source(root, overrides);
  return [facts, network, identity, policies, settings].flatMap(rule => rule(source));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const findings = check(process.argv[2]);
  findings.forEach(finding => console.log(finding));
  console.log(`own rules: ${findings.length} findings`);
  process.exitCode = findings.length ? 1 : 0;
}
