import {failure} from '@apkg/command-kit'

/** Refuses recovery codes: they are as valuable as a password and don't belong on a command line. A TOTP expires soon. */
export function parseTotp(text: string): string {
  const digits = text.replaceAll(/\s/g, '')
  if (/^\d{6,8}$/.test(digits)) return digits
  throw failure('USAGE', {
    message: 'expected the digits from an authenticator app',
    suggestions: ['enter a recovery code at the prompt, or on the second line of standard input with --password-stdin'],
  })
}
