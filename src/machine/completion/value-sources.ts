import type {KnownCompletionKind} from '@apkg/command-kit'

import type {ValueSource} from './values/value-source.js'

/** The source of each kind. Imported lazily. */
const sources: Readonly<Record<KnownCompletionKind, () => Promise<ValueSource>>> = {
  'active-token': async () => (await import('./values/tokens.js')).activeTokens,
  'config-key': async () => (await import('./values/settings.js')).settings,
  'config-value': async () => (await import('./values/settings.js')).settingValues,
  dependency: async () => (await import('./values/project.js')).dependencies,
  'dist-tag': async () => (await import('./values/packages.js')).distTags,
  'linked-package': async () => (await import('./values/project.js')).linkedPackages,
  'local-key': async () => (await import('./values/keys.js')).localKeys,
  'locked-package': async () => (await import('./values/project.js')).lockedPackages,
  'managed-organization': async () => (await import('./values/organizations.js')).managedOrganizations,
  package: async () => (await import('./values/packages.js')).packages,
  'package-version': async () => (await import('./values/packages.js')).packageVersions,
  'pinned-scope': async () => (await import('./values/trust.js')).pinnedScopes,
  plugin: async () => (await import('./values/plugins.js')).plugins,
  'policy-value': async () => (await import('./values/trust.js')).policyValues,
  'registered-key': async () => (await import('./values/keys.js')).liveKeys,
  registry: async () => (await import('./values/registries.js')).registries,
  scope: async () => (await import('./values/trust.js')).scopes,
  session: async () => (await import('./values/sessions.js')).sessions,
  'suspended-token': async () => (await import('./values/tokens.js')).suspendedTokens,
  token: async () => (await import('./values/tokens.js')).tokens,
  'token-scope': async () => (await import('./values/token-scopes.js')).tokenScopes,
  tool: async () => (await import('./values/tools.js')).tools,
  'trusted-publisher': async () => (await import('./values/trusted-publishers.js')).trustedPublishers,
}

/** @returns undefined for a plugin's own kind. */
export async function valueSource(kind: string): Promise<ValueSource | undefined> {
  return Object.hasOwn(sources, kind) ? sources[kind as KnownCompletionKind]() : undefined
}
