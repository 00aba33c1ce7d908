// Turns the app's OpenAPI 3.1 document into the 3.0 one that API Management imports.
//   curl -s "$BASE_URL/openapi.json" | node eng/gateway-openapi.mjs > infra-bicep/openapi.json
// Only what 3.0 says differently is changed: null types, constants, examples, exclusive bounds, members that 3.0 lacks.
import { readFileSync } from 'node:fs';

const only31 = new Set(['jsonSchemaDialect', 'webhooks', '$schema', 'contentEncoding', 'contentMediaType', 'prefixItems', 'license']);

function convert(node, inExamples = false) {
  if (Array.isArray(node)) return node.map((item) => convert(item, inExamples));
  if (node === null || typeof node !== 'object' || inExamples) return node;
  const result = {};
  for (const [name, value] of Object.entries(node)) {
    if (only31.has(name)) continue;
    if (name === 'const') result.enum = [value];
    else if (name === 'type' && Array.isArray(value)) Object.assign(result, oneType(value));
    else if (name === 'examples' && Array.isArray(value)) result.example = value[0];
    else if (name === 'exclusiveMinimum' && typeof value === 'number') Object.assign(result, { minimum: value, exclusiveMinimum: true });
    else if (name === 'exclusiveMaximum' && typeof value === 'number') Object.assign(result, { maximum: value, exclusiveMaximum: true });
    else result[name] = convert(value, name === 'example');
  }
  return result;
}

function oneType(types) {
  const real = types.filter((type) => type !== 'null');
  const nullable = real.length < types.length ? { nullable: true } : {};
  return real.length === 1 ? { type: real[0], ...nullable } : { anyOf: real.map((type) => ({ type })), ...nullable };
}

const served = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(`${JSON.stringify({ ...convert(served), openapi: '3.0.3' }, null, 2)}\n`);
