import {fromNow, type Output, printable} from '@apkg/command-kit'

import type {PermissionAnswer, Question} from '../../account/token/ask-permission.js'

/** The answer, with the reasons or the expiry of the credential on separate lines. */
export function permissionLines(
  {allowed, reasons, createsPackage, expiresAt}: PermissionAnswer,
  {action, name, version}: Question,
  screen: Pick<Output, 'isTerminal'>,
  now: Date,
): string {
  const subject = `${action} ${name}${version === undefined ? '' : `@${version}`}`
  const width = Math.max(...reasons.map(({code}) => code.length))
  const details = allowed
    ? [
        ...(createsPackage ? ['This creates the package.'] : []),
        ...(expiresAt === null
          ? []
          : [`The credential expires ${screen.isTerminal ? fromNow(expiresAt, now) : `at ${expiresAt}`}.`]),
      ]
    : reasons.map(({code, message}) => `${code.padEnd(width)}  ${message}`)
  return [
    `${allowed ? 'Allowed' : 'Not allowed'}: ${subject}`,
    ...details.map((each) => `  ${printable(each)}`),
    '',
  ].join('\n')
}
