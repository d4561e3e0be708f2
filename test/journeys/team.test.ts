import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {writeTree} from '../support/make-tree.js'
import {password, startRegistry} from '../support/registry.js'
import {scrub} from '../support/scrub.js'
import {treeOf} from '../support/tree.js'

const style = {name: '@acme/style', version: '1.0.0', type: 'rule', description: 'How we write'}
const review = {
  ...{name: '@acme/review', version: '1.0.0', type: 'skill', description: 'Reviews a change'},
  ...{visibility: 'private', dependencies: {'@acme/style': '^1.0.0'}},
}
const app = {name: '@acme/app', version: '1.0.0', type: 'project'}

const skill = (text: string) => `---\nname: review\ndescription: Reviews a change\n---\n\n${text}\n`

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`

/** Ada and Bob, who publish for Acme, Carol, who can read Acme's packages, and a machine for each. */
async function startTeam(t: TestContext) {
  const registry = await startRegistry(t)
  const ids = {
    ada: await registry.addUser('ada'),
    bob: await registry.addUser('bob'),
    carol: await registry.addUser('carol'),
  }
  await registry.addOrganization('acme', {[ids.ada]: 'publisher', [ids.bob]: 'publisher', [ids.carol]: 'reader'})
  const [ada, bob, carol] = [await Machine.start(t), await Machine.start(t), await Machine.start(t)]
  const story: string[] = []
  /** Runs a command on a user's machine, records its output and returns its stdout. */
  const commands =
    (name: string, machine: Machine) =>
    async (line: string, folder = '', input?: string) => {
      const options = {env: {APKG_REGISTRY: registry.url}, cwd: path.join(machine.home, folder), input: input ?? ''}
      const {stdout, stderr, exitCode} = await machine.apkg(line.split(' '), options)
      story.push(`${name}$ apkg ${line}\n${stdout}${stderr}${exitCode === 0 ? '' : `[${exitCode ?? 'signal'}]\n`}`)
      return stdout.trim()
    }
  const logIn = (run: ReturnType<typeof commands>, name: string) =>
    run(`login --username ${name} --password-stdin`, '', `${password}\n`)
  /** The output recorded since the last call, without what differs between runs. @param keys ids by key name. */
  const transcript = (keys: Record<string, string>) => {
    let text = scrub(story.splice(0).join(''), registry.url)
    for (const [name, id] of Object.entries(keys)) text = text.replaceAll(id, `<${name}>`)
    for (const {home} of [ada, bob, carol]) text = text.replaceAll(home, '~')
    return text
      .replaceAll(/SHA256_[\w=-]+\.json/g, '<file>')
      .replaceAll(/(public key +).*/g, '$1<public key>')
      .replaceAll(/sha256-[\w+/]+=*/g, '<integrity>')
      .replaceAll(/Size: .*/g, 'Size: <size>')
      .replaceAll(/in \d+\.\ds/g, 'in <time>')
  }
  return {
    machines: {ada, bob, carol},
    run: {ada: commands('ada', ada), bob: commands('bob', bob), carol: commands('carol', carol)},
    logIn,
    transcript,
  }
}

it('team: a user who requires signatures installs from two authors, through a key rotation, an update and a removal', async (t) => {
  const {machines, run, logIn, transcript} = await startTeam(t)
  const {ada, bob, carol} = run

  // Bob publishes a public rule, and Ada a private skill that depends on it. Each signs with their own key.
  await writeTree(path.join(machines.bob.home, 'style'), {
    'apkg.json': json(style),
    'style.md': '---\ndescription: How we write\n---\n# Be brief\n',
  })
  const skillFolder = path.join(machines.ada.home, 'review')
  await writeTree(skillFolder, {
    'apkg.json': json(review),
    'SKILL.md': skill('Read the change.'),
    'scripts/diff.sh': '#!/bin/sh\ngit diff\n',
  })
  await logIn(bob, 'bob')
  const bobsKey = await bob('key generate --name bob@forge')
  await bob('key register')
  await bob('publish', 'style')
  await logIn(ada, 'ada')
  const adasKey = await ada('key generate --name ada@engine')
  await ada('key register')
  await ada('publish --sign', 'review')
  const keys = {"bob's key": bobsKey, "ada's key": adasKey}
  assert.equal(
    transcript(keys),
    `bob$ apkg login --username bob --password-stdin
Logged in as bob
Registry: <registry>
bob$ apkg key generate --name bob@forge
<bob's key>
Generated Ed25519 signing key: bob@forge
  public key   <public key>
  private key  ~/.apkg/keys/<file> (not encrypted, readable only by you)
