import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {sessionLifetimes} from '../../../src/server/store/session-lifetimes.js'
import {type Credential, operator, type RegistryStore, type VersionDraft} from '../../../src/server/store/store.js'
import {sha256Of, versionDraft} from '../../support/package-drafts.js'

const hash = (text: string) => new Uint8Array(Buffer.from(text.padEnd(32, '.')))

const name = '@acme/tool'

type DraftChanges = Partial<VersionDraft> & {content?: string}

/**
 * A store with an organization and three users, each with a session and a token: ada publishes for @acme, bob reads there,
 * eve has nothing to do with it.
 */
async function openWithAcme(store: RegistryStore) {
  await store.organizations.add({id: 'o1', name: 'acme'}, operator, 1)
  const sessions: Record<string, Credential> = {}
  for (const user of ['ada', 'bob', 'eve']) {
    await store.users.add({id: user, name: user, email: `${user}@example.com`, passwordHash: 'h'}, operator, 1)
    const session = {id: `s-${user}`, accessHash: hash(`access ${user}`), refreshHash: hash(`refresh ${user}`)}
    const login = {userId: user, passwordHash: 'h', session, lifetimes: sessionLifetimes, clears: []}
    await store.logins.completePassword(login, operator, 1)
    sessions[user] = (await store.credentials.find('session', session.accessHash))!
  }
  await store.organizations.setMember({organizationId: 'o1', userId: 'ada', role: 'publisher'}, operator, 1)
  await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'reader'}, operator, 1)
  const ada = sessions['ada']!
  return {
    store,
    sessions,
    ada,
    publish: (changes: DraftChanges = {}, now = 10, credential = ada) =>
      store.packages.publish(versionDraft({name, ...changes}), credential, operator, now),
    tokenOf: async (user: string, changes: object = {}) => {
      const id = `t-${user}`
      await store.tokens.create(
        {
          ...{id, userId: user, sessionId: `s-${user}`, label: 'ci', hash: hash(id), prefix: 'apkgt_'},
          ...{lifetime: 'never', scopes: ['publish' as const], patterns: [], expiresAt: null, ...changes},
        },
        10,
        operator,
        2,
      )
      return (await store.credentials.find('token', hash(id)))!
    },
  }
}

type Acme = Awaited<ReturnType<typeof openWithAcme>>

