// API Management documents: well formed, in the documented order, closed on every way.
import { parse } from './xml.mjs';

const SECTIONS = ['inbound', 'backend', 'outbound', 'on-error'];
const REFUSING = /<set-variable name="refusal"/;

export function policies(source) {
  const out = [];
  const documents = new Map();
  for (const file of source.files('.xml')) {
    try {
      documents.set(file, parse(source.read(file)));
    } catch (error) {
      out.push(`policy: ${file}: ${error.message}`);
    }
  }
  const fragments = new Set([...documents.keys()].filter(f => f.includes('/fragments/')).map(f => f.split('/').at(-1).slice(0, -4)));
  const api = source.code('modules/apim-api.bicep');
  for (const [file, root] of documents) {
    const text = source.read(file);
    out.push(...(file.includes('/fragments/') ? fragment(file, root) : document(file, root)));
    for (const m of text.matchAll(/fragment-id="([^"]+)"/g)) if (!fragments.has(m[1])) out.push(`policy: ${file} includes ${m[1]}, which does not exist`);
    for (const m of text.matchAll(/\{\{([^}]+)\}\}/g)) if (!new RegExp(`'${m[1]}'`).test(api)) out.push(`policy: ${file} uses the named value ${m[1]}, which is not deployed`);
    if (!api.includes(`../${file}'`)) out.push(`policy: ${file} is not deployed`);
    if (/<(trace|log-to-eventhub|cors|send-request|emit-metric|mock-response)\b/.test(text)) out.push(`policy: ${file} uses a policy that lets data out`);
    if (/ignore-error="true"|follow-redirects="true"|require-signed-tokens="false"/.test(text)) out.push(`policy: ${file} looks away`);
  }
  out.push(...order(source));
  for (const name of fragments) if (REFUSING.test(source.read(`policies/fragments/${name}.xml`)) && !refusedAfter(source, name)) out.push(`policy: nobody refuses what ${name} refuses`);
  return out;
}

function document(file, root) {
  const out = [];
  const names = root.children.map(c => c.name);
  if (root.name !== 'policies' || names.join() !== SECTIONS.join()) out.push(`policy: ${file} has the sections ${names.join(', ')}`);
  for (const section of root.children) if (file !== 'policies/global.xml' && !section.children.some(c => c.name === 'base')) out.push(`policy: ${file} ${section.name} leaves out the scopes above`);
  if (root.children[1]?.children.length !== 1) out.push(`policy: ${file} backend must hold one policy`);
  return out;
}

function fragment(file, root) {
  const out = root.name === 'fragment' ? [] : [`policy: ${file} is no fragment`];
  const walk = e => e.children.forEach(c => {
    if (['include-fragment', 'base', ...SECTIONS].includes(c.name)) out.push(`policy: ${file} holds <${c.name}>, which a fragment cannot`);
    walk(c);
  });
  walk(root);
  return out;
}

/** The inbound order of the API: identity, limits and content before the gateway proves itself to the app. */
function order(source) {
  const inbound = /<inbound>([\s\S]*?)<\/inbound>/.exec(source.read('policies/api.xml'))?.[1] ?? '';
  const found = [...inbound.matchAll(/<(base)|fragment-id="([^"]+)"/g)].map(m => m[1] ?? m[2]);
  const wanted = ['base', 'one-credential', 'refuse', 'validate-token', 'limit-caller', 'check-content', 'refuse', 'call-backend'];
  return found.join() === wanted.join() ? [] : [`policy: the API's inbound order is ${found.join(', ')}`];
}

function refusedAfter(source, name) {
  if (name === 'refuse') return true;
  return ['global', 'api', 'operation-management'].some(d => new RegExp(`fragment-id="${name}" />[\\s\\S]*?fragment-id="refuse" />[\\s\\S]*</inbound>`).test(source.read(`policies/${d}.xml`)));
}
