import {renderUnicodeCompact} from 'uqr'

import type {MfaEnrollment} from '../operator/enroll-mfa.js'

/** Everything that the user needs to set up an authenticator app. The QR code is only drawn on a terminal. */
export function mfaEnrollment({secret, url, recoveryCodes}: MfaEnrollment, screen: {isTerminal: boolean}): string {
  return [
    ...(screen.isTerminal ? [renderUnicodeCompact(url), ''] : []),
    `Secret: ${secret}`,
    `URL: ${url}`,
    'Recovery codes:',
    ...recoveryCodes.map((code) => `  ${code}`),
  ].join('\n')
}
