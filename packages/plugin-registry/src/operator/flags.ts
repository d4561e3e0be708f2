import {Args, Flags} from '@oclif/core'
import {failure} from '@apkg/command-kit'

export const dataFlag = {
  data: Flags.directory({
    summary: 'The folder that holds the registry.',
    description: 'Left out, it is $XDG_DATA_HOME/apkg-registry, or ~/.local/share/apkg-registry.',
  }),
}

export const passwordFlag = {
  'password-stdin': Flags.boolean({summary: 'Read the password from the first line of standard input.'}),
}

export const userArg = {
  name: Args.string({description: 'The name of the user.', required: true, ignoreStdin: true}),
}

const longestName = 64

/** The name of a user to be. */
export const newUserArg = {
  name: Args.string({
    description: 'The name to log in with: lower-case letters, digits and dashes.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(checkedName(text, 'a user')),
  }),
}

/** The name of an organization to be. */
export const newOrganizationArg = {
  name: Args.string({
    description: 'The scope of its packages, without the @: lower-case letters, digits and dashes.',
    required: true,
    ignoreStdin: true,
    parse: (text) => Promise.resolve(checkedName(text, 'an organization')),
  }),
}

export const memberArgs = {
  organization: Args.string({description: 'The name of the organization.', required: true, ignoreStdin: true}),
  user: Args.string({description: 'The name of the user.', required: true, ignoreStdin: true}),
}

export const emailFlag = {
  email: Flags.string({
    summary: 'The address that `apkg whoami` shows.',
    required: true,
    parse: (text) => Promise.resolve(checkedEmail(text)),
  }),
}

function checkedName(text: string, whose: string): string {
  if (/^[a-z0-9-]+$/.test(text) && text.length <= longestName) return text
  const rule = `use 1 to ${longestName} lower-case letters, digits and dashes`
  throw failure('USAGE', {message: `\`${text}\` cannot be the name of ${whose}; ${rule}`})
}

function checkedEmail(text: string): string {
  if (/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u.test(text) && text.length <= 254) return text
  throw failure('USAGE', {message: `\`${text}\` is not an email address`})
}
