import {defaultSessionLifetimes} from '../../../src/server/store/session-lifetimes.js'
import {
  type Credential,
  operator,
  type RegistryStore,
  type SessionCredential,
  type VersionDraft,
} from '../../../src/server/store/store.js'
import {versionDraft} from '../../support/package-drafts.js'
import {unrestricted} from '../../support/unrestricted.js'

export const hash = (text: string) => new Uint8Array(Buffer.from(text.padEnd(32, '.')))

/** The package that ada publishes. */
export const name = '@acme/tool'

export type DraftChanges = Partial<VersionDraft> & {content?: string}

/**
 * A store with an organization and three users, each with a session. In @acme, ada is a publisher and bob is a reader. eve
 * is not a member.
 */
export async function openWithAcme(store: RegistryStore) {
  await store.organizations.add({id: 'o1', name: 'acme'}, operator, 1)
  const sessions: Record<string, SessionCredential> = {}
  for (const user of ['ada', 'bob', 'eve']) {
    await store.users.add({id: user, name: user, email: `${user}@example.com`, passwordHash: 'h'}, operator, 1)
    const session = {id: `s-${user}`, accessHash: hash(`access ${user}`), refreshHash: hash(`refresh ${user}`)}
    const login = {userId: user, passwordHash: 'h', session, lifetimes: defaultSessionLifetimes, clearedKeys: []}
    await store.logins.completePassword(login, operator, 1)
    sessions[user] = (await store.credentials.find('session', session.accessHash)) as SessionCredential
  }
  await store.organizations.setMember({organizationId: 'o1', userId: 'ada', role: 'publisher'}, operator, 1)
  await store.organizations.setMember({organizationId: 'o1', userId: 'bob', role: 'reader'}, operator, 1)
  const ada = sessions['ada']!
  return {
    store,
    sessions,
    ada,
    publish: (changes: DraftChanges = {}, now = 10, credential: Credential = ada) =>
      store.packages.publish(versionDraft({name, ...changes}), credential, operator, now),
    tokenOf: async (user: string, changes: object = {}) => {
      const id = `t-${user}`
      await store.tokens.create(
        {
          ...{id, userId: user, sessionId: `s-${user}`, label: 'ci', hash: hash(id), prefix: 'apkgt_'},
          ...unrestricted,
          ...{lifetime: 'never', scopes: ['publish' as const], patterns: [], note: null, expiresAt: null, ...changes},
        },
        operator,
        2,
      )
      return (await store.credentials.find('token', hash(id)))!
    },
  }
}

export type Acme = Awaited<ReturnType<typeof openWithAcme>>

export async function tagsOf({store}: Acme) {
  return (await store.packages.find(name))?.distTags
}
