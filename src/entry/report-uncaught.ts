/** Reports an error unless a command has already reported it, and sets the exit code. */
export async function reportFailure(error: unknown, json: boolean): Promise<void> {
  const {isReported, processPorts, reportError} = await import('@apkg/command-kit')
  if (isReported(error)) return
  process.exitCode = (await reportError(error, processPorts, {json})).exitCode
}

/**
 * Reports errors of writing to stdout directly, as oclif's help does. Each copy of oclif that is loaded, including those
 * of plugins, adds a listener that throws with a stack trace, so this must be called again after each load.
 */
export function reportLostOutput(json: boolean): void {
  const {stdout} = process
  stdout.removeAllListeners('error').once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    process.exitCode = 1
    void import('@apkg/command-kit').then(({failure, errorReason}) =>
      reportFailure(failure('OUTPUT_FAILED', {reason: errorReason(error)}), json),
    )
  })
  // Later output is lost too.
  stdout.on('error', () => undefined)
}

/** A closed stderr isn't a failure. Without a listener, Node.js would raise an uncaught error. */
export function ignoreClosedStderr(): void {
  process.stderr.on('error', () => undefined)
}
