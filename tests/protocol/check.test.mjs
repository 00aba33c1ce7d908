// Whether the check of a server ends with faults where the server is none of the protocol.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { wrongRequests, rightRequests } from '../../eng/protocol/requests.mjs';
import { described, statement, validator } from '../../eng/protocol/statement.mjs';

const script = fileURLToPath(new URL('../../eng/protocol/check.mjs', import.meta.url));

/** Runs the check against a server that answers as given. */
async function checkAgainst(answer) {
  const server = http.createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const node = spawn(process.execPath, [script, `http://127.0.0.1:${server.address().port}`, 'wine'], { env: { ...process.env, API_KEY: 'any' } });
  let said = '';
  for (const stream of [node.stdout, node.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((ended) => node.on('close', ended));
  server.close();
  return { code, said };
}

const answering = (status, type, body) => (_, response) => response.writeHead(status, { 'content-type': type }).end(body);

for (const [what, answer, fault] of [
  ['empty objects', answering(200, 'application/json', '{}'), /GET \/v2\/health\/live: the body must have required property 'live'/],
  ['no JSON', answering(200, 'application/json', '<html>'), /GET \/v2\/health\/live: the body must be object/],
  ['another media type', answering(200, 'text/html', '{"live":true}'), /GET \/v2\/health\/live: media type text\/html/],
  ['failures only', answering(500, 'application/json', '{"error":"no"}'), /GET \/v2\/models\/wine: status 500 no/],
  ['a failure without words', answering(400, 'application/json', '{"error":""}'), /GET \/v2\/models\/no-such-model .*: not so: an error says something/],
  ['success for everything', answering(200, 'application/json', '{"live":true}'), /DELETE \/v2\/health\/live .*: status 200 for what must be refused/],
]) {
  test(`A server of ${what} does not pass`, async () => {
    const { code, said } = await checkAgainst(answer);
    assert.equal(code, 1, said);
    assert.match(said, fault);
  });
}

test('A request that is told to come again soon does so', async () => {
  let count = 0;
  const { said } = await checkAgainst((_, response) => {
    const isEarly = count++ === 0;
    response.writeHead(isEarly ? 429 : 200, { 'content-type': 'application/json', 'retry-after': '1' }).end(isEarly ? '{"error":"early"}' : '{"live":true}');
  });
  assert.match(said, /^requests: \d+, .*, failures: 1\n/);
  assert.match(said, /DELETE \/v2\/health\/live .*: status 200 for what must be refused/);
});

test('A refusal for the rate is none for what was asked', async () => {
  const { code, said } = await checkAgainst(answering(429, 'application/json', '{"error":"later"}'));
  assert.equal(code, 1, said);
  assert.match(said, /GET \/v2\/models\/no-such-model .*: status 429 for what must be refused/);
});

test('Right requests keep to the schema and wrong ones are each of their own', () => {
  const { root, operations } = described(statement);
  const check = validator(root);
  const { body } = operations['POST /v2/models/{model}/infer'];
  const tensor = (name, datatype) => ({ name, datatype, shape: [-1, 2] });
  const inputs = Object.keys(statement.datatypes).map((datatype) => tensor(`in-${datatype}`, datatype));
  const metadata = { inputs, outputs: [tensor('out', 'FP32'), tensor('more', 'BYTES')] };
  const right = rightRequests(root, body, metadata);
  const wrong = wrongRequests(root, body, metadata, (value) => check(body, value).length === 0);

  for (const [what, request] of right) assert.deepEqual(check(body, request), [], what);
  const members = ({ inputs, outputs = [], ...more }) => ['inputs', ...Object.keys(more), ...[...inputs, ...outputs].flatMap(Object.keys)];
  assert.deepEqual([...new Set(right.flatMap(([, request]) => members(request)))].sort(), ['data', 'datatype', 'id', 'inputs', 'name', 'parameters', 'shape']);
  assert.ok(right.some(([, { outputs }]) => outputs?.length === 2) && right.some(([, { outputs }]) => outputs?.length === 1));
  assert.ok(wrong.length > 50, `${wrong.length}`);
  assert.equal(new Set(wrong.map(([, request]) => JSON.stringify(request))).size, wrong.length);
  for (const member of ['inputs', 'inputs.[].name', 'inputs.[].shape', 'inputs.[].datatype', 'inputs.[].data', 'outputs.[].name']) {
    assert.ok(wrong.some(([what]) => what === `without ${member}`), member);
  }
});
