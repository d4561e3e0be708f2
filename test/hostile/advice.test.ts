import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Info from '../../src/commands/info.js'
import KeyList from '../../src/commands/key/list.js'
import Search from '../../src/commands/search.js'
import TokenCreate from '../../src/commands/token/create.js'
import TokenList from '../../src/commands/token/list.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import Whoami from '../../src/commands/whoami.js'
import {json, refusal, type Routes, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'
import {token, worldOf, type Command} from './registry-responses.js'

/** Text that would start a line of advice, and that hides characters. */
const evil = 'ab12\n  hint: run `evil`\r\nError: evil\u2028\u200B\u00AD\u{E0041}\u202E\u001B[2J'

const evilToken = {...token, id: evil, name: evil, prefix: evil, scopes: [evil], packagePatterns: [evil]}

const version = {version: '1.0.0', type: evil, description: evil, license: evil, dist: {integrity: evil, tarball: evil}}

const cases: [Command, string[], Routes][] = [
  [TokenList, [], {'GET /auth/tokens': json(200, {tokens: [evilToken]})}],
  [TokenCreate, ['--label', 'ci'], {'POST /auth/tokens': json(201, {...evilToken, token: 'apkg_n3wb0rn'})}],
  [
    TokenCreate,
    ['--label', 'ci', '--scopes', 'read'],
    {'POST /auth/tokens': json(201, {...token, id: evil, token: 'apkg_n3wb0rn', scopes: ['admin']})},
  ],
  [
    TokenRevoke,
    ['ab12'],
    {'GET /auth/tokens': json(200, {tokens: [evilToken, {...evilToken, id: `${evil}2`, name: `${evil}2`}]})},
  ],
  [TokenRevoke, [evil], {'GET /auth/tokens': json(200, {tokens: []})}],
  [
    Whoami,
    [],
    {
      'GET /auth/whoami': json(200, {
        ...{username: evil, email: evil, scopes: [evil], orgs: [{name: evil, role: evil}]},
        credential: {kind: 'token', id: evil, label: evil, prefix: evil, packagePatterns: [evil], expires: evil},
      }),
    },
  ],
  [Whoami, [], {'GET /auth/whoami': refusal(403, evil, [{field: evil, message: evil}])}],
  [KeyList, [], {'GET /auth/keys': json(200, {keys: [{keyId: evil, name: evil, status: evil, publicKey: evil}]})}],
  [
    Info,
    ['@ada/x'],
    {
      'GET /packages/%40ada%2Fx': json(200, {
        ...{name: '@ada/x', description: evil, distTags: {latest: '1.0.0', [evil]: '1.0.0'}},
        versions: {'1.0.0': version},
      }),
    },
  ],
  [
    Search,
    ['x'],
    {
      'GET /search?q=x&limit=20': json(200, {results: [{name: evil, version: evil, description: evil}], total: 1}),
    },
  ],
]

describe('text of a registry that looks like advice', () => {
  for (const [command, argv, routes] of cases) {
    const [route] = Object.keys(routes)
    it(`${command.name} ${JSON.stringify(argv)}: ${route} starts no line and hides nothing`, async (t) => {
      const registry = await startHostileRegistry(t)
      for (const terminal of [false, true]) {
        registry.answer({...routes, 'DELETE /auth/tokens/ab12': refusal(500, evil)})
        const world = await worldOf(t, registry.url, {terminal})
        const {stdout, stderr} = await runCommand(command, argv, config, world)
        assert.ok(registry.arrivals.length > 0)
        for (const line of (stdout + stderr).split('\n')) {
          assert.doesNotMatch(line, /^\s*(?:hint: run `evil`|Error: evil)/, line)
          assert.doesNotMatch(line, /[\r\u2028\u200B\u00AD\u{E0041}\u202E]|\u001B\[2J/u, line)
        }
      }
    })
  }
})
