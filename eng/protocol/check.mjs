// Checks a running server against our statement of the Open Inference Protocol: derives requests for every path, judges every answer.
//   API_KEY=... node eng/protocol/check.mjs BASE_URL MODEL... [--refusing MODEL]... [--description /openapi.json]
// MODEL takes tensors; a model given as refusing describes itself and refuses them. Ends with code 1 and the faults if there are any.
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compare, contractOf } from './contract.mjs';
import { breakable, broken, judge, schemaFor } from './judge.mjs';
import { rightRequests, wrongRequests } from './requests.mjs';
import { described, statement, validator } from './statement.mjs';

const { positionals: [base, ...serving], values: { refusing, description } } = parseArgs({
  allowPositionals: true,
  options: { refusing: { type: 'string', multiple: true, default: [] }, description: { type: 'string' } },
});
if (!base || serving.length === 0) throw new Error('usage: API_KEY=... node eng/protocol/check.mjs BASE_URL MODEL...');

const { root, operations } = described(statement);
const check = validator(root);
const credential = { 'x-api-key': process.env.API_KEY };
const exchanges = [];
const faults = [];

/** Sends one request, keeps the exchange and answers its body. One that is told to come again soon does so: its rate is not what is asked. */
async function ask(name, wants, { model, version, metadata, what = '', sent, method, headers = credential } = {}) {
  const [usual, path] = name.split(' ');
  const target = path.replace('{model}', model).replace('{version}', version);
  const body = typeof sent === 'string' || sent === undefined ? sent : JSON.stringify(sent);
  const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
  const answer = await fetch(new URL(target, base), { method: method ?? usual, headers: typed, body });
  const wait = answer.status === 429 ? Number(answer.headers.get('retry-after')) : 0;
  const again = wait >= 1 && wait <= 60;
  const text = await answer.text();
  let read;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined; // No JSON is no object: where the protocol wants one, the schema says so.
  }
  exchanges.push({
    title: `${method ?? usual} ${target} ${what}`.trim(), operation: operations[name], model, version, metadata, sent, wants: again ? 'either' : wants,
    status: answer.status, media: answer.headers.get('content-type'), body: read,
  });
  if (!again) return read;
  await setTimeout(wait * 1000);
  return ask(name, wants, { model, version, metadata, what, sent, method, headers });
}

/** What every operation must answer whatever the model: another method, no credential, and its own success where it names no model. */
async function askPlainly(name) {
  const example = { model: serving[0], version: '1' };
  await ask(name, 'failure', { ...example, method: 'DELETE', what: '(another method)' });
  await ask(name, 'either', { ...example, headers: {}, sent: operations[name].body && {}, what: '(no credential)' });
  if (!name.includes('{model}')) await ask(name, 'success');
}

/**
 * Asks for a model at one path, by the versions that its metadata names if the path takes one. A version that says it is not ready
 * must not serve, and one that says it is ready must.
 */
async function askForModel(name, model, metadata, notReady) {
  const { body, answers } = operations[name];
  const asksWhetherReady = answers[200].$ref === '#/$defs/model_ready';
  for (const version of name.includes('{version}') ? (metadata.versions ?? []) : [undefined]) {
    const target = { model, version, metadata };
    if (!body) {
      await ask(name, asksWhetherReady && version ? 'either' : 'success', target);
      if (asksWhetherReady && exchanges.at(-1).status !== 200) notReady.push(version);
      continue;
    }
    for (const [what, sent] of rightRequests(root, body, metadata)) {
      if (check(body, sent).length > 0) faults.push(`${name} (${what}): the request made for ${model} breaks the schema`);
      await ask(name, refusing.includes(model) || notReady.includes(version) ? 'failure' : 'success', { ...target, sent, what: `(${what})` });
    }
    for (const [what, sent] of wrongRequests(root, body, metadata, (value) => check(body, value).length === 0)) {
      await ask(name, 'failure', { ...target, sent: JSON.stringify(sent), what: `(${what})` });
    }
    for (const sent of ['', '{', '{"inputs":', 'text']) await ask(name, 'failure', { ...target, sent, what: `(no JSON: ${sent})` });
  }
}

/** Asks for what is not there. */
async function askInVain(name) {
  const { body } = operations[name];
  const sent = body && {};
  await ask(name, 'failure', { model: 'no-such-model', version: '1', sent, what: '(no such model)' });
  if (name.includes('{version}')) {
    for (const version of ['999999', '0', 'latest']) await ask(name, 'failure', { model: serving[0], version, sent, what: '(no such version)' });
  }
}

for (const name of Object.keys(operations)) await askPlainly(name);
const ofModel = Object.keys(operations).filter((name) => name.includes('{model}'));
for (const name of ofModel) await askInVain(name);
const about = ofModel.find((name) => operations[name].answers[200].$ref === '#/$defs/model' && !name.includes('{version}'));
for (const model of [...serving, ...refusing]) {
  const metadata = await ask(about, 'success', { model });
  if (check(operations[about].answers[200], metadata).length > 0) continue;
  const notReady = [];
  for (const name of ofModel) await askForModel(name, model, metadata, notReady);
  if (metadata.versions?.every((version) => notReady.includes(version))) faults.push(`${model}: no version is ready`);
}

for (const exchange of exchanges) {
  exchange.faults = judge(exchange, check);
  faults.push(...exchange.faults.map((fault) => `${exchange.title}: ${fault}`));
}

// A check that lets a broken answer pass is none: every answer is judged again with one thing wrong.
const unbroken = breakable(root, operations);
let mutants = 0;
for (const exchange of faults.length === 0 ? exchanges : []) {
  for (const { name, body } of broken(exchange, root, check)) {
    mutants++;
    unbroken.delete(name);
    if (judge({ ...exchange, body }, check).length === 0) faults.push(`${exchange.title}: would pass with this wrong: ${name}`);
  }
}
if (faults.length === 0) faults.push(...[...unbroken].map((name) => `no answer showed that this is noticed: ${name}`));

if (description) {
  const answer = await fetch(new URL(description, base), { headers: credential });
  const { compared, found } = compare({ root, operations }, contractOf(await answer.json()));
  faults.push(...found.filter(({ harmless }) => !harmless).map(({ text }) => `${description}: ${text}`));
  console.log(`description: ${compared} compared`);
}

const served = exchanges.filter(({ operation, wants, faults: { length } }) => operation.body && wants === 'success' && length === 0);
const datatypes = (tensors) => [...new Set(tensors.map(({ datatype }) => datatype))].sort().join(' ');
const failures = exchanges.filter(({ status }) => status >= 400);
console.log(`requests: ${exchanges.length}, answers with a schema: ${exchanges.filter(schemaFor).length}, failures: ${failures.length}`);
console.log(`broken answers noticed: ${mutants}`);
console.log(`served: ${[...new Set(served.map(({ model }) => model))].sort().join(' ')}`);
console.log(`datatypes in: ${datatypes(served.flatMap(({ sent }) => sent.inputs))}`);
console.log(`datatypes out: ${datatypes(served.flatMap(({ body }) => body.outputs))}`);
console.log(`faults: ${faults.length}`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
