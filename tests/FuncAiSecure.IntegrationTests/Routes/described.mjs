// Judges real answers by the OpenAPI document that the server serves. What the document does not mention is a fault as well:
// statuses, content types, members and headers, and members of bodies that were taken.
//   node described.mjs NODE_MODULES < {"document": {…}, "calls": [{"method", "path", "sent", "status", "headers", "text"}]}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const Ajv = createRequire(join(process.argv[2], 'index.js'))('ajv/dist/2020.js').default;
const { document, calls } = JSON.parse(readFileSync(0, 'utf8'));

// HTTP's own fields, and those that every answer has for browsers.
const common = new Set(['cache-control', 'connection', 'content-length', 'content-type', 'date', 'transfer-encoding', 'x-content-type-options']);

// Closed, so that a member without a description is one too many.
function close(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.properties && node.additionalProperties === undefined) node.additionalProperties = false;
  Object.values(node).forEach(close);
}
close(document.components.schemas);

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(document, 'served');

const referred = (node) => (node.$ref ? node.$ref.slice(2).split('/').reduce((part, name) => part[name], document) : node);

function faultsOf(schema, text) {
  if (schema.$ref === '#/components/schemas/AnyObject') return [];
  const validate = ajv.compile({ $ref: `served${schema.$ref}` });
  return validate(JSON.parse(text)) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

function itemOf(path) {
  const templates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length);
  const found = templates.find((template) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path));
  return found ? document.paths[found] : undefined;
}

function judge({ method, path, sent, status, headers, text }) {
  const operation = itemOf(path.split('?')[0])?.[method.toLowerCase()];
  if (!operation) return ['the operation is not described'];
  if (!operation.responses[status]) return ['the status is not described'];
  const answer = referred(operation.responses[status]);
  const faults = Object.keys(headers).filter((name) => !common.has(name) && !Object.keys(answer.headers ?? {}).some((known) => known.toLowerCase() === name))
    .map((name) => `the header ${name} is not described`);
  const type = headers['content-type'];
  const content = answer.content[type];
  if (!content) return [...faults, `the content type ${type} is not described`];
  if (type.includes('json')) faults.push(...faultsOf(content.schema, text));
  if (sent && status < 300) faults.push(...faultsOf(operation.requestBody.content['application/json'].schema, sent).map((fault) => `taken, though: ${fault}`));
  for (const query of (operation.parameters ?? []).map(referred).filter((parameter) => parameter.in === 'query' && parameter.required)) {
    if (status < 300 && !path.includes(`${query.name}=`)) faults.push(`taken without ${query.name}`);
  }
  return faults;
}

const found = calls.flatMap((call) => judge(call).map((fault) => `${call.method} ${call.path} ${call.status}: ${fault}`));
console.log(found.join('\n'));
process.exitCode = found.length > 0 ? 1 : 0;
