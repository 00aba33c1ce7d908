// Compares our statement of the Open Inference Protocol with the published files.
//   node eng/protocol/compare.mjs FILE...        the OpenAPI document (.yaml, .yml, .json) and the text (.md)
// Departures that the statement names for a file are listed; any other difference, or a departure that is none, ends it with code 1.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compare, contractOf } from './contract.mjs';
import { described, statement } from './statement.mjs';
import { readText } from './text.mjs';

/** What tells the statement from an OpenAPI document: { compared, differences }. */
export function compareDocument(document) {
  const { compared, found } = compare(described(statement), contractOf(document));
  return { compared, differences: found.map(({ text }) => text) };
}

/** What tells the statement from the text: { compared, differences }. */
export function compareText(markdown) {
  const read = readText(markdown);
  const { compared, found } = compare(described(statement), described(read));
  const lists = ['datatypes', 'platforms'];
  const unlike = lists.filter((name) => JSON.stringify(read[name]) !== JSON.stringify(statement[name]));
  return { compared: compared + lists.length, differences: [...found.map(({ text }) => text), ...unlike.map((name) => `${name}: not the same`)] };
}

/** Differences that the statement does not name, and departures that it names in vain. */
export function unexpected(differences, departures) {
  return [
    ...differences.filter((text) => !(text in departures)).map((text) => `differs: ${text}`),
    ...Object.keys(departures).filter((text) => !differences.includes(text)).map((text) => `no departure any more: ${text}`),
  ];
}

/** An OpenAPI file as an object, whether it is YAML or JSON. */
function readDocument(file) {
  const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
  const quiet = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return JSON.parse(execFileSync(process.execPath, [cli, 'bundle', file, '--ext=json'], { env: quiet, stdio: ['ignore', 'pipe', 'ignore'] }));
}

function main(files) {
  if (files.length === 0) throw new Error('usage: node eng/protocol/compare.mjs FILE...');
  for (const file of files) {
    const isText = file.endsWith('.md');
    const { compared, differences } = isText ? compareText(readFileSync(file, 'utf8')) : compareDocument(readDocument(file));
    const departures = statement.departures[isText ? 'text' : 'document'];
    const faults = unexpected(differences, departures);
    console.log(`${file}: ${compared} compared, ${differences.length} departures, ${faults.length} faults`);
    for (const text of differences.filter((one) => one in departures)) console.log(`  departs: ${text} (${departures[text]})`);
    for (const text of faults) console.log(`  ${text}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
