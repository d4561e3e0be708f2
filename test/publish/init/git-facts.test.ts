import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {chmod, readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {gitFacts, httpsUrl} from '../../../src/publish/init/git-facts.js'
import {makeTree} from '../../support/make-tree.js'

describe('gitFacts', () => {
  it('git facts: returns user name, email and the https URL of the remote', async (t) => {
    const folder = await makeTree(t, {})
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args])
    git('init', '--quiet')
    git('config', 'user.name', 'Ada L')
    git('config', 'user.email', 'ada@example.com')
    git('remote', 'add', 'origin', 'git@example.com:ada/tool.git')
    const {PATH} = process.env
    const facts = await gitFacts(folder, {PATH, HOME: folder})
    assert.deepEqual(facts, {name: 'Ada L', email: 'ada@example.com', repository: 'https://example.com/ada/tool'})
  })

  it('git facts: are empty if git is missing or fails', async (t) => {
    const nothing = {name: undefined, email: undefined, repository: undefined}
    const folder = await makeTree(t, {})
    assert.deepEqual(await gitFacts(folder, {PATH: folder, HOME: folder}), nothing)
  })

  it('git facts: git gets no token or passphrase in its environment', async (t) => {
    const folder = await makeTree(t, {git: '#!/bin/sh\nenv > seen.$1\n'})
    await chmod(path.join(folder, 'git'), 0o755)
    const env = {
      PATH: `${folder}:${process.env['PATH']}`,
      HOME: folder,
      APKG_TOKEN: 'a',
      apkg_token_registry: 'b',
      APKG_KEY_PASSPHRASE: 'd',
      KEPT: 'c',
    }
    await gitFacts(folder, env)
    const seen = await readFile(path.join(folder, 'seen.remote'), 'utf8')
    assert.match(seen, /^KEPT=c$/m)
    assert.doesNotMatch(seen, /apkg_(token|key)/i)
  })

  it('git facts: the URL omits user, password and `.git`, and is undefined for a local remote', () => {
    const addresses = {
      'https://ada:secret@example.com/ada/tool.git': 'https://example.com/ada/tool',
      'https://example.com:8443/ada/tool/': 'https://example.com:8443/ada/tool',
      'ssh://git@example.com:2222/ada/tool.git': 'https://example.com/ada/tool',
      'git@example.com:ada/tool': 'https://example.com/ada/tool',
      'git://example.com/ada/tool.git': 'https://example.com/ada/tool',
      '/home/ada/tool.git': undefined,
      '../tool': undefined,
      'file:///home/ada/tool': undefined,
      'C:\\repos\\tool': undefined,
      'C:/repos/tool': undefined,
    }
    for (const [remote, expected] of Object.entries(addresses)) assert.equal(httpsUrl(remote), expected, remote)
  })
})
