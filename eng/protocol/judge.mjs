// Judges an answer by the statement: its status, its schema, and what the protocol's text says beyond schemas. An exchange is
// { operation, model, version, metadata, sent, wants: 'success' | 'failure' | 'either', status, media, body }.
import { resolve } from './contract.mjs';
import { statement } from './statement.mjs';

const same = (some, others) => JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
const isSuccess = ({ status }) => status === 200;
const flat = (data) => data.flat(Infinity);

function isElement(datatype, value) {
  if (datatype === 'BOOL') return typeof value === 'boolean';
  if (datatype === 'BYTES') return typeof value === 'string';
  if (datatype.startsWith('FP')) return typeof value === 'number';
  const bits = 8 * statement.datatypes[datatype];
  const [least, most] = datatype.startsWith('U') ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  return Number.isInteger(value) && value >= least && value <= most;
}

const described = ({ metadata }, name) => metadata.outputs.find((output) => output.name === name);
const fits = (shape, free) => shape.length === free?.length && shape.every((size, axis) => size >= 0 && (free[axis] === -1 || free[axis] === size));

/** What holds of a kind of answer, and how to break it: every rule is shown to notice that. */
const rules = {
  live: [['a server that answers is alive', ({ body }) => body.live, (body) => (body.live = false)]],
  model: [
    ['it is the model asked for', ({ body, model }) => body.name === model, (body) => (body.name += '-other')],
    [
      'the version asked for is listed',
      ({ body, version }) => !version || body.versions?.includes(version),
      (body, { version }) => version && (body.versions = []),
    ],
    [
      'a dimension is -1 or more',
      ({ body }) => [...body.inputs, ...body.outputs].every(({ shape }) => shape.every((size) => size >= -1)),
      (body) => (body.inputs[0].shape = [-2]),
    ],
  ],
  model_ready: [
    ['it is the model asked for', ({ body, model }) => body.name === model, (body) => (body.name += '-other')],
    ['a model that is not ready does not answer 200', ({ body }) => body.ready, (body) => (body.ready = false)],
  ],
  infer_response: [
    ['it is the model asked for', ({ body, model }) => body.model_name === model, (body) => (body.model_name += '-other')],
    [
      'it is the version asked for',
      ({ body, version }) => !version || body.model_version === version,
      (body, { version }) => version && (body.model_version += '0'),
    ],
    ['the identifier comes back', ({ body, sent }) => body.id === sent.id, (body) => (body.id = 'other')],
    [
      'the outputs are those wanted, or all',
      ({ body, sent, metadata }) => same(body.outputs.map(({ name }) => name), (sent.outputs ?? metadata.outputs).map(({ name }) => name)),
      (body) => body.outputs.pop(),
    ],
    [
      'a datatype is the described one',
      (x) => x.body.outputs.every(({ name, datatype }) => described(x, name)?.datatype === datatype),
      ({ outputs: [first] }) => (first.datatype = first.datatype === 'BOOL' ? 'BYTES' : 'BOOL'),
    ],
    [
      'a shape fits the described one',
      (x) => x.body.outputs.every(({ name, shape }) => fits(shape, described(x, name)?.shape)),
      (body) => body.outputs[0].shape.push(1),
    ],
    [
      'there are as many elements as the shape says',
      ({ body }) => body.outputs.every(({ shape, data }) => flat(data).length === shape.reduce((product, size) => product * size, 1)),
      (body) => body.outputs[0].data.pop(),
    ],
    [
      'elements are of the datatype',
      ({ body }) => body.outputs.every(({ datatype, data }) => flat(data).every((value) => isElement(datatype, value))),
      ({ outputs: [{ data, datatype }] }) => (data[0] = datatype === 'BYTES' ? 1 : 'text'),
    ],
  ],
  failure: [['an error says something', ({ body }) => body.error !== '', (body) => (body.error = '')]],
};

/** The schema of an exchange's answer, undefined where the protocol leaves it open. */
export const schemaFor = ({ operation, status }) => operation.answers[status >= 400 ? 400 : status];

/** What is wrong with an answer, as texts. */
export function judge(exchange, check) {
  const { wants, status, media, body } = exchange;
  if (wants === 'success' ? status !== 200 : status !== 200 && status < 400) return [`status ${status} ${body?.error ?? ''}`];
  if (wants === 'failure' && (status < 400 || status === 429)) return [`status ${status} for what must be refused`];
  const schema = schemaFor(exchange);
  if (!schema) return [];
  if (!/^application\/([\w.-]+\+)?json\b/.test(media)) return [`media type ${media}`];
  const faults = check(schema, body);
  return faults.length > 0 ? faults : rulesOf(schema).filter(([, holds]) => !holds(exchange)).map(([name]) => `not so: ${name}`);
}

const rulesOf = (schema) => rules[schema.$ref.split('/').pop()] ?? [];

/** Answers that are this one with one thing wrong, each as { name, body }: a required member gone, a member of another type, a rule broken. */
export function broken(exchange, root, check) {
  const schema = schemaFor(exchange);
  if (!schema) return [];
  const answers = [];
  const change = (name, alter) => {
    const body = structuredClone(exchange.body);
    if (alter(body) !== undefined) answers.push({ name, body });
  };
  for (const { at, path, part, required } of membersOf(root, schema, exchange.body)) {
    const parentOf = (body) => path.slice(0, -1).reduce((parent, name) => parent[name], body);
    if (required) change(`${at} gone`, (body) => delete parentOf(body)[path.at(-1)]);
    for (const stranger of [null, 7.5, 'text', true, {}]) {
      if (check(part, stranger).length > 0) change(`${at} of another type`, (body) => (parentOf(body)[path.at(-1)] = stranger));
    }
  }
  for (const [name, , alter] of rulesOf(schema)) change(`not so: ${name}`, (body) => alter(body, exchange));
  return answers;
}

/** The members that a value has, with their place by types, their path, their schema. */
function membersOf(root, schema, value, path = [], place = '') {
  const node = resolve(root, schema);
  const at = schema.$ref?.split('/').pop() ?? place;
  if (node.type === 'array') return value.flatMap((item, index) => membersOf(root, node.items, item, [...path, index], `${at}[]`));
  return Object.entries(node.properties ?? {}).filter(([name]) => name in value).flatMap(([name, part]) => [
    { at: `${at}.${name}`, path: [...path, name], part, required: node.required.includes(name) },
    ...membersOf(root, part, value[name], [...path, name], `${at}.${name}`),
  ]);
}

/** What the answers of a contract can lack, as broken() names it. */
export function breakable(root, operations) {
  const visit = (schema, place, met) => {
    const node = resolve(root, schema);
    const at = schema.$ref?.split('/').pop() ?? place;
    if (met.has(node)) return [];
    met.add(node);
    if (node.items) return visit(node.items, `${at}[]`, met);
    return Object.entries(node.properties ?? {}).flatMap(([name, part]) => [
      ...(node.required.includes(name) ? [`${at}.${name} gone`, `${at}.${name} of another type`] : []), ...visit(part, `${at}.${name}`, met),
    ]);
  };
  const answers = Object.values(operations).flatMap((operation) => Object.values(operation.answers));
  return new Set(answers.flatMap((schema) => [...visit(schema, '', new Set()), ...rulesOf(schema).map(([name]) => `not so: ${name}`)]));
}
