import {renderUnicodeCompact} from 'uqr'

import type {MfaEnrollment} from '../operator/enroll-mfa.js'

/** All that is needed to set up an authenticator app. The QR code is drawn only where somebody can point a phone at it. */
export function mfaEnrollment({secret, url, recoveryCodes}: MfaEnrollment, screen: {isTerminal: boolean}): string {
  return [
    ...(screen.isTerminal ? [renderUnicodeCompact(url), ''] : []),
    `Secret: ${secret}`,
    `URL: ${url}`,
    'Recovery codes:',
    ...recoveryCodes.map((code) => `  ${code}`),
  ].join('\n')
}
