import {renderUnicodeCompact} from 'uqr'

import type {MfaEnrollment} from '../operator/enroll-mfa.js'

/** What the user needs to set up an authenticator app. The QR code is drawn on a terminal only. */
export function mfaEnrollment({secret, url, recoveryCodes}: MfaEnrollment, screen: {isTerminal: boolean}): string {
  return [
    ...(screen.isTerminal ? [renderUnicodeCompact(url), ''] : []),
    `Secret: ${secret}`,
    `URL: ${url}`,
    'Recovery codes:',
    ...recoveryCodes.map((code) => `  ${code}`),
  ].join('\n')
}
