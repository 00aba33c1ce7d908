// Contracts as { root, operations }, whatever they were written in, and what tells two of them apart.

/** The operations of an OpenAPI document: every method and path with the schemas of its path's parameters, its body and its answers. */
export function contractOf(document) {
  const operations = {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'put', 'post', 'delete', 'patch'].filter((name) => item[name])) {
      const { parameters = [], requestBody, responses } = item[method];
      operations[`${method.toUpperCase()} ${path}`] = {
        parts: [...(item.parameters ?? []), ...parameters].filter((one) => one.in === 'path').map((one) => one.schema),
        body: schemaIn(document, requestBody),
        answers: Object.fromEntries(Object.entries(responses).map(([status, answer]) => [status, schemaIn(document, answer)])),
      };
    }
  }
  return { root: document, operations };
}

/** A JSON object of these media types is what clients read; the first of them counts. */
function schemaIn(document, described) {
  if (!described) return undefined;
  const { content = {} } = resolve(document, described);
  return Object.entries(content).find(([media]) => /^application\/([\w.-]+\+)?json$/.test(media))?.[1].schema ?? null;
}

/** A schema with its references followed. */
export function resolve(root, node) {
  if (!node.$ref) return node;
  return resolve(root, node.$ref.slice(2).split('/').reduce((parent, name) => parent?.[name], root) ?? {});
}

/** What is compared of a schema: its types, the members of an object, the items of a list. */
function view(root, schema) {
  const node = resolve(root, schema);
  const choices = (node.anyOf ?? node.oneOf ?? []).map((choice) => view(root, choice));
  return {
    node,
    types: new Set([node.type ?? [], ...choices.map(({ types }) => [...types])].flat()),
    members: Object.assign({}, node.properties, ...choices.map(({ members }) => members)),
    required: new Set([node.required ?? [], ...choices.map(({ required }) => [...required])].flat()),
    items: node.items ?? choices.find(({ items }) => items)?.items,
    others: typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined,
  };
}

const within = (some, all) => [...some].every((type) => all.has(type) || (type === 'integer' && all.has('number')));
const spelled = (types) => [...types].sort().join(' or ') || 'anything';

/**
 * Compares two contracts; answers { compared, found }. Every finding says where and what; harmless is one with which clients of
 * the first contract can use a server of the second: it takes what they send and gives them what they read.
 */
export function compare(here, there) {
  const found = new Map();
  const seen = new Map();
  let compared = 0;
  const tell = (at, what, harmless = false) => {
    const known = found.get(`${at}: ${what}`);
    found.set(`${at}: ${what}`, { text: `${at}: ${what}`, harmless: harmless && (known?.harmless ?? true) });
  };
  const keyed = ({ operations }) =>
    new Map(Object.entries(operations).map(([name, operation]) => [name.replace(/\$?\{[^}]*\}/g, '{}').replace(/\/$/, ''), operation]));
  const [ours, theirs] = [keyed(here), keyed(there)];

  for (const [name, operation] of ours) {
    compared++;
    const other = theirs.get(name);
    if (!other) {
      tell(name, 'only here');
      continue;
    }
    (other.parts ?? []).forEach((part, index) => walk({ type: 'string' }, part, `${name} part ${index + 1}`, false));
    walkBody(operation.body, other.body, `${name} body`, false);
    for (const status of Object.keys({ ...operation.answers, ...other.answers })) {
      walkBody(operation.answers[status], other.answers[status], `${name} ${status}`, true);
    }
  }
  for (const name of theirs.keys()) if (!ours.has(name)) tell(name, 'only there', true);
  return { compared, found: [...found.values()] };

  function walkBody(a, b, at, isAnswer) {
    if (a && b) walk(a, b, at, isAnswer);
    else if (a) tell(at, b === null ? 'a body only here' : 'only here');
    else if (b !== undefined) tell(at, 'only there', isAnswer);
  }

  function walk(a, b, at, isAnswer) {
    const place = a.$ref ? a.$ref.split('/').pop() : at;
    const [x, y] = [view(here.root, a), view(there.root, b)];
    const met = seen.get(x.node) ?? seen.set(x.node, new Map()).get(x.node);
    if (met.get(y.node)?.has(isAnswer) || y.types.size === 0) return;
    met.set(y.node, (met.get(y.node) ?? new Set()).add(isAnswer));

    compared++;
    if (!(within(x.types, y.types) && within(y.types, x.types) && x.types.size === y.types.size)) {
      tell(place, `${spelled(x.types)} here, ${spelled(y.types)} there`, isAnswer ? within(y.types, x.types) : within(x.types, y.types));
    }
    for (const value of (y.node.enum && x.node.enum) ?? []) if (!y.node.enum.includes(value)) tell(`${place} ${value}`, 'only here', isAnswer);
    for (const name of Object.keys({ ...x.members, ...y.members })) {
      const [mine, its] = [x.required.has(name), y.required.has(name)];
      const member = `${place}.${name}`;
      if (!y.members[name]) tell(member, 'only here', isAnswer && !mine);
      else if (!x.members[name]) tell(member, `only there${its ? ', required' : ''}`, isAnswer || !its);
      else {
        if (mine !== its) tell(member, mine ? 'required here, optional there' : 'optional here, required there', isAnswer && its);
        walk(x.members[name], y.members[name], member, isAnswer);
      }
    }
    for (const [part, mine, its] of [['[]', x.items, y.items], ['.*', x.others, y.others]]) {
      if (mine && its) walk(mine, its, place + part, isAnswer);
      else if (mine || its) tell(place + part, mine ? 'said only here' : 'said only there', true);
    }
  }
}
