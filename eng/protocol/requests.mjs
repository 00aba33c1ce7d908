// Derives requests from the statement's schemas and a model's metadata: right ones, and ones that no server may take.
import { resolve } from './contract.mjs';

/** Values of every JSON type, to put where they do not belong. */
const strangers = [null, 7, 'text', true, [], {}];

const samples = { string: 'text', integer: 1, number: 1, boolean: true };

/** Every member of an object that a schema describes, however deep, as a list of names; [] stands for every item of a list. */
function placesOf(root, schema, at = []) {
  const node = resolve(root, schema);
  if (node.type === 'array') return placesOf(root, node.items, [...at, '[]']);
  return Object.entries(node.properties ?? {}).flatMap(([name, part]) => [
    { at: [...at, name], required: node.required.includes(name) }, ...placesOf(root, part, [...at, name]),
  ]);
}

/** A value for a schema: what the source has where it has it, and no optional member but the chosen. */
function fill(root, schema, source, chosen, at = []) {
  const node = resolve(root, schema);
  if (node.type === 'object') {
    const members = Object.entries(node.properties ?? {}).filter(([name]) => node.required.includes(name) || chosen.has([...at, name].join('.')));
    return Object.fromEntries(members.map(([name, part]) => [name, fill(root, part, source?.[name], chosen, [...at, name])]));
  }
  const isListOfObjects = node.type === 'array' && resolve(root, node.items).type === 'object';
  return isListOfObjects ? source.map((item) => fill(root, node.items, item, chosen, [...at, '[]'])) : (source ?? samples[node.type]);
}

const elementOf = (datatype) => ({ BOOL: true, BYTES: 'word' })[datatype] ?? (datatype.startsWith('FP') ? 1.5 : 1);

function elements(datatype, [size, ...inner], isNested) {
  if (size === undefined) return elementOf(datatype);
  const items = Array.from({ length: size }, () => elements(datatype, inner, isNested));
  return isNested || inner.length === 0 ? items : items.flat();
}

/** What a request for a model is made of: every free dimension of that size. */
function sourceOf({ inputs, outputs }, size, isNested) {
  const tensors = inputs.map(({ name, datatype, shape }) => {
    const sized = shape.map((dimension) => (dimension === -1 ? size : dimension));
    return { name, datatype, shape: sized, data: sized.length === 0 ? [elementOf(datatype)] : elements(datatype, sized, isNested) };
  });
  return { inputs: tensors, outputs };
}

/** Requests that a server of this model must answer: with no optional member, with each, with all; data flat and nested; one output. */
export function rightRequests(root, schema, metadata) {
  const optional = placesOf(root, schema).filter(({ required }) => !required).map(({ at }) => at);
  const withParents = (at) => new Set(optional.filter((other) => at.join('.').startsWith(other.join('.'))).map((other) => other.join('.')));
  const make = (chosen, size = 1, isNested = false) => fill(root, schema, sourceOf(metadata, size, isNested), chosen);
  const all = make(new Set(optional.map((at) => at.join('.'))));
  return [
    ['no optional member', make(new Set())],
    ...optional.map((at) => [`with ${at.join('.')}`, make(withParents(at))]),
    ['all optional members', all],
    ['two rows, flat', make(new Set(), 2)],
    ['two rows, nested', make(new Set(), 2, true)],
    ['an empty identifier', { ...make(new Set()), id: '' }],
    ['one output', { ...all, outputs: all.outputs.slice(0, 1) }],
  ];
}

/** Requests that every server must refuse: by the schema (isValid says so), by what the text says of tensors, or because they are no JSON object. */
export function wrongRequests(root, schema, metadata, isValid) {
  const [, whole] = rightRequests(root, schema, metadata).find(([name]) => name === 'all optional members');
  const bodies = [];
  for (const { at, required } of placesOf(root, schema)) {
    if (required) bodies.push([`without ${at.join('.')}`, changed(whole, at, (parent, name) => delete parent[name])]);
    for (const stranger of strangers) bodies.push([`${at.join('.')} = ${JSON.stringify(stranger)}`, changed(whole, at, (parent, name) => (parent[name] = stranger))]);
  }
  const ofInput = (name, value) => changed(whole, ['inputs', '[]', name], (parent) => (parent[name] = value(parent[name])));
  return [
    ...bodies.filter(([, body]) => !isValid(body)),
    ['an unknown input', ofInput('name', (name) => `${name}-unknown`)],
    ['an unknown datatype', ofInput('datatype', () => 'FP33')],
    ['one element too many', ofInput('data', (data) => [...data, data[0]])],
    ['one element too few', ofInput('data', (data) => data.slice(1))],
    ['a negative dimension', ofInput('shape', ([, ...rest]) => [-1, ...rest])],
    ['an unknown output', changed(whole, ['outputs', '[]', 'name'], (parent, name) => (parent[name] += '-unknown'))],
    ...strangers.filter((stranger) => !isValid(stranger)).map((stranger) => [JSON.stringify(stranger), stranger]),
  ];
}

/** A copy of a value, changed at one place; of a list the first item. */
function changed(value, at, change) {
  const copy = structuredClone(value);
  const names = at.map((name) => (name === '[]' ? 0 : name));
  change(names.slice(0, -1).reduce((parent, name) => parent[name], copy), names.at(-1));
  return copy;
}
