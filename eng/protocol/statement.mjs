// Our statement of the published protocol (open-inference.json), read into operations and JSON Schema.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const plain = new Set(['string', 'number', 'integer', 'boolean', 'object']);

/** The statement as it is written. */
export const statement = JSON.parse(readFileSync(new URL('open-inference.json', import.meta.url), 'utf8'));

/** JSON Schema for a type in the statement's notation; named types are references into $defs. */
export function schemaOf(type) {
  if (Array.isArray(type)) return { type: 'array', items: schemaOf(type[0]) };
  if (typeof type === 'object') {
    const { '*': others, ...members } = type;
    const names = Object.keys(members);
    return {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), schemaOf(members[name])])),
      required: names.filter((name) => !name.endsWith('?')),
      ...(others === undefined ? {} : { additionalProperties: schemaOf(others) }),
    };
  }
  const choices = type.split('|').map((name) => (plain.has(name.trim()) ? { type: name.trim() } : { $ref: `#/$defs/${name.trim()}` }));
  return choices.length === 1 ? choices[0] : { anyOf: choices };
}

/** A path with its part in [] and without. */
export function pathsOf(path) {
  return path.includes('[') ? [path.replace(/\[.*\]/, ''), path.replace(/[[\]]/g, '')] : [path];
}

/** A description in the statement's notation as { root, operations }: every method and path with the schemas of its body and its answers by status. */
export function described({ operations, types, datatypes, platforms }) {
  const named = Object.entries(types).map(([name, type]) => [name, schemaOf(type)]);
  const listed = [['datatype', Object.keys(datatypes)], ['platform', platforms]].map(([name, values]) => [name, { type: 'string', enum: values }]);
  const root = { $defs: Object.fromEntries([...named, ...listed]) };
  const all = {};
  for (const [key, { body, ...answers }] of Object.entries(operations)) {
    const [method, path] = key.split(' ');
    for (const variant of pathsOf(path)) {
      all[`${method} ${variant}`] = {
        ...(body ? { body: schemaOf(body) } : {}),
        answers: Object.fromEntries(Object.entries(answers).map(([status, type]) => [status, schemaOf(type)])),
      };
    }
  }
  return { root, operations: all };
}

/** Answers a function (schema, value) => list of faults, by a JSON Schema validator. */
export function validator(root) {
  const { Ajv2020 } = createRequire(new URL('../package.json', import.meta.url))('ajv/dist/2020.js');
  const ajv = new Ajv2020({ allErrors: true });
  const compiled = new Map();
  return (schema, value) => {
    const key = JSON.stringify(schema);
    if (!compiled.has(key)) compiled.set(key, ajv.compile({ ...root, ...schema }));
    const holds = compiled.get(key);
    return holds(value) ? [] : holds.errors.map(({ instancePath, message }) => `${instancePath || 'the body'} ${message}`);
  };
}
