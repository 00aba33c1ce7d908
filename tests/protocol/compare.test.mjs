// Whether the comparison with the published files finds what differs: against files made of our own statement, then changed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { compare, contractOf } from '../../eng/protocol/contract.mjs';
import { compareDocument, compareText, unexpected } from '../../eng/protocol/compare.mjs';
import { described, pathsOf, statement } from '../../eng/protocol/statement.mjs';

const script = fileURLToPath(new URL('../../eng/protocol/compare.mjs', import.meta.url));

/** Our statement as an OpenAPI document. */
function documentOf({ root, operations } = described(statement)) {
  const schemas = JSON.parse(JSON.stringify(root.$defs).replaceAll('#/$defs/', '#/components/schemas/'));
  const content = (schema) => ({ 'application/json': { schema: JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/')) } });
  const paths = {};
  for (const [name, { body, answers }] of Object.entries(operations)) {
    const [method, at] = name.split(' ');
    (paths[at] ??= {})[method.toLowerCase()] = {
      parameters: [...at.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({ name: parameter, in: 'path', required: true, schema: { type: 'string' } })),
      ...(body ? { requestBody: { content: content(body) } } : {}),
      responses: Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, { description: status, content: content(schema) }])),
    };
  }
  return { openapi: '3.0.0', info: { title: 'Sample', version: '1' }, paths, components: { schemas } };
}

