import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

const stateOfOldValue = {
  works: 'still works',
  ended: 'no longer works either, so the token has no working value',
  unknown: 'is unchanged',
}

/** Failures of tokens, sessions and signing keys. */
export const failures = {
  REVOCATION_CANCELED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Canceled. The key was not revoked',
    suggestions: ['run the command again and answer yes, or add --yes'],
  }),
  LOGIN_REJECTED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Login to ${registry} failed: ${reason}`,
    suggestions: [
      `check your username, password and authentication code, then run \`apkg login --registry ${registry}\``,
    ],
  }),
  BROWSER_DENIED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The request to ${registry} was denied in the browser`,
    suggestions: [`to request approval again, rerun the command, or run \`apkg login --registry ${registry}\``],
  }),
  BROWSER_EXPIRED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The request to ${registry} expired before it was approved in the browser`,
    suggestions: [
      'run the command again, and approve the request within 10 minutes',
      `or log in with a password: \`apkg login --username <name> --registry ${registry}\``,
    ],
  }),
  BROWSER_NOT_OFFERED: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} does not support browser logins`,
    suggestions: [`run \`apkg login --username <name> --registry ${registry}\``],
  }),
  LOGIN_TICKET_UNKNOWN: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Login ticket not found. It was already used, has expired, or was requested on another machine',
    suggestions: ['run `apkg login --request` to request another login'],
  }),
  CONFIRMATION_REQUIRED: ({purpose, registry, run}: {purpose: string; registry: string; run: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Confirm your password to ${purpose}. Your last login to ${registry} was too long ago`,
    suggestions: [
      `run \`${run}\` with your password on standard input`,
      `or log in again: \`apkg login --registry ${registry}\``,
    ],
  }),
  CONFIRMATION_REJECTED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `${registry} did not accept the confirmation: ${reason}`,
    suggestions: [
      'check your password and authentication code, then run the command again',
      `or log in again: \`apkg login --registry ${registry}\``,
    ],
  }),
  SESSION_NOT_FOUND: ({selectors, registry}: {selectors: string[]; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Session not found on ${registry}: ${selectors.map((each) => `"${each}"`).join(', ')}. Nothing was changed`,
    suggestions: [`run \`apkg session list --registry ${registry}\``],
  }),
  SESSION_AMBIGUOUS: ({selector, candidates}: {selector: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `"${selector}" matches several sessions:\n${candidates.map((each) => `  ${each}`).join('\n')}\nNothing was changed`,
    suggestions: ['use the full ID'],
  }),
  SESSION_REVOCATION_CANCELED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Canceled. No sessions were revoked',
    suggestions: ['run the command again and answer yes, or add --yes'],
  }),
  LABEL_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The label ${reason}`,
    suggestions: ['choose another label, such as `--label ci-deploy`'],
  }),
  TOKEN_NOT_FOUND: ({
    selectors,
    known = [],
    registry,
    organization,
  }: {
    selectors: string[]
    /** Labels that may have been meant. */
    known?: readonly string[]
    registry: string
    /** The organization whose tokens were searched. Undefined for the user's own. */
    organization?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    mistyped: {word: selectors[0] ?? '', known},
    message: `Token not found${organization === undefined ? '' : ` in ${organization}`} on ${registry}: ${selectors.map((each) => `"${each}"`).join(', ')}`,
    suggestions: [
      `run \`apkg token list --registry ${registry}${organization === undefined ? '' : ` --org ${organization}`}\``,
      ...(organization === undefined ? ['if the token belongs to an organization, add --org'] : []),
    ],
  }),
  TOKEN_AMBIGUOUS: ({
    selector,
    candidates,
    isRead,
  }: {
    selector: string
    candidates: string[]
    /** Whether the command changes nothing anyway. */
    isRead: boolean
  }): Failure => ({
    exit: exitCodes.failed,
    message: [
      `"${selector}" matches several tokens:`,
      ...candidates.map((each) => `  ${each}`),
      ...(isRead ? [] : ['Nothing was changed']),
    ].join('\n'),
    suggestions: ['use the full ID'],
  }),
  TOKEN_CHANGE_CANCELED: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Canceled. No tokens were changed',
    suggestions: ['run the command again and answer yes, or add --yes'],
  }),
  STILL_SUSPENDED: ({label, id}: {label: string; id: string}): Failure => ({
    exit: exitCodes.refused,
    message: `You lifted your suspension of "${label}", but the registry operator also suspended it`,
    suggestions: [`ask the operator of the registry to run \`apkg registry token resume ${id}\``],
  }),
  TOKEN_VALUE_GIVEN: (): Failure => ({
    exit: exitCodes.usage,
    message:
      'An argument looks like a token value. Command lines are saved in your shell history, so revoke tokens by ID or label instead. Nothing was sent',
    suggestions: [
      'run `apkg token list` to find the ID or label',
      'to revoke the token in APKG_TOKEN, run `apkg token revoke --current`',
      'to revoke tokens by their values, pipe them into `apkg token revoke --values-stdin --registry <URL>`',
    ],
  }),
  PUBLISHER_NOT_FOUND: ({id, registry}: {id: string; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Trusted publisher not found on ${registry}: ${id}`,
    suggestions: [`run \`apkg trusted-publisher list --registry ${registry}\``],
  }),
  MEMBER_NOT_FOUND: ({
    user,
    organization,
    registry,
  }: {
    user: string
    organization: string
    registry: string
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${user} is not a member of ${organization} on ${registry}`,
    suggestions: [`run \`apkg org member list ${organization} --registry ${registry}\``],
  }),
  PUBLISHER_WIDER: ({
    name,
    differences,
    remove,
  }: {
    name: string
    differences: string[]
    /** The command that removes it, if that failed. */
    remove?: string
  }): Failure => ({
    exit: exitCodes.refused,
    message: `The registry added the trusted publisher ${name} with different conditions than requested: ${differences.join('; ')}. ${
      remove === undefined ? 'It was removed again' : 'It could not be removed and can still publish'
    }`,
    suggestions: [...(remove === undefined ? [] : [`run \`${remove}\``]), 'contact the registry operator'],
  }),
  TOKEN_WIDER: ({
    label,
    differences,
    leftover,
  }: {
    label: string
    differences: string[]
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.refused,
    message: `The registry issued the token "${label}" with broader permissions or a longer lifetime than requested: ${differences.join('; ')}. ${
      leftover ? 'The token could not be revoked and is still active' : 'The token was revoked'
    }`,
    suggestions: [...(leftover ? [`run \`${leftover}\``] : []), 'contact the registry operator'],
  }),
  CURRENT_NOT_A_TOKEN: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The credential for ${registry} is a session, not an API token`,
    suggestions: ['pass the ID or the label of a token instead of --current', 'run `apkg token list`'],
  }),
  ROTATION_WIDER: ({
    label,
    differences,
    leftover,
    oldValue,
  }: {
    label: string
    differences: string[]
    /** The command that revokes the token, if the new value could not be dropped. */
    leftover?: string | undefined
    oldValue: 'works' | 'ended' | 'unknown'
  }): Failure => ({
    exit: exitCodes.refused,
    message: `The registry rotated the token "${label}" with broader permissions or a longer lifetime than before: ${differences.join('; ')}. ${
      leftover
        ? 'The new value could not be dropped'
        : `The new value was dropped, and the old one ${stateOfOldValue[oldValue]}`
    }`,
    suggestions: [
      ...(leftover ? [`revoke the token "${label}": \`${leftover}\``] : []),
      `tell the registry operator about the token "${label}"`,
    ],
  }),
  ROTATION_UNDELIVERED: ({
    label,
    problem,
    rotate,
    oldValue,
    isDropped,
  }: {
    label: string
    problem: string
    /** The command that rotates the token again. */
    rotate: string
    oldValue: 'works' | 'ended' | 'unknown'
    /** Whether the new value was dropped. */
    isDropped: boolean
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${problem}. The old value of the token "${label}" ${stateOfOldValue[oldValue]}${
      isDropped ? '' : '. The new value could not be dropped'
    }`,
    suggestions: [
      oldValue === 'ended'
        ? `rotate the token again, while you are logged in: \`${rotate}\``
        : `once the new value can be delivered, rotate the token again: \`${rotate}\``,
    ],
  }),
  ROTATION_REPLACED: ({label, log, revoke}: {label: string; log: string; revoke: string}): Failure => ({
    exit: exitCodes.refused,
    message: `Another rotation of the token "${label}" finished first. The old value was kept`,
    suggestions: [
      'make sure that only one machine rotates this token',
      `where you are logged in, see who rotated it: \`${log}\``,
      `if someone else has its value, revoke it: \`${revoke}\``,
    ],
  }),
  TOKEN_ROTATION_UNCERTAIN: ({
    label,
    rotate,
    isEnded,
    exit,
    reason,
  }: {
    label: string
    /** The command that rotates the token again. */
    rotate: string
    /** Whether the old value stopped working with the rotation. */
    isEnded: boolean
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. The token "${label}" may have a new value, which was lost. ${
      isEnded ? 'If so, the old one no longer works' : 'The old one is unchanged'
    }`,
    suggestions: [`rotate the token again, which replaces the lost value: \`${rotate}\``],
  }),
  CREATION_UNCERTAIN: ({
    label,
    revoke,
    exit,
    reason,
  }: {
    label: string
    revoke: string
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. The token "${label}" may have been created`,
    suggestions: [`in case it was created, revoke it: \`${revoke}\``],
  }),
  KEY_PASSPHRASE_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable} to the passphrase of your signing key, or unset it`],
  }),
  KEY_PASSPHRASE_WRONG: ({keyId}: {keyId: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Wrong passphrase for the signing key ${keyId}`,
    suggestions: ["set APKG_KEY_PASSPHRASE to the key's passphrase, or unset it to be prompted"],
  }),
  KEY_NAME_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The key name ${reason}`,
    suggestions: ['choose another name, such as `--name ada@laptop`'],
  }),
  LOCAL_KEYS_NOT_FOUND: (): Failure => ({
    exit: exitCodes.failed,
    message: 'No local keys found',
    suggestions: ['run `apkg key generate`'],
  }),
  KEY_NOT_FOUND: ({given, place, list}: {given: string; place: string; list: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Signing key not found ${place}: "${given}"`,
    suggestions: [`run \`${list}\``],
  }),
  KEY_AMBIGUOUS: ({given, candidates}: {given: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `"${given}" matches several signing keys:\n${candidates.map((each) => `  ${each}`).join('\n')}`,
    suggestions: ['use the full ID'],
  }),
  KEY_NOT_ACTIVE: ({
    registry,
    keyId,
    status,
  }: {
    registry: string
    keyId: string
    /** Undefined if the key is not registered. */
    status: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The signing key ${keyId} is ${status === undefined ? 'not registered with' : `${status} on`} ${registry}`,
    suggestions: [
      status === undefined
        ? `run \`apkg key register --key ${keyId} --registry ${registry}\``
        : 'run `apkg key generate`, then `apkg key register`',
    ],
  }),
  KEY_MISMATCH: ({registry, keyId, returned}: {registry: string; keyId: string; returned: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} returned the wrong signing key: expected ${keyId}, got ${returned}`,
    suggestions: ['contact the registry operator before you sign packages for this registry'],
  }),
  ROTATION_UNCERTAIN: ({
    keyId,
    file,
    list,
    exit,
    reason,
  }: {
    keyId: string
    file: string
    list: string
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. The key may have been rotated to ${keyId}, which is stored in ${file}`,
    suggestions: [`run \`${list}\`. If it lists ${keyId}, the rotation succeeded. Otherwise, rotate again`],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
