/** Reports what no command reported, and sets the exit code. */
export async function reportFailure(error: unknown, json: boolean): Promise<void> {
  const {isReported, processPorts, reportError} = await import('@apkg/command-kit')
  if (isReported(error)) return
  process.exitCode = (await reportError(error, processPorts, {json})).exitCode
}

/**
 * Reports what cannot be written to stdout past our ports, as oclif writes help. Every copy of oclif that is loaded, a
 * plugin's among them, throws it out of an event, a stack in the user's face: so this is called again after each.
 */
export function reportLostOutput(json: boolean): void {
  const {stdout} = process
  stdout.removeAllListeners('error').once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    process.exitCode = 1
    void import('@apkg/command-kit').then(({failure, reasonOf}) =>
      reportFailure(failure('OUTPUT_FAILED', {reason: reasonOf(error)}), json),
    )
  })
  // What is written after that is lost, too.
  stdout.on('error', () => undefined)
}

/** Talk that nobody can read any more is no failure; without a listener, Node would make it an error nobody waits for. */
export function ignoreLostTalk(): void {
  process.stderr.on('error', () => undefined)
}
