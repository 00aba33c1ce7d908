// Reads the protocol's text (Markdown): its table of operations, its notation of objects, its tables of datatypes and platforms.

const plain = { $string: 'string', $number: 'number', $boolean: 'boolean', $bool: 'boolean' };

/** The text's facts, in the form of our statement. */
export function readText(markdown) {
  const types = {};
  const scalars = /\$parameter = \$string : ([^\n]+)/.exec(markdown)?.[1] ?? '';
  for (const [, name, inner] of markdown.matchAll(/\$(\w+) =\s*\{([^{}]*)\}/g)) {
    types[name] = inner.includes('$parameter, ...')
      ? { '*': scalars.replace(/\$\w+/g, (word) => plain[word]) }
      : Object.fromEntries([...inner.matchAll(/"(\w+)"\s*:\s*(\[?)\s*(\$\w+|<[^>]*>)([^\n]*)/g)].map(([, member, list, type, rest]) => {
          const read = plain[type] ?? (type.startsWith('<') ? 'string' : type.slice(1));
          return [rest.includes('#optional') ? `${member}?` : member, list ? [read] : read];
        }));
  }
  // Some objects are used by a shorter name than they are defined by.
  for (const name of Object.keys(types).filter((full) => full.startsWith('inference_'))) types[name.slice('inference_'.length)] ??= types[name];

  const operations = {};
  for (const line of markdown.split('\n').filter((row) => /\|\s*(GET|POST)\s*\|/.test(row))) {
    const [, , method, path, body, answer] = line.replace(/\\/g, '').split('|').map((cell) => cell.trim());
    const [sent, got] = [body, answer].map((cell) => /\$(\w+)/.exec(cell)?.[1]);
    const failure = got?.replace(/_response$/, '_error_response');
    operations[`${method} /${path.replace(/<(\w+)>/g, '{$1}')}`] = {
      ...(sent ? { body: sent } : {}), ...(got ? { 200: got } : {}), ...(failure !== got && failure in types ? { 400: failure } : {}),
    };
  }

  const sizes = markdown.slice(markdown.indexOf('#### Tensor Data Types')).matchAll(/^\|\s*([A-Z]+\d*)\s*\|\s*(\d+|Variable)/gm);
  return {
    operations,
    types,
    datatypes: Object.fromEntries([...sizes].map(([, name, size]) => [name, size === 'Variable' ? null : Number(size)])),
    platforms: [...markdown.matchAll(/^\* ([a-z0-9]+_[a-z0-9]+) ?:/gm)].map(([, name]) => name),
  };
}