Register it with \`apkg key register --key <bob's key>\`.
bob$ apkg key register
<bob's key>
Registered signing key: bob@forge
bob$ apkg publish
Size: <size>
Integrity: <integrity>
Server Integrity: <integrity>
Signer: <bob's key>
Publishing @acme/style@1.0.0 to <registry> ...
Published @acme/style@1.0.0
ada$ apkg login --username ada --password-stdin
Logged in as ada
Registry: <registry>
ada$ apkg key generate --name ada@engine
<ada's key>
Generated Ed25519 signing key: ada@engine
  public key   <public key>
  private key  ~/.apkg/keys/<file> (not encrypted, readable only by you)
Register it with \`apkg key register --key <ada's key>\`.
ada$ apkg key register
<ada's key>
Registered signing key: ada@engine
ada$ apkg publish --sign
Size: <size>
Integrity: <integrity>
Server Integrity: <integrity>
Signer: <ada's key>
Publishing @acme/review@1.0.0 to <registry> ...
Published @acme/review@1.0.0
`,
  )

  // Carol's project has folders for Claude Code and Cursor. An anonymous user cannot see the package; she can.
  const project = path.join(machines.carol.home, 'app')
  await writeTree(project, {'apkg.json': json(app), '.claude/': '', '.cursor/': ''})
  const before = await treeOf(project)
  await carol('info @acme/review', 'app')
  await logIn(carol, 'carol')
  await carol('trust set signatures require')
  await carol('add @acme/review', 'app')
  await carol('list', 'app')
  assert.equal(
    transcript(keys),
    `carol$ apkg info @acme/review
Error: Package not found: @acme/review on <registry>: The package does not exist, or you do not have access to it
  hint: check the name
  hint: if the package is private, run \`apkg login --registry <registry>\` or set APKG_TOKEN to an API token
[1]
carol$ apkg login --username carol --password-stdin
Logged in as carol
Registry: <registry>
carol$ apkg trust set signatures require
Set signatures to require
carol$ apkg add @acme/review
Range: ^1.0.0
Location: ~/app/apkg_packages/@acme/review
Integrity: <integrity>
Created: .agents/skills/acme-review/SKILL.md
Created: .agents/skills/acme-review/scripts/diff.sh
Created: .claude/rules/acme-style.md
Created: .claude/skills/acme-review/SKILL.md
Created: .claude/skills/acme-review/scripts/diff.sh
Created: .cursor/rules/acme-style.mdc
Added @acme/review@1.0.0
Also installed 1 transitive dependency
Installed 2 packages in <time>
New scope @acme: @acme/review is published by ada, bob
Detected tools: Claude Code and Cursor
Set up transitive dependencies: @acme/style. To set up direct dependencies only, run \`apkg trust set setupTransitive false\`
carol$ apkg list
@acme/app@1.0.0
\`-- @acme/review@1.0.0
    \`-- @acme/style@1.0.0
`,
  )

  // Ada rotates her key. Carol gets the update without a prompt.
  const nextKey = await ada('key rotate --key ada@engine --name ada@engine-2')
  await writeFile(path.join(skillFolder, 'apkg.json'), json({...review, version: '1.1.0'}))
  await writeFile(path.join(skillFolder, 'SKILL.md'), skill('Read the change twice.'))
  await ada('publish', 'review')
  await carol('outdated', 'app')
  await carol('update', 'app')
  await carol('verify --strict', 'app')
  await carol('audit signatures', 'app')
  assert.equal(
    transcript({...keys, "ada's next key": nextKey}),
    `ada$ apkg key rotate --key ada@engine --name ada@engine-2
<ada's next key>
Rotated signing key: ada@engine-2
  old key  <ada's key> (retired, kept in ~/.apkg/keys/<file>)
  new key  ~/.apkg/keys/<file>
ada$ apkg publish
Size: <size>
Integrity: <integrity>
Server Integrity: <integrity>
Signer: <ada's next key>
Publishing @acme/review@1.1.0 to <registry> ...
Published @acme/review@1.1.0
carol$ apkg outdated
@acme/review\t1.0.0\t1.1.0\t1.1.0
carol$ apkg update
Updated: .agents/skills/acme-review/SKILL.md
Updated: .claude/skills/acme-review/SKILL.md
PACKAGE       CURRENT  UPDATED
@acme/review  1.0.0    1.1.0
Updated 1 package.
Detected tools: Claude Code and Cursor
carol$ apkg verify --strict
@acme/review@1.1.0\tverified\tok\tok\tnone\t-
@acme/style@1.0.0\tverified\tok\tok\tnone\t-
Checked 2 packages: 2 signed, 2 with matching integrity, 2 with unchanged files, 0 with provenance
carol$ apkg audit signatures
2 packages have verified signatures
`,
  )
  const lockfile = JSON.parse(await readFile(path.join(project, 'apkg-lock.json'), 'utf8'))
  assert.equal(lockfile.packages['@acme/review@1.1.0'].signer, nextKey)
  assert.equal(lockfile.packages['@acme/style@1.0.0'].signer, bobsKey)

  // The removal leaves only an empty lockfile.
  await carol('remove @acme/review', 'app')
  assert.equal(
    transcript(keys),
    `carol$ apkg remove @acme/review
Deleted: ~/app/apkg_packages/@acme/review
Deleted: ~/app/apkg_packages/@acme/style
Deleted: .agents/skills/acme-review/SKILL.md
Deleted: .agents/skills/acme-review/scripts/diff.sh
Deleted: .claude/rules/acme-style.md
Deleted: .claude/skills/acme-review/SKILL.md
Deleted: .claude/skills/acme-review/scripts/diff.sh
Deleted: .cursor/rules/acme-style.mdc
Removed @acme/review from dependencies
`,
  )
  const {'apkg-lock.json': _, ...after} = await treeOf(project)
  assert.deepEqual(after, before)
})
