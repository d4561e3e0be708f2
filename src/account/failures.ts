import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

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
    suggestions: ['check your username, password and authentication code, then try again'],
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
    suggestions: ['check your password and authentication code, then run the command again'],
  }),
  LABEL_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The label ${reason}`,
    suggestions: ['choose another label, such as ci-deploy'],
  }),
  TOKEN_NOT_FOUND: ({selectors, registry}: {selectors: string[]; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Token not found on ${registry}: ${selectors.map((each) => `"${each}"`).join(', ')}. Nothing was changed`,
    suggestions: [`run \`apkg token list --registry ${registry}\``],
  }),
  TOKEN_AMBIGUOUS: ({selector, candidates}: {selector: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `"${selector}" matches several tokens:\n${candidates.map((each) => `  ${each}`).join('\n')}\nNothing was changed`,
    suggestions: ['use the full ID'],
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
  TOKEN_UNDELIVERED: ({
    label,
    problem,
    leftover,
  }: {
    label: string
    problem: string
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${problem}. The token "${label}" ${
      leftover ? 'could not be revoked and is still active' : 'was revoked'
    }`,
    suggestions: [leftover ? `run \`${leftover}\`` : 'create the token again once it can be delivered'],
  }),
  CURRENT_NOT_A_TOKEN: ({registry}: {registry: string}): Failure => ({
    exit: exitCodes.refused,
    message: `The credential for ${registry} is a session, not an API token`,
    suggestions: ['pass the ID or the label of the token to rotate', 'run `apkg token list`'],
  }),
  ROTATION_WIDER: ({
    label,
    differences,
    isDropped,
  }: {
    label: string
    differences: string[]
    isDropped: boolean
  }): Failure => ({
    exit: exitCodes.refused,
    message: `The registry rotated the token "${label}" with broader permissions or a longer lifetime than before: ${differences.join('; ')}. ${
      isDropped ? 'The new value was dropped, and the old one still works' : 'The new value could not be dropped'
    }`,
    suggestions: [...(isDropped ? [] : ['revoke the token with `apkg token revoke`']), 'contact the registry operator'],
  }),
  ROTATION_UNDELIVERED: ({
    label,
    problem,
    isEnded,
    isDropped,
  }: {
    label: string
    problem: string
    /** Whether the old value has ended. */
    isEnded: boolean
    /** Whether the new value was dropped. */
    isDropped: boolean
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${problem}. The old value of the token "${label}" ${
      isEnded ? 'has ended too, so the token has no value that works' : 'still works'
    }${isDropped ? '' : '. The new value could not be dropped'}`,
    suggestions: [
      isEnded ? 'rotate the token again, with a login' : 'rotate the token again once the new value can be delivered',
    ],
  }),
  ROTATION_REPLACED: ({label}: {label: string}): Failure => ({
    exit: exitCodes.refused,
    message: `Another rotation of the token "${label}" was faster. The old value is kept`,
    suggestions: ['make sure that only one machine rotates this token, and that nobody else has its value'],
  }),
  TOKEN_ROTATION_UNCERTAIN: ({
    label,
    isEnded,
    exit,
    reason,
  }: {
    label: string
    /** Whether the old value ended with the rotation. */
    isEnded: boolean
    exit: number
    reason: string
  }): Failure => ({
    exit,
    message: `${reason}. The token "${label}" may have a new value, which was lost. ${
      isEnded ? 'If so, the old one has ended' : 'The old one still works'
    }`,
    suggestions: ['run the command again. It replaces the lost value'],
  }),
  NOWHERE_TO_DELIVER: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Standard output is closed or /dev/null, so the token would be lost. Nothing was sent',
    suggestions: ['write the token to a file with --out, or redirect standard output to a terminal, a file or a pipe'],
  }),
  OUT_FILE_EXISTS: ({file}: {file: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${file} already exists. Nothing was sent`,
    suggestions: ['choose another file, or add --force to replace this one'],
  }),
  OUT_FILE_UNUSABLE: ({file, reason}: {file: string; reason: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Cannot write the token to ${file}: ${reason}. Nothing was sent`,
    suggestions: ['choose a file in a directory that you can write to'],
  }),
  PROGRAM_NOT_FOUND: ({program}: {program: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Program not found: ${program}. Nothing was sent`,
    suggestions: ['check the command after `--`. It runs without a shell, so aliases and pipes do not work'],
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
    suggestions: ['choose another name, such as ada@laptop'],
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
