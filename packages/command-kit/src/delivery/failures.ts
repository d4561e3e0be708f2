import {defineFailures} from '../errors/define-failures.js'
import {exitCodes} from '../errors/exit-codes.js'
import type {Failure, FailureRows} from '../errors/failure-row.js'

/** Failures of delivering a new token to a file, a program or stdout. */
export const failures = {
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
    suggestions: ['use --out with a file in a directory that you can write to'],
  }),
  PROGRAM_NOT_FOUND: ({program}: {program: string}): Failure => ({
    exit: exitCodes.failed,
    message: `Program not found: ${program}. Nothing was sent`,
    suggestions: ['check the command after `--`. It runs without a shell, so aliases and pipes do not work'],
  }),
  TOKEN_UNDELIVERED: ({
    label,
    problem,
    leftover,
  }: {
    label: string
    problem: string
    /** The command that revokes the token, if that failed. */
    leftover?: string | undefined
  }): Failure => ({
    exit: exitCodes.failed,
    message: `${problem}. The token "${label}" ${
      leftover ? 'could not be revoked and is still active' : 'was revoked'
    }`,
    suggestions: [
      leftover
        ? `run \`${leftover}\``
        : 'run the command again once the token can be delivered, or write it to a file with --out',
    ],
  }),
} as const satisfies FailureRows

export const failure = defineFailures(failures)
