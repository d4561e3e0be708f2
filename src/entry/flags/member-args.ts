import {failure, printable} from '@apkg/command-kit'
import {isOrganizationName, maxOrganizationNameLength} from '@apkg/wire'
import {Args} from '@oclif/core'

/** The organization that a command is about. */
export const organizationArg = {
  organization: Args.string({
    description: 'Name of the organization.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(parseName(text, 'organization name')),
  }),
}

/** A member of an organization. */
export const memberArgs = {
  ...organizationArg,
  user: Args.string({
    description: 'Username.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(parseName(text, 'username')),
  }),
}

/** Users and organizations share one namespace. A name can be given like a scope. */
function parseName(text: string, what: string): string {
  const name = text.startsWith('@') ? text.slice(1) : text
  if (isOrganizationName(name)) return name
  const suggestions = [`use 1 to ${maxOrganizationNameLength} lowercase letters, digits and dashes`]
  throw failure('USAGE', {message: `\`${printable(text)}\` is not a valid ${what}`, suggestions})
}
