import {failure} from '@apkg/command-kit'

/** A recovery code is worth a password and does not belong on a command line; a TOTP is worthless in a minute. */
export function checkedTotp(text: string): string {
  const digits = text.replaceAll(/\s/g, '')
  if (/^\d{6,8}$/.test(digits)) return digits
  throw failure('USAGE', {
    message: 'it takes the digits of an authenticator app',
    suggestions: ['type a recovery code when you are asked, or put it on the second line after --password-stdin'],
  })
}
