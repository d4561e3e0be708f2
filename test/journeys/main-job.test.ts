import assert from 'node:assert/strict'
import {stat} from 'node:fs/promises'
import {it} from 'node:test'

import {Machine, type Outcome} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {scrub} from '../support/scrub.js'

it('main job: a user logs in and creates a token, a clean machine uses it, and its next request after revocation is refused', async (t) => {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const person = await Machine.start(t)
  const clean = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url}
  const story: string[] = []
  const tell = (command: string, {stdout, stderr, exitCode}: Outcome) => {
    story.push(scrub(`$ ${command}\n${stdout}${stderr}[${exitCode ?? 'signal'}]`, registry.url))
  }

  tell('apkg whoami', await person.apkg(['whoami'], {env}))
  tell(
    'apkg login --username ada --password-stdin',
    await person.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: `${password}\n`}),
  )
  const created = await person.apkg(['token', 'create', '--label', 'ci'], {env})
  tell('apkg token create --label ci', created)
  tell('apkg token list', await person.apkg(['token', 'list'], {env}))
  const withToken = {...env, APKG_TOKEN: created.stdout.trim()}
  tell('APKG_TOKEN=… apkg whoami', await clean.apkg(['whoami'], {env: withToken}))
  tell('APKG_TOKEN=… apkg token create', await clean.apkg(['token', 'create', '--label', 'more'], {env: withToken}))
  tell('apkg token revoke ci', await person.apkg(['token', 'revoke', 'ci'], {env}))
  tell('APKG_TOKEN=… apkg whoami', await clean.apkg(['whoami'], {env: withToken}))
  tell('apkg token list', await person.apkg(['token', 'list'], {env}))
  tell('apkg logout', await person.apkg(['logout'], {env}))
  tell('apkg logout', await person.apkg(['logout'], {env}))

  assert.equal(
    story.join('\n'),
    `$ apkg whoami
Error: Authentication required: no credential for <registry>
  hint: run \`apkg login --registry <registry>\`
  hint: set APKG_TOKEN to an API token, or <variable> for this registry only
[4]
$ apkg login --username ada --password-stdin
Logged in as ada
Registry: <registry>
[0]
$ apkg token create --label ci
<value t>
Created token ci
  id        <id>
  registry  <registry>
  scopes    read, publish
  packages  all
  expires   never
To revoke it, run \`apkg token revoke --registry <registry> <id>\`.
[0]
$ apkg token list
ci\t<id>\t<prefix t>\tread,publish\t*\t<time>\tnever\tnever\tactive\t-\t-\t-\tada\t-
[0]
$ APKG_TOKEN=… apkg whoami
Username: ada
Email: ada@example.com
MFA: disabled
Scopes: read, publish
Registry: <registry>
Credential: APKG_TOKEN (token "ci", ID <id>, does not expire)
Token variable: <variable> (not set)
[0]
$ APKG_TOKEN=… apkg token create
Error: Cannot create an API token at <registry>: A token cannot create tokens (credential: APKG_TOKEN)
  hint: unset APKG_TOKEN and run \`apkg login\`
[3]
$ apkg token revoke ci
Revoked token ci (<id>)
[0]
$ APKG_TOKEN=… apkg whoami
Error: Cannot fetch the current user at <registry>: The token "ci" was revoked at <time> (credential: APKG_TOKEN)
  hint: set APKG_TOKEN to a valid token
  hint: unset APKG_TOKEN and run \`apkg login\`
[4]
$ apkg token list
No API tokens. To create one, run \`apkg token create\`.
[0]
$ apkg logout
Logged out of <registry>. Session revoked.
[0]
$ apkg logout
Not logged in to <registry>
[0]`,
  )
  await assert.rejects(stat(`${clean.home}/.apkg`), {code: 'ENOENT'})
})