/** What every store has to do with organizations and packages, whatever it keeps its data in. */
export function describePackageStore(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))
  const tagsOf = async ({store}: Acme) => (await store.packages.find(name))?.distTags
  const search = async ({store, sessions}: Acme, text: string, user?: string, patterns: string[] = []) => {
    const reader = user === undefined ? undefined : {userId: sessions[user]!.owner.id, patterns}
    const {total, hits} = await store.packages.search({text, limit: 100, offset: 0}, reader)
    assert.equal(total, hits.length)
    return hits.map((hit) => hit.name)
  }

  describe(`organizations in ${title}`, () => {
    it('share their names with users, and no name is given twice', async (t) => {
      const {store} = await scenario(t)
      assert.equal(await store.organizations.add({id: 'o2', name: 'ada'}, operator, 2), 'taken')
      assert.equal(await store.organizations.add({id: 'o2', name: 'acme'}, operator, 2), 'taken')
      const user = {id: 'u9', name: 'acme', email: 'a@example.com', passwordHash: 'h'}
      assert.equal(await store.users.add(user, operator, 2), 'taken')
      assert.deepEqual(await store.organizations.list(), [{id: 'o1', name: 'acme', createdAt: 1}])
      assert.deepEqual(await store.organizations.find('acme'), {id: 'o1', name: 'acme', createdAt: 1})
      assert.equal(await store.organizations.find('ada'), undefined)
    })

    it('have members with one role each, until they are removed or their user is', async (t) => {
      const {store} = await scenario(t)
      const bob = {organizationId: 'o1', userId: 'bob'}
      assert.equal(await store.organizations.setMember({...bob, role: 'reader'}, operator, 2), 'unchanged')
      assert.equal(await store.organizations.setMember({...bob, role: 'publisher'}, operator, 2), 'changed')
      assert.deepEqual(await store.organizations.members('o1'), [
        {userId: 'ada', name: 'ada', role: 'publisher'},
        {userId: 'bob', name: 'bob', role: 'publisher'},
      ])
      assert.deepEqual(await store.organizations.ofUser('bob'), [{name: 'acme', role: 'publisher'}])
      assert.equal(await store.organizations.removeMember(bob, operator, 3), 'removed')
      assert.equal(await store.organizations.removeMember(bob, operator, 3), 'absent')
      await store.users.remove('ada', operator, 4)
      assert.deepEqual(await store.organizations.members('o1'), [])
    })

    it('write each change of theirs into the audit log, once', async (t) => {
      const {store} = await scenario(t)
      await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'reader'}, operator, 2)
      await store.organizations.removeMember({organizationId: 'o1', userId: 'bob'}, operator, 3)
      const rows = (await store.audit.latest(100)).filter(({action}) => action.startsWith('org.'))
      assert.deepEqual(
        rows.map(({action, target, detail}) => [action, target, detail]),
        [
          ['org.remove', 'o1', {user: 'bob'}],
          ['org.add', 'o1', {user: 'bob', role: 'reader'}],
          ['org.add', 'o1', {user: 'ada', role: 'publisher'}],
          ['org.create', 'o1', {name: 'acme'}],
        ],
      )
    })
  })

  describe(`suspended tokens in ${title}`, () => {
    it('are those that were not revoked, and are resumed by their ids', async (t) => {
      const {store, tokenOf} = await scenario(t)
      await tokenOf('ada')
      await tokenOf('bob')
      await store.tokens.revoke({userId: 'bob', id: 't-bob'}, operator, 3)
      assert.equal(await store.tokens.suspendAll(operator, 4), 1)
      assert.equal(await store.tokens.suspendAll(operator, 5), 0)
      const suspended = [{id: 't-ada', label: 'ci', username: 'ada', suspendedAt: 4}]
      assert.deepEqual(await store.tokens.suspended(), suspended)
      assert.deepEqual(await store.tokens.resume(['t-bob', 'unknown'], operator, 6), [])
      assert.deepEqual(await store.tokens.resume(['t-ada'], operator, 6), suspended)
      const token = await store.credentials.find('token', hash('t-ada'))
      assert.equal(token?.kind === 'token' && token.suspendedAt, null)
    })

    it('come with the end of all sessions where both are asked for', async (t) => {
      const {store} = await scenario(t)
      assert.equal(await store.sessions.endAll(operator, 3), 3)
      assert.equal(await store.sessions.endAll(operator, 4), 0)
      assert.equal((await store.credentials.find('session', hash('access ada')))?.revokedAt, 3)
    })
  })

  describe(`packages in ${title}`, () => {
    it('are told with all that was said of them', async (t) => {
      const acme = await scenario(t)
      const said = {
        ...{
          type: 'agent',
          description: 'Does it',
          license: 'MIT',
          keywords: ['a', 'b'],
          homepage: 'https://example.com',
        },
        ...{
          repository: 'https://example.com/r',
          origin: 'cursor',
          targets: ['cursor'],
          dependencies: {'@a/b': '^1.0.0'},
        },
      }
      await acme.publish({...said, readme: '# Tool', provenance: {subject: []}}, 10)
      await acme.publish({version: '1.1.0', tag: 'next'}, 20)
      const minimal = {description: null, license: null, keywords: null, homepage: null, repository: null}
      const none = {...minimal, origin: null, targets: null, dependencies: null}
      const found = {
        size: 1000,
        unpackedSize: 3000,
        fileCount: 2,
        publishedBy: 'ada',
        deprecated: null,
        signature: null,
      }
      const record = await acme.store.packages.find(name)
      const {signingKey, versions = [], ...told} = record ?? {}
      const signed = versions.map(({attestations: [first, ...others], ...version}) => {
        assert.deepEqual([first?.keyId, others], [signingKey, []])
        return version
      })
      assert.deepEqual(
        {...told, versions: signed},
        {
          ...{
            name,
            visibility: 'public',
            revision: 2,
            createdAt: 10,
            updatedAt: 20,
            deprecated: null,
            readme: '# Tool',
          },
          maintainers: [{username: 'ada', role: 'publisher'}],
          signers: [],
          distTags: {latest: '1.0.0', next: '1.1.0'},
          versions: [
            {version: '1.0.0', sha256: sha256Of(`${name}@1.0.0 `), publishedAt: 10, ...found, ...said},
            {version: '1.1.0', type: 'skill', sha256: sha256Of(`${name}@1.1.0 `), publishedAt: 20, ...found, ...none},
          ],
        },
      )
      assert.deepEqual(await acme.store.packages.provenance(name, '1.0.0'), {subject: []})
      assert.equal(await acme.store.packages.provenance(name, '1.1.0'), undefined)
      assert.equal(await acme.store.packages.find('@acme/other'), undefined)
      assert.equal(await acme.store.packages.state('@acme/other'), undefined)
    })

    it('have a state that every change renews, and that names those who may publish', async (t) => {
      const {store, ada, publish} = await scenario(t)
      const revisions: (number | undefined)[] = []
      const note = async () => void revisions.push((await store.packages.state(name))?.revision)
      await publish()
      await note()
      await publish({version: '2.0.0'})
      await note()
      await store.packages.setTag({name, tag: 'old', version: '1.0.0'}, ada, operator, 11)
      await note()
      await store.packages.deprecate({name, message: 'no'}, ada, operator, 12)
      await note()
      await store.packages.removeTag({name, tag: 'old'}, ada, operator, 13)
      await note()
      await store.packages.takeDown({name, version: '2.0.0', reason: 'malware'}, operator, 14)
      await note()
      assert.deepEqual(revisions, [1, 2, 3, 4, 5, 6])
      await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'publisher'}, operator, 15)
      await store.users.remove('ada', operator, 16)
      assert.deepEqual((await store.packages.state(name))?.maintainers, [{username: 'bob', role: 'publisher'}])
    })

    it('write a version once: the same bytes again are identical, others are refused', async (t) => {
      const {store, publish} = await scenario(t)
      assert.deepEqual(await publish({}, 10), {outcome: 'published', publishedAt: 10, tag: 'latest', signer: null})
      assert.deepEqual(await publish({}, 20), {outcome: 'identical', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual(await publish({content: 'other'}, 30), {outcome: 'exists'})
      const record = await store.packages.find(name)
      assert.deepEqual([record?.revision, record?.versions.length], [1, 1])
      assert.equal((await store.audit.latest(100)).filter(({action}) => action === 'package.publish').length, 1)
    })

    it('let only one of several at a time write a version', async (t) => {
      const {publish} = await scenario(t)
      const outcomes = await Promise.all(['a', 'b', 'a'].map((content) => publish({content})))
      assert.deepEqual(
        outcomes.map(({outcome}) => outcome),
        ['published', 'exists', 'identical'],
      )
    })

    it('keep the visibility that they were first published with', async (t) => {
      const {publish} = await scenario(t)
      await publish({visibility: 'private'})
      assert.deepEqual(await publish({version: '2.0.0', visibility: 'public'}), {outcome: 'visibility-fixed'})
    })

    it('are published by the owner of the scope and the publishers of the organization, and nobody else', async (t) => {
      const {publish, sessions} = await scenario(t)
      const attempt = async (scope: string, user: string) =>
        (await publish({name: `@${scope}/by-${user}`}, 10, sessions[user])).outcome
      assert.equal(await attempt('ada', 'ada'), 'published')
      assert.equal(await attempt('ada', 'bob'), 'forbidden')
      assert.equal(await attempt('acme', 'ada'), 'published')
      assert.equal(await attempt('acme', 'bob'), 'forbidden')
      assert.equal(await attempt('acme', 'eve'), 'forbidden')
      assert.equal(await attempt('nobody', 'eve'), 'forbidden')
    })

    const ends: Record<string, (acme: Acme) => Promise<unknown>> = {
      'was revoked': ({store}) => store.tokens.revoke({userId: 'ada', id: 't-ada'}, operator, 5),
      'was suspended': ({store}) => store.tokens.suspendAll(operator, 5),
      'belongs to a user who was disabled': ({store}) => store.users.setDisabled('ada', true, operator, 5),
      'belongs to a user who was removed': ({store}) => store.users.remove('ada', operator, 5),
    }
    for (const [title, end] of Object.entries(ends)) {
      it(`are not changed by a token that ${title} while the request was under way`, async (t) => {
        const acme = await scenario(t)
        const token = await acme.tokenOf('ada')
        await acme.publish()
        await end(acme)
        const {packages} = acme.store
        assert.deepEqual(await acme.publish({version: '2.0.0'}, 10, token), {outcome: 'credential-ended'})
        assert.equal(
          await packages.setTag({name, tag: 'x-y', version: '1.0.0'}, token, operator, 10),
          'credential-ended',
        )
        assert.equal(await packages.removeTag({name, tag: 'latest'}, token, operator, 10), 'credential-ended')
        assert.equal(await packages.deprecate({name, message: 'no'}, token, operator, 10), 'credential-ended')
      })
    }

    it('are not changed by a token that ran out while the request was under way, nor by an ended session', async (t) => {
      const {store, publish, tokenOf, ada} = await scenario(t)
      const token = await tokenOf('ada', {expiresAt: 100})
      assert.equal((await publish({}, 99, token)).outcome, 'published')
      assert.equal((await publish({version: '2.0.0'}, 100, token)).outcome, 'credential-ended')
      assert.equal((await publish({version: '2.0.0'}, 1 + sessionLifetimes.access, ada)).outcome, 'credential-ended')
      await store.users.revokeAll('ada', operator, 101)
      assert.equal((await publish({version: '2.0.0'}, 102, ada)).outcome, 'credential-ended')
    })

    it('are not changed by somebody who lost the role, nor beyond the scopes and patterns of a token', async (t) => {
      const {store, publish, tokenOf, ada} = await scenario(t)
      const patterned = await tokenOf('ada', {patterns: ['@acme/tool-*']})
      assert.equal((await publish({name: '@acme/tool-x'}, 10, patterned)).outcome, 'published')
      assert.equal((await publish({}, 10, patterned)).outcome, 'forbidden')
      await store.tokens.revoke({userId: 'ada', id: patterned.id}, operator, 11)
      const reading = await tokenOf('eve', {scopes: ['read']})
      assert.equal((await publish({name: '@eve/tool'}, 12, reading)).outcome, 'forbidden')
      await publish()
      await store.organizations.setMember({organizationId: 'o1', userId: 'ada', role: 'reader'}, operator, 13)
      assert.equal((await publish({version: '2.0.0'}, 14)).outcome, 'forbidden')
      assert.equal(await store.packages.setTag({name, tag: 'old', version: '1.0.0'}, ada, operator, 14), 'forbidden')
      assert.equal(await store.packages.removeTag({name, tag: 'latest'}, ada, operator, 14), 'forbidden')
      assert.equal(await store.packages.deprecate({name, message: 'no'}, ada, operator, 14), 'forbidden')
    })

    it('tell at once how somebody stands to them, whether or not they exist', async (t) => {
      const {store, publish} = await scenario(t)
      await publish({visibility: 'private'})
      const standing = (user?: string, of = name) => store.packages.standing(of, user)
      assert.deepEqual(await standing('ada'), {visibility: 'private', role: 'publisher'})
      assert.deepEqual(await standing('bob'), {visibility: 'private', role: 'reader'})
      assert.deepEqual(await standing('eve'), {visibility: 'private', role: undefined})
      assert.deepEqual(await standing(), {visibility: 'private', role: undefined})
      assert.deepEqual(await standing('ada', '@acme/none'), {visibility: undefined, role: 'publisher'})
      assert.deepEqual(await standing('ada', '@ada/none'), {visibility: undefined, role: 'owner'})
      assert.deepEqual(await standing('ada', '@nobody/none'), {visibility: undefined, role: undefined})
    })
  })

  describe(`dist-tags in ${title}`, () => {
    it('name the newest stable version `latest`, and a prerelease only where it is the first', async (t) => {
      const acme = await scenario(t)
      const tag = async (changes: DraftChanges) => {
        const publication = await acme.publish(changes)
        assert.equal(publication.outcome, 'published')
        return publication.outcome === 'published' ? publication.tag : undefined
      }
      assert.equal(await tag({version: '1.0.0-rc.1'}), 'latest')
      assert.equal(await tag({version: '1.0.0-rc.2'}), undefined)
      assert.deepEqual(await tagsOf(acme), {latest: '1.0.0-rc.1'})
      assert.equal(await tag({version: '1.0.0'}), 'latest')
      assert.equal(await tag({version: '2.0.0-rc.1', tag: 'next'}), 'next')
      assert.equal(await tag({version: '1.0.1', tag: 'old'}), 'old')
      assert.deepEqual(await tagsOf(acme), {latest: '1.0.0', next: '2.0.0-rc.1', old: '1.0.1'})
    })

    it('leave `latest` where it is when an older line is mended, unless it is asked for', async (t) => {
      const acme = await scenario(t)
      await acme.publish({version: '2.0.0'})
      const mended = await acme.publish({version: '1.10.1'})
      assert.deepEqual(mended, {outcome: 'published', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0'})
      await acme.publish({version: '10.0.0'})
      assert.deepEqual(await tagsOf(acme), {latest: '10.0.0'})
      await acme.publish({version: '1.10.2', tag: 'latest'})
      assert.deepEqual(await tagsOf(acme), {latest: '1.10.2'})
    })

    it('are set by publishing the same bytes again, where one is named', async (t) => {
      const acme = await scenario(t)
      await acme.publish()
      await acme.publish({version: '2.0.0'})
      const actions = async () => (await acme.store.audit.latest(100)).map(({action}) => action)
      const before = await actions()
      assert.deepEqual(await acme.publish(), {outcome: 'identical', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual([await tagsOf(acme), await actions()], [{latest: '2.0.0'}, before])
      const again = await acme.publish({tag: 'old'}, 20)
      assert.deepEqual(again, {outcome: 'identical', publishedAt: 10, tag: 'old', signer: null})
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0', old: '1.0.0'})
      const [row] = await acme.store.audit.latest(1)
      assert.deepEqual([row?.action, row?.target, row?.detail], ['package.tag', `${name}@1.0.0`, {tag: 'old'}])
      assert.deepEqual(await acme.publish({tag: 'old'}, 21), again)
      assert.deepEqual(await actions(), ['package.tag', ...before])
    })

    it('give the first version `latest` beside the tag that was asked for', async (t) => {
      const acme = await scenario(t)
      assert.deepEqual(await acme.publish({tag: 'beta'}), {
        outcome: 'published',
        publishedAt: 10,
        tag: 'beta',
        signer: null,
      })
      assert.deepEqual(await tagsOf(acme), {beta: '1.0.0', latest: '1.0.0'})
    })

    it('are moved and removed, and tell what is not there', async (t) => {
      const acme = await scenario(t)
      const {packages} = acme.store
      const set = (tag: string, version: string, of = name) =>
        packages.setTag({name: of, tag, version}, acme.ada, operator, 20)
      const remove = (tag: string, of = name) => packages.removeTag({name: of, tag}, acme.ada, operator, 20)
      assert.equal(await set('old', '1.0.0'), 'package-unknown')
      assert.equal(await remove('old'), 'package-unknown')
      await acme.publish()
      assert.equal(await set('old', '9.0.0'), 'version-unknown')
      assert.equal(await set('old', '1.0.0'), 'set')
      assert.equal(await set('old', '1.0.0'), 'set')
      assert.equal(await remove('old'), 'removed')
      assert.equal(await remove('old'), 'tag-unknown')
      const rows = (await acme.store.audit.latest(2)).map(({action, target, detail}) => [action, target, detail])
      assert.deepEqual(rows, [
        ['package.untag', `${name}@1.0.0`, {tag: 'old'}],
        ['package.tag', `${name}@1.0.0`, {tag: 'old'}],
      ])
    })
  })

  describe(`deprecation in ${title}`, () => {
    it('is of a package or of a version, and is taken back', async (t) => {
      const {store, ada, publish} = await scenario(t)
      const deprecate = (deprecation: {name: string; version?: string; message: string | null}) =>
        store.packages.deprecate(deprecation, ada, operator, 20)
      assert.equal(await deprecate({name, message: 'no'}), 'package-unknown')
      await publish()
      assert.equal(await deprecate({name, version: '2.0.0', message: 'no'}), 'version-unknown')
      assert.equal(await deprecate({name, message: 'use another'}), 'done')
      assert.equal(await deprecate({name, version: '1.0.0', message: 'broken'}), 'done')
      const told = async () => {
        const record = await store.packages.find(name)
        return [record?.deprecated, record?.versions[0]?.deprecated]
      }
      assert.deepEqual(await told(), ['use another', 'broken'])
      assert.equal(await deprecate({name, message: null}), 'done')
      assert.equal(await deprecate({name, version: '1.0.0', message: null}), 'done')
      assert.deepEqual(await told(), [null, null])
    })
  })

  describe(`a version that was taken down, in ${title}`, () => {
    const takeDown = ({store}: Acme, version: string) =>
      store.packages.takeDown({name, version, reason: 'malware'}, operator, 50)

    it('is in no answer, and its number is not given again', async (t) => {
      const acme = await scenario(t)
      await acme.publish({provenance: {subject: []}, keywords: ['pretty']})
      await acme.publish({version: '1.1.0', tag: 'next'})
      assert.deepEqual(await takeDown(acme, '1.0.0'), {
        outcome: 'taken-down',
        moved: [{tag: 'latest', version: '1.1.0'}],
        removed: [],
      })
      const {packages} = acme.store
      assert.deepEqual(
        (await packages.find(name))?.versions.map(({version}) => version),
        ['1.1.0'],
      )
      assert.equal(await packages.provenance(name, '1.0.0'), undefined)
      assert.deepEqual(await search(acme, 'pretty'), [])
      assert.deepEqual((await packages.version(name, '1.0.0'))?.takenDown, {at: 50, reason: 'malware'})
      assert.equal((await packages.version(name, '1.1.0'))?.takenDown, undefined)
      assert.deepEqual(await acme.publish(), {outcome: 'retired'})
      assert.equal(await packages.setTag({name, tag: 'old', version: '1.0.0'}, acme.ada, operator, 51), 'retired')
      const deprecation = {name, version: '1.0.0', message: 'no'}
      assert.equal(await packages.deprecate(deprecation, acme.ada, operator, 51), 'taken-down')
      const again = await takeDown(acme, '1.0.0')
      assert.deepEqual(again, {outcome: 'taken-down-before', reason: 'malware'})
      assert.deepEqual(await takeDown(acme, '9.0.0'), {outcome: 'version-unknown'})
      const other = {name: '@acme/other', version: '1.0.0', reason: 'malware'}
      assert.deepEqual(await packages.takeDown(other, operator, 52), {outcome: 'package-unknown'})
      assert.equal((await acme.store.audit.latest(100)).filter(({action}) => action === 'package.takedown').length, 1)
    })

    it('leaves `latest` to the highest stable version, and its other dist-tags to nobody', async (t) => {
      const acme = await scenario(t)
      for (const version of ['1.2.0', '1.10.0', '2.0.0-rc.1', '1.9.0']) await acme.publish({version, tag: 'wip'})
      await acme.store.packages.setTag({name, tag: 'latest', version: '1.9.0'}, acme.ada, operator, 20)
      const moved = [{tag: 'latest', version: '1.10.0'}]
      assert.deepEqual(await takeDown(acme, '1.9.0'), {outcome: 'taken-down', moved, removed: ['wip']})
      await takeDown(acme, '1.10.0')
      await takeDown(acme, '1.2.0')
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0-rc.1'})
      assert.deepEqual(await takeDown(acme, '2.0.0-rc.1'), {outcome: 'taken-down', moved: [], removed: ['latest']})
      assert.deepEqual(await tagsOf(acme), {})
      assert.deepEqual(await search(acme, ''), [])
      await acme.publish({version: '3.0.0', tag: 'next'})
      assert.deepEqual(await tagsOf(acme), {latest: '3.0.0', next: '3.0.0'})
    })

    it('gives up its bytes unless another version has them', async (t) => {
      const acme = await scenario(t)
      const {packages} = acme.store
      const sha256 = sha256Of('shared')
      await acme.publish({sha256})
      await acme.publish({sha256, name: '@acme/twin'})
      await acme.publish({name: '@acme/other', sha256: sha256Of('other'), size: 5})
      const all = [sha256Of('other'), sha256].sort()
      assert.deepEqual(
        (await packages.referencedBlobs()).map((blob) => blob.sha256),
        all,
      )
      await takeDown(acme, '1.0.0')
      assert.equal(await packages.isReferenced(sha256), true)
      await packages.takeDown({name: '@acme/twin', version: '1.0.0', reason: 'malware'}, operator, 51)
      assert.equal(await packages.isReferenced(sha256), false)
      assert.deepEqual(await packages.referencedBlobs(), [{sha256: sha256Of('other'), size: 5}])
    })
  })

  describe(`search in ${title}`, () => {
    it('puts names before keywords before descriptions before readmes, and deprecated ones behind their equals', async (t) => {
      const acme = await scenario(t)
      const often = 'lint '.repeat(50)
      await acme.publish({name: '@acme/readme', readme: often})
      await acme.publish({name: '@acme/description', description: 'A lint for all'})
      await acme.publish({name: '@acme/keyword', keywords: ['lint'], readme: often.repeat(10)})
      await acme.publish({name: '@acme/lint-old', description: often})
      await acme.publish({name: '@acme/lint-new'})
      await acme.publish({name: '@acme/lint', description: 'Something'})
      await acme.publish({name: '@acme/none', description: 'Something'})
      await acme.store.packages.deprecate({name: '@acme/lint-old', message: 'no'}, acme.ada, operator, 20)
      const ranked = ['lint', 'lint-new', 'lint-old', 'keyword', 'description', 'readme'].map((each) => `@acme/${each}`)
      assert.deepEqual(await search(acme, 'lint'), ranked)
      assert.deepEqual((await search(acme, 'LINT-OLD'))[0], '@acme/lint-old')
    })

    it('finds packages that have all the words, the last by how it begins, whatever case and accents', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'Réviews the code'})
      for (const text of ['REVIEWS co', 'co', 'code the reviews', '@acme/to', 'code code', 'code-review']) {
        assert.deepEqual(await search(acme, text), [name], text)
      }
      for (const text of ['reviews lint', 'rev code', 'views', 'c', 'the c']) {
        assert.deepEqual(await search(acme, text), [], text)
      }
    })

    it('looks for eight words, however many are typed', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'a b c d e f g h'})
      assert.deepEqual(await search(acme, 'a b a b a b a b c d e f g h'), [name])
      assert.deepEqual(await search(acme, 'a b c d e f g h other'), [name])
      assert.deepEqual(await search(acme, 'a b c d e f g other h'), [])
    })

    it('finds and counts a thousand packages, that of the very name in any case', async (t) => {
      const acme = await scenario(t)
      const others = Array.from({length: 1001}, (_, number) => `@acme/tool-${number}`)
      await Promise.all([name, ...others].map((each) => acme.publish({name: each})))
      for (const text of ['', 'tool']) {
        const {total, hits} = await acme.store.packages.search({text, limit: 20, offset: 990}, undefined)
        assert.deepEqual([total, hits.length], [1000, 10])
      }
      for (const text of ['tool', name]) {
        const {hits} = await acme.store.packages.search({text, limit: 1, offset: 0}, undefined)
        assert.equal(hits[0]?.name, name)
      }
    })

    it('takes nothing that is typed for its own syntax', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'tool "for" description NEAR you'})
      for (const text of [
        'tool OR nothing',
        'name:nothing',
        'NOT tool',
        'nothing*',
        '"tool nothing',
        '^nothing',
        'a"b',
      ]) {
        assert.deepEqual(await search(acme, text), [], text)
      }
      for (const text of ['"', '* - ()', "';--", '{', '\u{1F600}']) assert.deepEqual(await search(acme, text), [], text)
      assert.deepEqual(await search(acme, '"for" NEAR'), [name])
    })

    it('follows `latest`, not the newest version', async (t) => {
      const acme = await scenario(t)
      await acme.publish({description: 'first'})
      await acme.publish({version: '2.0.0-rc.1', tag: 'next', description: 'second'})
      assert.deepEqual([await search(acme, 'first'), await search(acme, 'second')], [[name], []])
      await acme.store.packages.setTag({name, tag: 'latest', version: '2.0.0-rc.1'}, acme.ada, operator, 20)
      assert.deepEqual([await search(acme, 'first'), await search(acme, 'second')], [[], [name]])
    })

    it('shows private packages to those who may read them alone, also in its count', async (t) => {
      const acme = await scenario(t)
      await acme.publish({visibility: 'private', description: 'secret'})
      await acme.publish({name: '@ada/secret', visibility: 'private'}, 11)
      await acme.publish({name: '@acme/public'}, 12)
      for (const text of ['', 'secret']) {
        const open = text === '' ? ['@acme/public'] : []
        assert.deepEqual(await search(acme, text), open)
        assert.deepEqual(await search(acme, text, 'eve'), open)
        assert.deepEqual(await search(acme, text, 'bob'), [...open, name])
        assert.deepEqual(await search(acme, text, 'ada'), [...open, '@ada/secret', name])
        assert.deepEqual(await search(acme, text, 'ada', ['@ada/*', '@acme/other']), [...open, '@ada/secret'])
        assert.deepEqual(await search(acme, text, 'ada', ['@acme/tool']), [...open, name])
      }
    })

    it('puts packages in an order that does not depend on private ones', async (t) => {
      const acme = await scenario(t)
      const open = ['@acme/one', '@acme/two']
      await acme.publish({name: '@acme/one', description: 'alpha alpha beta'})
      await acme.publish({name: '@acme/two', description: 'alpha beta beta'})
      assert.deepEqual(await search(acme, 'alpha beta'), open)
      const secret = {visibility: 'private', description: 'alpha'} as const
      for (const each of ['a', 'b', 'c', 'd', 'e', 'f']) await acme.publish({name: `@acme/${each}`, ...secret})
      assert.deepEqual(await search(acme, 'alpha beta'), open)
    })

    it('is paged with an exact count, the newest first', async (t) => {
      const acme = await scenario(t)
      const names = Array.from({length: 25}, (_, number) => `@acme/tool-${String(number).padStart(2, '0')}`)
      for (const [number, each] of names.entries()) await acme.publish({name: each}, 10 + number)
      for (const text of ['', 'tool']) {
        const pages = await Promise.all(
          [0, 10, 20, 30].map((offset) => acme.store.packages.search({text, limit: 10, offset}, undefined)),
        )
        assert.deepEqual(
          pages.map(({total, hits}) => [total, hits.length]),
          [
            [25, 10],
            [25, 10],
            [25, 5],
            [25, 0],
          ],
        )
        const found = pages.flatMap(({hits}) => hits.map((hit) => hit.name))
        assert.deepEqual(found, names.toReversed())
      }
    })
  })
}
