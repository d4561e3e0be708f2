import assert from 'node:assert/strict'
import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {request} from 'node:http'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import RegistryServe from '../../../src/commands/registry/serve.js'
import {inHome} from '../../support/operator.js'
import {addAda, logIn, send, type Served, serve} from '../../support/served.js'
import {temporaryFolder} from '../../support/world.js'

const monitoring = new URL('../../../../../docs/registry/monitoring/', import.meta.url)
const metricsToken = 'a1b2c3d4'.repeat(4)

function tokenFile(t: TestContext, content = `${metricsToken}\n`, mode = 0o600): string {
  const file = path.join(temporaryFolder(t), 'metrics-token')
  writeFileSync(file, content)
  chmodSync(file, mode)
  return file
}

/** The URL that the log names for metrics. */
function metricsUrl({stderr}: Served): string {
  const [line = ''] = stderr()
    .split('\n')
    .filter((each) => each.includes('serving metrics'))
  return JSON.parse(line).url
}

async function read(url: string, token?: string): Promise<{status: number; text: string}> {
  const response = await fetch(url, {headers: token === undefined ? {} : {authorization: `Bearer ${token}`}})
  return {status: response.status, text: await response.text()}
}

/** The names of metrics in the text of Prometheus. Those of histograms have their suffixes. */
function namesIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/^([a-z_]\w*)(?:\{| )/gim), ([, name = '']) => name))
}

/** Everything in an expression that looks like a metric of ours, of Node.js or of the process. */
function metricsOf(text: string): string[] {
  return [...new Set(text.match(/\b(?:apkg|nodejs|process)_[a-z0-9_]+/g))]
}

describe('registry serve --metrics-port', () => {
  it('serve --metrics-port: reports every metric that the alerts and the dashboard use', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const served = await serve(t, folder, '--metrics-port', '0')
    const token = await logIn(served.url)
    await send(`${served.url}/auth/tokens`, 'POST', {token, body: {name: 'ci'}})
    await send(`${served.url}/auth/whoami`, 'GET', {token: `${token}x`})
    await send(`${served.url}/nothing`, 'GET')
    await send(`${served.url}/readyz`, 'GET')
    const {status, text} = await read(metricsUrl(served))
    assert.equal(status, 200)
    const names = namesIn(text)
    // A counter of errors has no series before the first error, only its type.
    const declared = new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name = '']) => name))
    const files = ['alerts.yml', 'dashboard.json'].map((file) => readFileSync(new URL(file, monitoring), 'utf8'))
    const used = metricsOf(files.join('\n'))
    assert.ok(used.length >= 12, used.join())
    for (const name of used) assert.ok(names.has(name) || declared.has(name), `${name} is missing`)
    const documented = readFileSync(new URL('../monitoring.md', monitoring), 'utf8')
    const own = [...declared].filter((name) => name.startsWith('apkg_'))
    for (const name of own) assert.match(documented, new RegExp(`\`${name}\``))
    for (const line of [
      'apkg_http_requests_total{method="POST",route="/auth/tokens",status="201"} 1',
      'apkg_http_requests_total{method="GET",route="/auth/whoami",status="401"} 1',
      'apkg_http_requests_total{method="GET",route="unmatched",status="404"} 1',
      'apkg_rows{kind="tokens"} 1',
      'apkg_rows{kind="packages"} 0',
      'apkg_queue_waiting{queue="passwords"} 0',
      'apkg_database_refused 0',
    ]) {
      assert.ok(text.split('\n').includes(line), `${line} is missing in ${text}`)
    }
    assert.match(text, /^apkg_store_duration_seconds_count\{part="tokens"\} [1-9]/m)
    assert.match(text, /^apkg_blob_duration_seconds_count\{operation="check"\} [1-9]/m)
    assert.doesNotMatch(text, /ada|127\.0\.0\.1/)
    assert.equal((await read(`${served.url}/metrics`)).status, 404)
    assert.equal((await read(metricsUrl(served).replace(/metrics$/, ''))).status, 404)
    assert.equal((await fetch(metricsUrl(served), {method: 'POST'})).status, 405)
    assert.equal(await statusForHost(metricsUrl(served), 'attacker.example'), 421)
    assert.equal(await statusForHost(metricsUrl(served), 'localhost:9464'), 200)
  })

  it('serve --metrics-port: with --metrics-token-file, requires the token', async (t) => {
    const served = await serve(t, temporaryFolder(t), '--metrics-port', '0', '--metrics-token-file', tokenFile(t))
    const url = metricsUrl(served)
    assert.equal((await read(url)).status, 401)
    assert.equal((await read(url, 'wrong')).status, 401)
    assert.equal((await read(url, metricsToken)).status, 200)
  })
})

/** The status of a request with another `Host`, as from a website that points its domain at 127.0.0.1. */
function statusForHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, {headers: {host}}, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('registry serve --metrics-token-file', () => {
  it('serve --metrics-token-file: alone, serves metrics next to the registry to clients with the token', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const {url, stderr} = await serve(t, folder, '--metrics-token-file', tokenFile(t))
    const session = await logIn(url)
    assert.equal((await read(`${url}/metrics`)).status, 401)
    assert.equal((await read(`${url}/metrics`, session)).status, 401)
    const {status, text} = await read(`${url}/metrics`, metricsToken)
    assert.equal(status, 200)
    assert.ok(namesIn(text).has('apkg_http_requests_total'))
    assert.equal(stderr().includes(metricsToken), false)
  })

  for (const [what, content, mode, reason] of [
    ['that others can read', `${metricsToken}\n`, 0o644, /other users can read or change it$/],
    ['that is too short', 'secret\n', 0o600, /must be one line of at least 32 letters/],
    ['with two lines', `${metricsToken}\n${metricsToken}\n`, 0o600, /must be one line/],
  ] as const) {
    it(`serve --metrics-token-file: a file ${what} is refused before anything is served`, async (t) => {
      const {run} = inHome(t)
      const {exitCode, stdout} = await run(RegistryServe, [
        '--metrics-token-file',
        tokenFile(t, content, mode),
        '--json',
      ])
      const {error} = JSON.parse(stdout)
      assert.deepEqual([exitCode, error.code], [1, 'REGISTRY_METRICS_TOKEN_UNUSABLE'])
      assert.match(error.message, reason)
      assert.equal(stdout.includes(content.trim()), false)
    })
  }

  it('serve --metrics-listen: other addresses than loopback require a token', async (t) => {
    const {run} = inHome(t)
    const flags = ['--metrics-port', '0', '--metrics-listen', '0.0.0.0', '--json']
    const {exitCode, stdout} = await run(RegistryServe, flags)
    assert.deepEqual([exitCode, JSON.parse(stdout).error.code], [2, 'REGISTRY_METRICS_UNPROTECTED'])
  })
})
