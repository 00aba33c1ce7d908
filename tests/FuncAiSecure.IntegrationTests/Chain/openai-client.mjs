// Uses the openai client as its users do: only base URL and key are changed.
//   node openai-client.mjs NODE_MODULES BASE_URL KEY
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, baseURL, apiKey] = process.argv.slice(2);
const { OpenAI } = createRequire(join(modules, 'index.js'))('openai');

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const names = [];
for await (const model of client.models.list()) names.push(model.id);
console.log(`models: ${names.filter((name) => name !== 'prompt-guard').sort()}`);
console.log(`one: ${(await client.models.retrieve('wine')).id}`);

const refusal = async (attempt) => {
  try {
    await attempt();
    return 'answered';
  } catch (error) {
    return `${error.status} ${error.code}`;
  }
};
const stranger = new OpenAI({ baseURL, apiKey: 'fais_nobody', maxRetries: 0 });
console.log(`refused: ${await refusal(() => stranger.models.list())}`);
console.log(`missing: ${await refusal(() => client.models.retrieve('nobody'))}`);
