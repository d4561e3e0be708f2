import {renderUnicodeCompact} from 'uqr'

import type {MfaEnrolment} from '../operator/enrol-mfa.js'

/** All that is needed to set up an authenticator app. The QR code is drawn only where somebody can point a phone at it. */
export function mfaEnrolment({secret, url, recoveryCodes}: MfaEnrolment, screen: {isTerminal: boolean}): string {
  return [
    ...(screen.isTerminal ? [renderUnicodeCompact(url), ''] : []),
    `Secret: ${secret}`,
    `URL: ${url}`,
    'Recovery codes:',
    ...recoveryCodes.map((code) => `  ${code}`),
  ].join('\n')
}
