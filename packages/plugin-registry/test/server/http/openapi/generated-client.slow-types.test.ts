import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {copyFile, readFile, symlink, writeFile} from 'node:fs/promises'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'

import {writeArchive} from '@apkg/package-format/archive'
import openapiTS, {astToString} from 'openapi-typescript'

import {createWorld, password, temporaryFolder} from '../../../support/world.js'

const root = fileURLToPath(new URL('../../../../../../', import.meta.url))
const example = path.join(root, 'examples/openapi-client')
const document = path.join(root, 'packages/plugin-registry/openapi.json')
const page = path.join(root, 'docs/registry/api-clients.md')

describe('a client with types generated from the committed OpenAPI document', () => {
  it(
    'generated client: the documented examples compile, log in, create a token and publish with it',
    {timeout: 120_000},
    async (t) => {
      const folder = temporaryFolder(t)
      await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
      for (const file of ['package.json', 'publish.ts'])
        await copyFile(path.join(example, file), path.join(folder, file))
      const [, snippet] = /^```ts\n(.*?)^```$/ms.exec(await readFile(page, 'utf8')) ?? []
      assert.ok(snippet, `${page} has a TypeScript example`)
      await writeFile(path.join(folder, 'whoami.ts'), snippet)
      const types = await openapiTS(JSON.parse(await readFile(document, 'utf8')))
      await writeFile(path.join(folder, 'registry.d.ts'), astToString(types))
      const options = [
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        'node',
        '--strict',
        '--exactOptionalPropertyTypes',
      ]
      const compiled = await run(folder, ['node_modules/typescript/bin/tsc', ...options, 'publish.ts', 'whoami.ts'])
      assert.deepEqual(compiled, {output: '', exitCode: 0})

      const world = await createWorld(t)
      await world.addUser('ada')
      await world.app.listen({host: '127.0.0.1', port: 0})
      const REGISTRY = `http://127.0.0.1:${(world.app.server.address() as AddressInfo).port}`
      const manifest = JSON.stringify({name: '@ada/tool', version: '1.0.0', type: 'skill', visibility: 'private'})
      await writeFile(path.join(folder, 'apkg.json'), manifest)
      const content = (text: string) => ({isExecutable: false, content: Buffer.from(text)})
      const files = [
        {path: 'apkg.json', ...content(manifest)},
        {path: 'SKILL.md', ...content('# A tool\n')},
      ]
      await writeFile(path.join(folder, 'package.tar.zst'), await writeArchive(files))
      const published = await run(folder, ['publish.js'], {REGISTRY, USERNAME: 'ada', PASSWORD: password})
      assert.equal(published.exitCode, 0, published.output)
      assert.match(
        published.output,
        /^Created the token openapi-client \(apkgt_\w{6}…\)\nPublished @ada\/tool@1\.0\.0\n$/,
      )
      assert.equal((await world.store.packages.version('@ada/tool', '1.0.0'))?.visibility, 'private')

      const whoami = await run(folder, ['whoami.js'], {REGISTRY, USERNAME: 'ada', PASSWORD: password})
      assert.deepEqual(whoami, {output: "ada [ 'read', 'publish', 'admin' ]\n", exitCode: 0})

      const refused = await run(folder, ['publish.js'], {REGISTRY, USERNAME: 'ada', PASSWORD: 'wrong'})
      assert.match(refused.output, /LOGIN_FAILED: Wrong username or password/)
    },
  )
})

/** Runs a script with Node until it exits. */
async function run(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{output: string; exitCode: number | null}> {
  const child = spawn(process.execPath, args, {cwd: folder, env: {PATH: process.env['PATH'], ...env}})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({output, exitCode})))
}
