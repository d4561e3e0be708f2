import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {BrowserRequests} from '@apkg/plugin-registry/dist/server/auth/browser-requests.js'
import {CredentialGuard} from '@apkg/plugin-registry/dist/server/auth/credential-guard.js'
import {hashSecret} from '@apkg/plugin-registry/dist/server/auth/credential-values.js'
import {Login} from '@apkg/plugin-registry/dist/server/auth/login.js'
import {defaultConfig} from '@apkg/plugin-registry/dist/server/config.js'
import type {SessionCredential} from '@apkg/plugin-registry/dist/server/store/store.js'

import {password, type TestRegistry} from './registry.js'

const client = {address: '127.0.0.1', agent: 'a browser'}

/** What a user does in a browser: logs in, and decides a request. */
export function browserOf(registry: TestRegistry, username: string) {
  const {store} = registry
  const clock = () => registry.clock.now
  const requests = new BrowserRequests(
    store,
    new CredentialGuard(store, () => undefined),
    clock,
    () => registry.url,
    defaultConfig,
  )
  const decide = async (selector: {code: string} | {id: string}, isApproved: boolean) => {
    const login = await new Login(store, clock, defaultConfig).inBrowser().withPassword({username, password}, client)
    assert.ok('accessToken' in login)
    const credential = (await store.credentials.find('session', hashSecret(login.accessToken))) as SessionCredential
    const found =
      'code' in selector
        ? await requests.findByCode(selector.code, credential, client)
        : await requests.findById(selector.id, credential)
    assert.ok(found)
    const decided = await requests.decide(found, isApproved, credential, client)
    assert.ok(decided !== 'closed')
    return decided.redirect
  }
  return {
    /** Decides the request with a code. */
    async enter(code: string, isApproved = true) {
      await decide({code}, isApproved)
    },
    /** Decides a request of a client on this machine, and follows the link back to it. */
    async visit(address: string, isApproved = true) {
      const redirect = await decide({id: new URL(address).searchParams.get('request') ?? ''}, isApproved)
      const {status} = await fetch(redirect ?? '')
      assert.equal(status, 200)
    },
  }
}

/**
 * A directory for `PATH` with the program that opens the user's browser.
 *
 * @returns `opened` resolves to the address that it was called with
 */
export async function fakeOpener(home: string): Promise<{bin: string; opened: () => Promise<string>}> {
  const bin = path.join(home, 'bin')
  const file = path.join(home, 'opened.txt')
  await mkdir(bin)
  for (const name of ['xdg-open', 'open']) {
    const script = `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > ${file}.new && mv ${file}.new ${file}\n`
    await writeFile(path.join(bin, name), script)
    await chmod(path.join(bin, name), 0o755)
  }
  return {
    bin,
    async opened() {
      for (;;) {
        const lines = await readFile(file, 'utf8').then(
          (text) => text.split('\n'),
          () => undefined,
        )
        if (lines) {
          assert.equal(lines[0], '1')
          return lines[1] ?? ''
        }
        await sleep(20)
      }
    },
  }
}
