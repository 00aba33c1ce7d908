// Application settings as data: one list, no secret in it, every value known to the template.
import { braces } from './source.mjs';

export function settings(source) {
  const out = [];
  const list = source.json('app-settings.json').settings;
  const text = source.code('main.bicep');
  const values = braces(text, text.indexOf('{', text.indexOf('var settingValues')));
  const known = new Set([...values.matchAll(/^ {2}(\w+):/gm)].map(m => m[1]));
  const extra = { flex: ['insightsConnection'], premium: ['insightsConnection', 'packageUrl'] };
  const names = new Set();
  for (const s of list) {
    if (names.has(s.name.toLowerCase())) out.push(`setting: ${s.name} twice`);
    names.add(s.name.toLowerCase());
    if (!['literal', 'deployment'].includes(s.from) || !s.description || !s.plans.length) out.push(`setting: ${s.name} is not fully described`);
    for (const plan of s.plans) if (s.from === 'deployment' && !known.has(s.value) && !extra[plan]?.includes(s.value)) out.push(`setting: ${s.name} takes ${s.value}, which the template does not know`);
    if (s.from === 'literal' && (/(password|secret|sas|key)$/i.test(s.name) || s.value.length > 60 || /AccountKey=|SharedAccess/.test(s.value))) out.push(`setting: ${s.name} looks like a secret`);
  }
  for (const value of known) if (!list.some(s => s.value === value)) out.push(`setting: the template gives ${value}, which no setting takes`);
  const must = { ORT_DISABLE_TELEMETRY: '1', FuncAiSecure__Models__RequireSignatures: 'true', FuncAiSecure__Gateway__Principals__0: 'gatewayPrincipal', AzureWebJobsDisableHomepage: 'true', AzureWebJobsStorage__credential: 'managedidentity', FuncAiSecure__Vault__Credential: 'ManagedIdentity', FuncAiSecure__Network__ForwardedForHeader: 'x-gateway-client-address' };
  for (const [name, value] of Object.entries(must)) if (list.find(s => s.name === name)?.value !== value) out.push(`setting: ${name} must be ${value}`);
  const call = source.read('policies/fragments/call-backend.xml'), strip = source.read('policies/fragments/strip-untrusted-headers.xml');
  for (const s of list.filter(s => s.from === 'literal' && s.value.startsWith('x-gateway-'))) {
    if (!call.includes(`<set-header name="${s.value}" exists-action="override">`)) out.push(`setting: the gateway does not send ${s.value}`);
    if (!strip.includes(`<set-header name="${s.value}" exists-action="delete" />`)) out.push(`setting: a client can send ${s.value}`);
  }
  if (!text.includes("gatewayPrincipal: 'entra:${service.outputs.clientId}'")) out.push('setting: another identity than the gateway\'s counts as the gateway');
  for (const banned of ['AzureWebJobsStorage', 'APPINSIGHTS_INSTRUMENTATIONKEY', 'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING']) if (names.has(banned.toLowerCase())) out.push(`setting: ${banned} would hold a key`);
  for (const plan of ['flex', 'premium']) if (!source.code(`modules/functionapp-${plan}.bicep`).includes(`loadJsonContent('../app-settings.json').settings, s => contains(s.plans, '${plan}'))`)) out.push(`setting: ${plan} does not take the list`);
  return out;
}
