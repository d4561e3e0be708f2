import assert from 'node:assert/strict'
import type {RequestListener} from 'node:http'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../../support/machine.js'
import {startNpmRegistry} from '../../support/npm-registry.js'

describe('check-update', () => {
  it('check-update: distinguishes older, current and newer versions', async (t) => {
    for (const [latest, status, text] of [
      ['99.0.0', 'outdated', /Update available: \S+ → 99\.0\.0\nRun `\S.*` to update\./],
      ['0.0.1', 'ahead', /is newer than the latest release \(v0\.0\.1\)/],
    ] as const) {
      const {run, requests} = await npmRegistry(t, (_request, response) => response.end(JSON.stringify({latest})))
      const shown = await run(['check-update'])
      assert.equal(shown.exitCode, 0, shown.stderr)
      assert.match(shown.stdout, text)
      const {stdout} = await run(['check-update', '--json'])
      assert.equal(JSON.parse(stdout).status, status)
      assert.deepEqual(
        requests.map(({url}) => url),
        Array(2).fill('/-/package/apkg/dist-tags'),
      )
    }
    const installed = JSON.parse((await (await Machine.start(t)).apkg(['--version', '--json'])).stdout).version
    const {run} = await npmRegistry(t, (_request, response) => response.end(JSON.stringify({latest: installed})))
    assert.match((await run(['check-update'])).stdout, /is up to date/)
  })

  it('check-update: sends no credential', async (t) => {
    const {run, requests} = await npmRegistry(t, (_request, response) => response.end('{"latest":"1.0.0"}'))
    const {exitCode} = await run(['check-update'], {APKG_TOKEN: `apkgt_${'0'.repeat(38)}`})
    assert.equal(exitCode, 0)
    assert.deepEqual(
      requests.map(({authorization}) => authorization),
      [undefined],
    )
  })

  it("check-update: says that apkg is unreleased if npm doesn't know it", async (t) => {
    const {run} = await npmRegistry(t, (_request, response) => response.writeHead(404).end('{}'))
    const {exitCode, stdout} = await run(['check-update'])
    assert.equal(exitCode, 0)
    assert.match(stdout, /no release is available on npm yet/)
  })

  it('check-update: fails with the reason', async (t) => {
    const answers: [RequestListener, number, RegExp][] = [
      [(_request, response) => response.writeHead(500).end(), 5, /status 500/],
      [(_request, response) => response.writeHead(403).end(), 1, /status 403/],
      [(_request, response) => response.end('<html>'), 1, /contains no valid version/],
      [(_request, response) => response.end('{"latest":"\\u001b[31m"}'), 1, /contains no valid version/],
    ]
    for (const [answer, code, message] of answers) {
      const {run} = await npmRegistry(t, answer)
      const {exitCode, stderr} = await run(['check-update'])
      assert.equal(exitCode, code, stderr)
      assert.match(stderr, message)
    }
  })

  it('check-update: sends nothing while offline', async (t) => {
    const {run, requests} = await npmRegistry(t, (_request, response) => response.end('{}'))
    for (const [args, env] of [
      [['check-update', '--offline'], {}],
      [['check-update'], {APKG_OFFLINE: '1'}],
    ] as const) {
      const {exitCode, stderr} = await run([...args], env)
      assert.equal(exitCode, 5)
      assert.match(stderr, /Offline mode: cannot/)
    }
    assert.deepEqual(requests, [])
  })
})

async function npmRegistry(t: TestContext, answer: RequestListener) {
  const {url, requests} = await startNpmRegistry(t, answer)
  const machine = await Machine.start(t)
  return {
    requests,
    run: (args: string[], env: NodeJS.ProcessEnv = {}) => machine.apkg(args, {env: {npm_config_registry: url, ...env}}),
  }
}
