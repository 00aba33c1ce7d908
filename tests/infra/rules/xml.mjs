// A strict reader for the XML that the policies use: elements, attributes, text, comments. Throws on anything else.
export function parse(text) {
  const root = { name: '', children: [] }, stack = [root];
  let at = 0;
  const fail = message => { throw new Error(`line ${text.slice(0, at).split('\n').length}: ${message}`); };
  while (at < text.length) {
    const rest = text.slice(at);
    let m;
    if (rest.startsWith('<!--')) {
      const end = rest.indexOf('-->');
      if (end < 0 || rest.slice(4, end).includes('--')) fail('bad comment');
      at += end + 3;
    } else if ((m = /^<\/([\w-]+)\s*>/.exec(rest))) {
      if (stack.at(-1).name !== m[1]) fail(`</${m[1]}> closes <${stack.at(-1).name}>`);
      stack.pop();
      at += m[0].length;
    } else if ((m = /^<([\w-]+)((?:\s+[\w-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/.exec(rest))) {
      const attributes = {};
      for (const a of m[2].matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
        if (a[1] in attributes) fail(`${a[1]} twice`);
        attributes[a[1]] = entities(a[2] ?? a[3], fail);
      }
      const element = { name: m[1], attributes, children: [], text: '' };
      stack.at(-1).children.push(element);
      if (!m[3]) stack.push(element);
      at += m[0].length;
    } else if ((m = /^[^<]+/.exec(rest))) {
      if (stack.length === 1 && m[0].trim()) fail('text outside the root');
      stack.at(-1).text = (stack.at(-1).text ?? '') + entities(m[0], fail);
      at += m[0].length;
    } else {
      fail('not XML');
    }
  }
  if (stack.length !== 1) fail(`<${stack.at(-1).name}> is not closed`);
  if (root.children.length !== 1) fail('one root element is needed');
  return root.children[0];
}

function entities(text, fail) {
  return text.replace(/&(\w+;)?/g, (_, name) => ({ 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"', 'apos;': "'" })[name] ?? fail('a bare &'));
}
