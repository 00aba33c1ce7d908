// A stand-in of the Azure CLI for script tests: answers from a list of [pattern, output, exit code], notes what it was asked.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { read } from './support.mjs';

const secretsEnd = Number(/initialSecretsExpireAt = (\d+)/.exec(read('environments/prod.bicepparam'))[1]);

/** A stand-in of `date +%s`, so many days before the secrets of the parameter files end: that day comes to the machine some time, and not to its tests. */
export const daysLeft = days => ({ date: `#!/bin/sh\necho ${secretsEnd - days * 86400}\n` });

const PROGRAM = `#!/usr/bin/env node
const fs = require('fs');
const line = process.argv.slice(2).join(' ');
const secrets = process.env.FUNCAI_INITIAL_SECRETS ? ' [secrets: ' + Object.keys(JSON.parse(process.env.FUNCAI_INITIAL_SECRETS)).join(',') + ']' : '';
const first = process.env.FUNCAI_FIRST_DEPLOYMENT ? ' [first]' : '';
fs.appendFileSync(process.env.FAKE_AZ_LOG, line + secrets + first + '\\n');
for (const [pattern, output, code] of JSON.parse(fs.readFileSync(process.env.FAKE_AZ_ANSWERS, 'utf8'))) {
  if (!new RegExp(pattern).test(line)) continue;
  if (output) console.log(output);
  process.exit(code ?? 0);
}
process.exit(0);
`;

export function withFakeAz(answers, commands = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fake-az-'));
  const log = path.join(folder, 'log'), file = path.join(folder, 'answers.json');
  fs.writeFileSync(log, '');
  fs.writeFileSync(file, JSON.stringify(answers));
  for (const [name, text] of Object.entries({ az: PROGRAM, ...daysLeft(365), ...commands })) fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  return {
    folder,
    asked: () => fs.readFileSync(log, 'utf8').trim().split('\n').filter(Boolean),
    run(script, args, env = {}) {
      const result = spawnSync('bash', [script, ...args], { encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, FAKE_AZ_LOG: log, FAKE_AZ_ANSWERS: file, ...env } });
      return { code: result.status, out: result.stdout + result.stderr };
    },
    done: () => fs.rmSync(folder, { recursive: true }),
  };
}
