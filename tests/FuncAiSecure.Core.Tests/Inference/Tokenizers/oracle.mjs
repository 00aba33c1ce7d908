// Encodes texts with the reference implementation of tokenizers.
//   node oracle.mjs NODE_MODULES < {"tokenizer": {...}, "texts": [["text"] | ["text", "pair"], ...]}   > [[ids, typeIds, offsets], ...]
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';

const require = createRequire(join(process.argv[2], 'index.js'));
const { Tokenizer } = require('@anush008/tokenizers');

const { tokenizer, texts } = JSON.parse(readFileSync(0, 'utf8'));
const reference = Tokenizer.fromString(JSON.stringify(tokenizer));
const answers = [];
for (const [text, pair] of texts) {
  const encoding = await reference.encode(text, pair ?? null);
  answers.push([encoding.getIds(), encoding.getTypeIds(), encoding.getOffsets()]);
}
process.stdout.write(JSON.stringify(answers));
