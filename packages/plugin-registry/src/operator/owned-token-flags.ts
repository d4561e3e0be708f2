import {failure as usage} from '@apkg/command-kit'
import {isTokenScope, offeredScopes, type Scope} from '@apkg/wire'
import {Flags} from '@oclif/core'

/** The flags that describe a token that the operator creates. */
export const ownedTokenFlags = {
  user: Flags.string({summary: 'Username of the owner.', required: true}),
  label: Flags.string({summary: 'Name that identifies the token.', required: true}),
  note: Flags.string({summary: 'What the token is for, in one line.'}),
  scopes: Flags.custom<Scope>({
    summary: 'Scopes of the token, separated by commas.',
    description: `One or more of ${offeredScopes.join(', ')}. By default, read and publish.`,
    helpValue: '<scope>',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (scope) => Promise.resolve(parseScope(scope)),
  })(),
  package: Flags.string({
    summary: 'Packages that the token can access: a name, `@scope/*`, or a name ending in `*`. Repeatable.',
    description: 'By default, every package that the user can access.',
    helpValue: '<pattern>',
    aliases: ['package-scope'],
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  }),
  expires: Flags.string({summary: 'When the token expires, such as 90d. Defaults to the policy.'}),
}

/**
 * `ci` is accepted, too, for scripts of the original client.
 *
 * @throws {ApkgError} `USAGE`
 */
function parseScope(text: string): Scope {
  if (isTokenScope(text)) return text
  const suggestions = text.includes('@')
    ? ['use --package to limit the token to packages']
    : [`use one or more of ${offeredScopes.map((scope) => `\`${scope}\``).join(', ')}`]
  throw usage('USAGE', {message: `\`${text}\` is not a scope`, suggestions})
}