/** Our statement in the text's notation, which names an operation's failure after its success. */
function textOf({ operations, types, datatypes, platforms }) {
  const signs = { string: '$string', datatype: '$string', platform: '$string', boolean: '$boolean', integer: '$number' };
  const sign = (type) => (Array.isArray(type) ? `[ ${sign(type[0])}, ... ]` : signs[type] ?? `$${type}`);
  const answers = Object.values(operations).map((operation) => operation[200]);
  const nameOf = (type) => (answers.includes(type) ? `${type.replace(/_response$/, '')}_response` : type);
  const blockOf = (name, members) => `    $${name} =\n    {\n${members.join(',\n')}\n    }\n`;
  const memberOf = ([member, type]) => `      "${member.replace('?', '')}" : ${sign(type)}${member.endsWith('?') ? ' #optional' : ''}`;
  const objects = Object.entries(types).filter(([name, type]) => !Array.isArray(type) && name !== 'parameters' && name !== 'failure');
  const failing = Object.values(operations).filter((operation) => operation[400]).map((operation) => nameOf(operation[200]).replace('_response', '_error_response'));
  return [
    '| Name | Verb | Path | Request | Response |',
    ...Object.entries(operations).map(([name, { body, 200: success }]) => {
      const [method, at] = name.split(' ');
      return `| x | ${method} | ${at.slice(1).replace('[/]', '').replace(/\{(\w+)\}/g, '<$1>')} | ${body ? `[$${body}](#x)` : ''} | [$${nameOf(success)}](#x) |`;
    }),
    ...objects.map(([name, type]) => blockOf(nameOf(name), Object.entries(type).filter(([, inner]) => !inner['*']).map(memberOf))),
    ...failing.map((name) => blockOf(name, ['      "error" : <words>'])),
    blockOf('parameters', ['      $parameter, ...']),
    '    $parameter = $string : $string | $number | $boolean',
    ...platforms.map((name) => `* ${name} : a platform`),
    '#### Tensor Data Types',
    ...Object.entries(datatypes).map(([name, size]) => `| ${name} | ${size ?? 'Variable'} |`),
    '',
  ].join('\n');
}

test('A document that says the same does not differ', () => {
  const { compared, differences } = compareDocument(documentOf());
  assert.deepEqual(differences, []);
  assert.ok(compared > 60, `${compared}`);
});

/** Every fact of a document that a change of it can hide: its operations, bodies, answers, members, types, required marks. */
function* changedDocuments() {
  const changed = (alter) => {
    const copy = documentOf();
    alter(copy);
    return copy;
  };
  const { paths, components: { schemas } } = documentOf();
  for (const [at, item] of Object.entries(paths)) {
    // With and without its closing slash it is one path.
    if (at !== '/v2/' && at !== '/v2') yield [`without ${at}`, changed((copy) => delete copy.paths[at])];
    for (const [method, { responses, requestBody, parameters }] of Object.entries(item)) {
      if (at === '/v2') continue;
      for (const status of Object.keys(responses)) {
        yield [`${at} without ${status}`, changed((copy) => delete copy.paths[at][method].responses[status])];
        yield [`${at} ${status} without a body`, changed((copy) => delete copy.paths[at][method].responses[status].content)];
      }
      if (requestBody) yield [`${at} without its body`, changed((copy) => delete copy.paths[at][method].requestBody)];
      for (const index of parameters.keys()) yield [`${at} with a number`, changed((copy) => (copy.paths[at][method].parameters[index].schema = { type: 'integer' }))];
    }
  }
  yield ['with one operation more', changed((copy) => (copy.paths['/v2/more'] = copy.paths['/v2/health/live']))];
  for (const [name, { properties, required, items, additionalProperties }] of Object.entries(schemas)) {
    for (const member of Object.keys(properties ?? {})) {
      yield [`${name} without ${member}`, changed((copy) => delete copy.components.schemas[name].properties[member])];
      yield [`${name}.${member} of another type`, changed((copy) => (copy.components.schemas[name].properties[member] = { type: 'null' }))];
      yield [`${name}.${member} as a list`, changed((copy) => (copy.components.schemas[name].properties[member] = { type: 'array', items: properties[member] }))];
      yield [
        `${name}.${member} required or not`,
        changed(({ components: { schemas: { [name]: schema } } }) => (schema.required = required.includes(member) ? required.filter((one) => one !== member) : [...required, member])),
      ];
    }
    if (properties) yield [`${name} with one member more`, changed((copy) => (copy.components.schemas[name].properties.more = { type: 'string' }))];
    if (items) yield [`${name} of anything`, changed((copy) => delete copy.components.schemas[name].items)];
    if (additionalProperties) yield [`${name} with anything`, changed((copy) => delete copy.components.schemas[name].additionalProperties)];
  }
}

test('Every fact that a document changes is found', () => {
  let count = 0;
  for (const [what, document] of changedDocuments()) {
    count++;
    assert.notDeepEqual(compareDocument(document).differences, [], what);
  }
  assert.ok(count > 150, `${count}`);
});

/** What the text's notation cannot say: whole numbers, and objects of free members. */
const beyondText = ['model.properties: only here', 'model_tensor.shape[]: integer here, number there', 'tensor.shape[]: integer here, number there'];

test('A text that says the same departs in what its notation cannot say', () => {
  const { compared, differences } = compareText(textOf(statement));
  assert.deepEqual(differences.sort(), beyondText);
  assert.ok(compared > 50, `${compared}`);
});

test('Every fact that a text changes is found', () => {
  const text = textOf(statement);
  const facts = text.split('\n').filter((line) => /^\| x|^ {6}["$]|^\* |^\| [A-Z]+\d* \|/.test(line));
  assert.ok(facts.length > 50, `${facts.length}`);
  const changed = [
    ...facts.map((line) => [`without ${line}`, text.replace(`${line}\n`, '')]),
    ...[['#optional', ''], ['$string', '$number'], ['$boolean', '$string'], ['UINT8 | 1', 'UINT8 | 2'], ['| GET', '| POST'], ['$string | $number', '$string']]
      .map(([from, to]) => [`${to} for ${from}`, text.replace(from, to)]),
  ];
  for (const [what, other] of changed) {
    assert.notEqual(other, text, what);
    assert.notDeepEqual(compareText(other).differences.sort(), beyondText, what);
  }
});

test('A difference that is no departure and a departure that is none are faults', () => {
  assert.deepEqual(unexpected(['a: x', 'b: y'], { 'a: x': 'why', 'c: z': 'why' }), ['differs: b: y', 'no departure any more: c: z']);
  assert.deepEqual(unexpected(['a: x'], { 'a: x': 'why' }), []);
});

test('The command says so and ends with 1', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'funcai-protocol-'));
  try {
    const file = path.join(folder, 'published.json');
    fs.writeFileSync(file, JSON.stringify(documentOf()));
    const run = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    assert.equal(run.status, 1, run.stderr);
    const named = Object.keys(statement.departures.document);
    assert.match(run.stdout, new RegExp(`, 0 departures, ${named.length} faults\n`));
    for (const text of named) assert.ok(run.stdout.includes(`no departure any more: ${text}`), text);
    assert.throws(() => execFileSync(process.execPath, [script], { stdio: 'ignore' }));
    assert.throws(() => execFileSync(process.execPath, [script, path.join(folder, 'missing.yaml')], { stdio: 'ignore' }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('A server may give more and ask for less, not the other way', () => {
  const harmful = (alter) => {
    const copy = documentOf();
    alter(copy.components.schemas, copy);
    return compare(described(statement), contractOf(copy)).found.filter(({ harmless }) => !harmless).map(({ text }) => text);
  };
  const only = (schema) => ({ type: 'string', enum: schema.enum.filter((value) => value !== 'FP64') });

  assert.deepEqual(harmful((schemas) => (schemas.server.properties.more = { type: 'string' })), []);
  assert.deepEqual(harmful((schemas) => schemas.model.required.push('versions')), []);
  assert.deepEqual(harmful((schemas) => delete schemas.model.properties.properties), []);
  assert.deepEqual(harmful((schemas) => (schemas.wanted_output.properties.more = { type: 'string' })), []);
  assert.deepEqual(harmful((schemas, { paths }) => (paths['/v2/more'] = paths['/v2'])), []);

  assert.deepEqual(harmful((schemas) => (schemas.server.required = ['name', 'version'])), ['server.extensions: required here, optional there']);
  assert.deepEqual(harmful((schemas) => delete schemas.model_ready.properties.ready), ['model_ready.ready: only here']);
  assert.deepEqual(harmful((schemas) => (schemas.live.properties.live = { type: 'string' })), ['live.live: boolean here, string there']);
  assert.deepEqual(harmful((schemas) => schemas.infer_request.required.push('id')), ['infer_request.id: optional here, required there']);
  assert.deepEqual(harmful((schemas) => delete schemas.infer_request.properties.outputs), ['infer_request.outputs: only here']);
  assert.deepEqual(
    harmful((schemas) => ((schemas.wanted_output.properties.more = { type: 'string' }), schemas.wanted_output.required.push('more'))),
    ['wanted_output.more: only there, required']);
  assert.deepEqual(harmful((schemas) => (schemas.datatype = only(schemas.datatype))), ['datatype FP64: only here']);
  assert.deepEqual(harmful((schemas, { paths }) => delete paths['/v2/health/ready']), ['GET /v2/health/ready: only here']);
});

test('A part in brackets may be left out', () => {
  assert.deepEqual(pathsOf('/v2[/x]/y'), ['/v2/y', '/v2/x/y']);
  assert.deepEqual(pathsOf('/v2'), ['/v2']);
});
