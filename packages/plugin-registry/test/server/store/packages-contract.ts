import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {defaultSessionLifetimes} from '../../../src/server/store/session-lifetimes.js'
import {operator, type RegistryStore} from '../../../src/server/store/store.js'
import {sha256Of} from '../../support/package-drafts.js'
import {name, openWithAcme, tagsOf, type Acme} from './acme.js'

/** Every implementation of the store has to pass these tests. */
export function describePackages(title: string, open: (t: TestContext) => Promise<RegistryStore>): void {
  const scenario = async (t: TestContext) => openWithAcme(await open(t))
  const search = async ({store, sessions}: Acme, text: string, user?: string, patterns: string[] = []) => {
    const reader = user === undefined ? undefined : {userId: sessions[user]!.owner.id, patterns}
    const {total, hits} = await store.packages.search({text, limit: 100, offset: 0}, reader)
    assert.equal(total, hits.length)
    return hits.map((hit) => hit.name)
  }

  describe(`packages in ${title}`, () => {
    it('packages: are found with all their metadata', async (t) => {
      const acme = await scenario(t)
      const metadata = {
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
      await acme.publish({...metadata, readme: '# Tool', provenance: {subject: []}}, 10)
      await acme.publish({version: '1.1.0', tag: 'next'}, 20)
      const minimal = {description: null, license: null, keywords: null, homepage: null, repository: null}
      const none = {...minimal, origin: null, targets: null, dependencies: null}
      const found = {
        size: 1000,
        unpackedSize: 3000,
        fileCount: 2,
        publishedBy: 'ada',
        trustedPublisher: null,
        deprecated: null,
        isYanked: false,
        signature: null,
      }
      const record = await acme.store.packages.find(name)
      const {signingKey, versions = [], ...rest} = record ?? {}
      const signed = versions.map(({attestations: [first, ...others], ...version}) => {
        assert.deepEqual([first?.keyId, others], [signingKey, []])
        return version
      })
      assert.deepEqual(
        {...rest, versions: signed},
        {
          ...{
            name,
            visibility: 'public',
            revision: 2,
            createdAt: 10,
            updatedAt: 20,
            epoch: null,
            deprecated: null,
            readme: '# Tool',
          },
          maintainers: [{username: 'ada', role: 'publisher'}],
          signers: [],
          distTags: {latest: '1.0.0', next: '1.1.0'},
          versions: [
            {version: '1.0.0', sha256: sha256Of(`${name}@1.0.0 `), publishedAt: 10, ...found, ...metadata},
            {version: '1.1.0', type: 'skill', sha256: sha256Of(`${name}@1.1.0 `), publishedAt: 20, ...found, ...none},
          ],
        },
      )
      assert.deepEqual(await acme.store.packages.provenance(name, '1.0.0'), {subject: []})
      assert.equal(await acme.store.packages.provenance(name, '1.1.0'), undefined)
      assert.equal(await acme.store.packages.find('@acme/other'), undefined)
      assert.equal(await acme.store.packages.state('@acme/other'), undefined)
    })

    it('packages: every change updates the state, which lists maintainers', async (t) => {
      const {store, ada, publish} = await scenario(t)
      const revisions: (number | undefined)[] = []
      const record = async () => void revisions.push((await store.packages.state(name))?.revision)
      await publish()
      await record()
      await publish({version: '2.0.0'})
      await record()
      await store.packages.setTag({name, tag: 'old', version: '1.0.0'}, ada, operator, 11)
      await record()
      await store.packages.deprecate({name, message: 'no'}, ada, operator, 12)
      await record()
      await store.packages.removeTag({name, tag: 'old'}, ada, operator, 13)
      await record()
      await store.packages.takeDown({name, version: '2.0.0', reason: 'malware'}, operator, 14)
      await record()
      assert.deepEqual(revisions, [1, 2, 3, 4, 5, 6])
      await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'publisher'}, operator, 15)
      await store.users.remove('ada', operator, 16)
      assert.deepEqual((await store.packages.state(name))?.maintainers, [{username: 'bob', role: 'publisher'}])
    })

    it('packages: publishing the same bytes again is identical, and other bytes are refused', async (t) => {
      const {store, publish} = await scenario(t)
      assert.deepEqual(await publish({}, 10), {outcome: 'published', publishedAt: 10, tag: 'latest', signer: null})
      assert.deepEqual(await publish({}, 20), {outcome: 'identical', publishedAt: 10, tag: undefined, signer: null})
      assert.deepEqual(await publish({content: 'other'}, 30), {outcome: 'exists'})
      const record = await store.packages.find(name)
      assert.deepEqual([record?.revision, record?.versions.length], [1, 1])
      assert.equal((await store.audit.latest(100)).filter(({action}) => action === 'package.publish').length, 1)
    })

    it('packages: of concurrent writes of a version, one wins', async (t) => {
      const {publish} = await scenario(t)
      const contents = ['a', 'b', 'a']
      const outcomes = (await Promise.all(contents.map((content) => publish({content})))).map(({outcome}) => outcome)
      const winner = outcomes.indexOf('published')
      assert.notEqual(winner, -1)
      assert.deepEqual(
        outcomes,
        contents.map((content, index) => {
          if (index === winner) return 'published'
          return content === contents[winner] ? 'identical' : 'exists'
        }),
      )
    })

    it('packages: the visibility cannot be changed by publishing', async (t) => {
      const {publish} = await scenario(t)
      await publish({visibility: 'private'})
      assert.deepEqual(await publish({version: '2.0.0', visibility: 'public'}), {outcome: 'visibility-fixed'})
    })

    it('packages: only the owner of the scope or publishers of the organization can publish', async (t) => {
      const {publish, sessions} = await scenario(t)
      const attempt = async (scope: string, user: string) =>
        (await publish({name: `@${scope}/by-${user}`}, 10, sessions[user])).outcome
      assert.equal(await attempt('ada', 'ada'), 'published')
      assert.equal(await attempt('ada', 'bob'), 'forbidden')
      assert.equal(await attempt('acme', 'ada'), 'published')
      assert.equal(await attempt('acme', 'bob'), 'forbidden')
      assert.equal(await attempt('acme', 'eve'), 'forbidden')
      assert.equal(await attempt('none', 'eve'), 'forbidden')
    })

    const ends: Record<string, (acme: Acme) => Promise<unknown>> = {
      'was revoked': ({store}) => store.tokens.revoke({within: {kind: 'own', userId: 'ada'}, id: 't-ada'}, operator, 5),
      'was suspended': ({store}) => store.tokens.suspendAll(operator, 5),
      'belongs to a user who was disabled': ({store}) => store.users.setDisabled('ada', true, operator, 5),
      'belongs to a user who was removed': ({store}) => store.users.remove('ada', operator, 5),
    }
    for (const [title, end] of Object.entries(ends)) {
      it(`packages: cannot be changed by a token that ${title} during the request`, async (t) => {
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

    it('packages: cannot be changed by a token or session that ended during the request', async (t) => {
      const {store, publish, tokenOf, ada} = await scenario(t)
      const token = await tokenOf('ada', {expiresAt: 100})
      assert.equal((await publish({}, 99, token)).outcome, 'published')
      assert.equal((await publish({version: '2.0.0'}, 100, token)).outcome, 'credential-ended')
      assert.equal(
        (await publish({version: '2.0.0'}, 1 + defaultSessionLifetimes.access, ada)).outcome,
        'credential-ended',
      )
      await store.users.revokeAll('ada', operator, 101)
      assert.equal((await publish({version: '2.0.0'}, 102, ada)).outcome, 'credential-ended')
    })

    it('packages: cannot be changed without the role, or beyond the limits of a token', async (t) => {
      const {store, publish, tokenOf, ada} = await scenario(t)
      const patterned = await tokenOf('ada', {patterns: ['@acme/tool-*']})
      assert.equal((await publish({name: '@acme/tool-x'}, 10, patterned)).outcome, 'published')
      assert.equal((await publish({}, 10, patterned)).outcome, 'forbidden')
      await store.tokens.revoke({within: {kind: 'own', userId: 'ada'}, id: patterned.id}, operator, 11)
      const reading = await tokenOf('eve', {scopes: ['read']})
      assert.equal((await publish({name: '@eve/tool'}, 12, reading)).outcome, 'forbidden')
      await publish()
      await store.organizations.setMember({organizationId: 'o1', userId: 'ada', role: 'reader'}, operator, 13)
      assert.equal((await publish({version: '2.0.0'}, 14)).outcome, 'forbidden')
      assert.equal(await store.packages.setTag({name, tag: 'old', version: '1.0.0'}, ada, operator, 14), 'forbidden')
      assert.equal(await store.packages.removeTag({name, tag: 'latest'}, ada, operator, 14), 'forbidden')
      assert.equal(await store.packages.deprecate({name, message: 'no'}, ada, operator, 14), 'forbidden')
    })

    it('packages: access is found in one query, whether or not the package exists', async (t) => {
      const {store, publish} = await scenario(t)
      await publish({visibility: 'private'})
      const access = async (user?: string, of = name) => {
        const {requiresTrustedPublisher, ...rest} = await store.packages.access(of, user)
        assert.equal(requiresTrustedPublisher, false)
        return rest
      }
      assert.deepEqual(await access('ada'), {visibility: 'private', role: 'publisher'})
      assert.deepEqual(await access('bob'), {visibility: 'private', role: 'reader'})
      assert.deepEqual(await access('eve'), {visibility: 'private', role: undefined})
      assert.deepEqual(await access(), {visibility: 'private', role: undefined})
      assert.deepEqual(await access('ada', '@acme/none'), {visibility: undefined, role: 'publisher'})
      assert.deepEqual(await access('ada', '@ada/none'), {visibility: undefined, role: 'owner'})
      assert.deepEqual(await access('ada', '@none/none'), {visibility: undefined, role: undefined})
    })
  })

  describe(`takedown in ${title}`, () => {
    const takeDown = ({store}: Acme, version: string) =>
      store.packages.takeDown({name, version, reason: 'malware'}, operator, 50)

    it('takedown: the version is hidden, and its number cannot be reused', async (t) => {
      const acme = await scenario(t)
      await acme.publish({provenance: {subject: []}, keywords: ['pretty']})
      await acme.publish({version: '1.1.0', tag: 'next'})
      assert.deepEqual(await takeDown(acme, '1.0.0'), {
        outcome: 'taken-down',
        same: [],
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

    it('takedown: a version that differs only in build metadata cannot be published, before a takedown or after it', async (t) => {
      const acme = await scenario(t)
      await acme.publish()
      await acme.publish({version: '1.0.1+linux'})
      const others = ['1.0.0+z', '1.0.0+0', '1.0.0+a.b-c']
      for (const version of others) {
        assert.deepEqual(await acme.publish({version}), {outcome: 'exists', existing: '1.0.0'}, version)
      }
      for (const version of ['1.0.1', '1.0.1+windows']) {
        assert.deepEqual(await acme.publish({version}), {outcome: 'exists', existing: '1.0.1+linux'}, version)
      }
      for (const version of ['1.0.0-rc.1', '1.0.10', '1.0.2+linux', '1.0.0-rc.2+z']) {
        assert.equal((await acme.publish({version})).outcome, 'published', version)
      }
      await takeDown(acme, '1.0.0')
      for (const version of others) {
        assert.deepEqual(await acme.publish({version}), {outcome: 'retired', existing: '1.0.0'}, version)
      }
      const published = async (...wanted: [string, string?]) => {
        const {visibility, versions} = await acme.store.packages.published(wanted[0], wanted[1])
        return {visibility, versions: versions.map(({version, isTakenDown}) => [version, isTakenDown])}
      }
      const none = {visibility: 'public', versions: []}
      assert.deepEqual(await published(name, '1.0.0+other'), {...none, versions: [['1.0.0', true]]})
      assert.deepEqual(await published(name, '1.0.3'), none)
      assert.deepEqual(await published(name), none)
      assert.deepEqual(await published('@acme/none', '1.0.0'), {visibility: undefined, versions: []})
    })

    it('takedown: `latest` moves to the highest stable version, and other dist-tags are removed', async (t) => {
      const acme = await scenario(t)
      for (const version of ['1.2.0', '1.10.0', '2.0.0-rc.1', '1.9.0']) await acme.publish({version, tag: 'wip'})
      await acme.store.packages.setTag({name, tag: 'latest', version: '1.9.0'}, acme.ada, operator, 20)
      const moved = [{tag: 'latest', version: '1.10.0'}]
      assert.deepEqual(await takeDown(acme, '1.9.0'), {outcome: 'taken-down', same: [], moved, removed: ['wip']})
      await takeDown(acme, '1.10.0')
      await takeDown(acme, '1.2.0')
      assert.deepEqual(await tagsOf(acme), {latest: '2.0.0-rc.1'})
      assert.deepEqual(await takeDown(acme, '2.0.0-rc.1'), {
        outcome: 'taken-down',
        same: [],
        moved: [],
        removed: ['latest'],
      })
      assert.deepEqual(await tagsOf(acme), {})
      assert.deepEqual(await search(acme, ''), [])
      await acme.publish({version: '3.0.0', tag: 'next'})
      assert.deepEqual(await tagsOf(acme), {latest: '3.0.0', next: '3.0.0'})
    })
  })
}
