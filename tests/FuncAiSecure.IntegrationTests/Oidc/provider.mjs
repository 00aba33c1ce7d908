// A real OpenID provider on loopback TLS. Arguments: certificate file, key file, path of the oidc-provider package.
// Writes its issuer as the first line; "rotate" on standard input gives it new keys; the end of standard input ends it.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [certificate, key, module] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(module));

const audience = 'api://funcai';
let handle;

function start(issuer) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'billing', client_secret: 'test-only', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    }],
    scopes: ['FuncAi.Infer'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope: 'FuncAi.Infer', audience, accessTokenTTL: 600, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomUUID()] },
  });
  handle = provider.callback();
}

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => handle(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://127.0.0.1:${server.address().port}`;
  start(issuer);
  console.log(issuer);
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      if (line === 'rotate') {
        start(issuer);
        console.log('rotated');
      }
    })
    .on('close', () => process.exit(0));
});
