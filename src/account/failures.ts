import {defineFailures, exitCodes, type Failure, type FailureRows} from '@apkg/command-kit'

/** Failures of tokens, sessions and signing keys. */
export const failures = {
  LOGIN_REJECTED: ({registry, reason}: {registry: string; reason: string}): Failure => ({
    exit: exitCodes.credential,
    message: `Cannot log in at ${registry}: ${reason}`,
    suggestions: ['check the username, the password and the code, and log in again'],
  }),
  LABEL_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The label ${reason}`,
    suggestions: ['choose another label, such as ci-deploy'],
  }),
  TOKEN_NOT_FOUND: ({selectors, registry}: {selectors: string[]; registry: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No token at ${registry} has the id or label ${selectors.map((each) => `\`${each}\``).join(', ')}. Nothing was revoked`,
    suggestions: [`run \`apkg token list --registry ${registry}\``],
  }),
  TOKEN_AMBIGUOUS: ({selector, candidates}: {selector: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `\`${selector}\` stands for more than one token:\n${candidates.map((each) => `  ${each}`).join('\n')}\nNothing was revoked`,
    suggestions: ['give a whole id'],
  }),
  TOKEN_VALUE_GIVEN: (): Failure => ({
    exit: exitCodes.usage,
    message:
      'An argument looks like the value of a token. Values do not belong on a command line, where other users and the shell history can see them. Nothing was sent',
    suggestions: [
      'run `apkg token list` and give the id or the label',
      'to revoke the token in APKG_TOKEN, run `apkg token revoke --current`',
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
    message: `The registry made the token \`${label}\` wider than was asked: ${differences.join('; ')}. ${
      leftover ? `It could NOT be revoked again and is still alive` : 'It was revoked again'
    }`,
    suggestions: leftover ? [`run \`${leftover}\``] : [],
  }),
  TOKEN_UNDELIVERED: ({
    label,
    reason,
    leftover,
  }: {
    label: string
    reason: string
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The value of the token \`${label}\` could not be written to standard output (${reason}). ${
      leftover ? 'The token could NOT be revoked again and is still alive' : 'The token was revoked again'
    }`,
    suggestions: leftover ? [`run \`${leftover}\``] : [],
  }),
  NOWHERE_TO_DELIVER: (): Failure => ({
    exit: exitCodes.failed,
    message: 'Standard output is closed or /dev/null, so nobody would ever see the token. None was created',
    suggestions: ['let the command write to a terminal, a file or a pipe'],
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
    message: `${reason}. Whether the token \`${label}\` was created is not known`,
    suggestions: [`run \`${revoke}\` so that nothing unseen stays alive`],
  }),
  KEY_PASSPHRASE_BLANK: ({variable}: {variable: string}): Failure => ({
    exit: exitCodes.usage,
    message: `${variable} is set but blank`,
    suggestions: [`set ${variable} to the passphrase of your signing key, or unset it`],
  }),
  KEY_PASSPHRASE_WRONG: ({keyId}: {keyId: string}): Failure => ({
    exit: exitCodes.credential,
    message: `The passphrase does not open the signing key ${keyId}`,
    suggestions: ['give the one that the key was made with, in APKG_KEY_PASSPHRASE or at the prompt'],
  }),
  KEY_NAME_INVALID: ({reason}: {reason: string}): Failure => ({
    exit: exitCodes.usage,
    message: `The name of a signing key ${reason}`,
    suggestions: ['choose another name, such as ada@laptop'],
  }),
  KEY_ABSENT: (): Failure => ({
    exit: exitCodes.failed,
    message: 'There is no signing key on this machine',
    suggestions: ['run `apkg key generate --name <name>`'],
  }),
  KEY_NOT_FOUND: ({given, place, list}: {given: string; place: string; list: string}): Failure => ({
    exit: exitCodes.failed,
    message: `No signing key ${place} has the id or name \`${given}\``,
    suggestions: [`run \`${list}\``],
  }),
  KEY_AMBIGUOUS: ({given, candidates}: {given: string; candidates: string[]}): Failure => ({
    exit: exitCodes.failed,
    message: `\`${given}\` stands for more than one signing key:\n${candidates.map((each) => `  ${each}`).join('\n')}`,
    suggestions: ['give a whole id'],
  }),
  KEY_UNREGISTERED: ({registry, keyId}: {registry: string; keyId: string | undefined}): Failure => ({
    exit: exitCodes.failed,
    message: `There is no key to sign with: ${keyId === undefined ? 'none of this machine is' : `${keyId} is not`} an active one of yours at ${registry}`,
    suggestions: [
      `run \`apkg key register${keyId === undefined ? '' : ` --key-id ${keyId}`} --registry ${registry}\``,
      'to publish unsigned, add `--no-sign`',
    ],
  }),
  KEY_NOT_ACTIVE: ({
    registry,
    keyId,
    status,
  }: {
    registry: string
    keyId: string
    /** Undefined where the registry does not know the key. */
    status: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `The signing key ${keyId} is ${status ?? 'not one of yours'} at ${registry}`,
    suggestions: [
      status === undefined
        ? `run \`apkg key register --key-id ${keyId} --registry ${registry}\``
        : 'run `apkg key generate --name <name>`, and `apkg key register` for the key that it makes',
    ],
  }),
  KEY_MISMATCH: ({registry, keyId, answered}: {registry: string; keyId: string; answered: string}): Failure => ({
    exit: exitCodes.failed,
    message: `${registry} was sent the signing key ${keyId} and answers for ${answered}`,
    suggestions: ['do not sign for this registry before you know why: ask whoever runs it'],
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
    message: `${reason}. Whether the key was rotated to ${keyId} is not known; that one is kept in ${file}`,
    suggestions: [`run \`${list}\`: where it lists ${keyId}, the rotation is done, else rotate again`],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
