import {createHash} from 'node:crypto'

import type {RouteOptions} from 'fastify'

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; }
pre { padding: 0.75rem 1rem; overflow-x: auto; border: 1px solid; border-radius: 0.375rem; }
`

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page for someone who opens the registry in a browser. It shows nothing that needs a credential. */
export function startPageRoute(baseUrl: () => string): RouteOptions {
  return {
    method: 'GET',
    url: '/',
    handler: async (_request, reply) =>
      reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'same-origin',
          'cache-control': 'no-cache',
        })
        // A buffer isn't serialized as JSON.
        .send(Buffer.from(startPage(baseUrl()))),
  }
}

function startPage(registry: string): string {
  const url = escapeHtml(registry)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>apkg registry</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>This is an apkg registry</h1>
<p>It hosts packages for AI tools: skills, agents, commands and rules. Use it with <code>apkg</code> on the command line.</p>
<h2>Log in</h2>
<pre><code>apkg login --registry ${url}</code></pre>
<p>The operator of the registry creates your account.</p>
<h2>Find and install packages</h2>
<pre><code>apkg config set registry ${url}
apkg search review
apkg add @scope/name</code></pre>
<h2>Use it in CI</h2>
<p>Create a token, and store it as the secret <code>APKG_TOKEN</code> of the job:</p>
<pre><code>apkg token create --label ci --registry ${url}</code></pre>
<p>The API is described in <a href="openapi.json">openapi.json</a>.</p>
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
