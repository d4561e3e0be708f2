import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenResume from '../../../src/commands/token/resume.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import TokenShow from '../../../src/commands/token/show.js'
import TokenSuspend from '../../../src/commands/token/suspend.js'
import TrustedPublisherList from '../../../src/commands/trusted-publisher/list.js'
import {errorOf, startSession} from '../../support/command.js'

const calls: [command: Parameters<Awaited<ReturnType<typeof startSession>>['run']>[0], argv: string[]][] = [
  [TokenResume, ['other']],
  [TokenRotate, ['other']],
  [TokenList, ['--org', 'acme']],
  [TokenShow, ['other', '--org', 'acme']],
  [TokenRotate, ['other', '--org', 'acme']],
  [TokenResume, ['other', '--org', 'acme']],
  [TokenRevoke, ['other', '--org', 'acme']],
  [TrustedPublisherList, []],
]

describe('a command that requires a login', () => {
  for (const scope of ['read', 'token:read', 'admin']) {
    it(`login required: the error for a token with the scope ${scope} suggests a login, and never another scope`, async (t) => {
      const {run} = await startSession(t)
      await run(TokenCreate, ['--label', 'other'])
      await run(TokenSuspend, ['other'])
      const {stdout} = await run(TokenCreate, ['--label', 'ci', '--scopes', scope])
      const env = {APKG_TOKEN: stdout.trim()}
      for (const [command, argv] of calls) {
        const refused = await run(command, [...argv, '--json'], {env})
        const {code, reason, suggestions: hints} = errorOf(refused)
        const name = `${command.name} ${argv.join(' ')}`
        assert.deepEqual([code, refused.exitCode, reason], ['REFUSED', 3, 'SESSION_REQUIRED'], name)
        assert.match(hints[0] ?? '', /^unset APKG_TOKEN/, name)
        assert.doesNotMatch(hints.join(), /scopes/, name)
      }
    })
  }
})
