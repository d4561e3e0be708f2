import type {Ports} from '../ports/ports.js'

/**
 * Returns the workflow command that makes GitHub Actions hide a value in the rest of the log. Print it to stderr before
 * the value. If stderr is a file or a terminal, there is no command, because nothing would remove it.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 *
 * @returns one line or none
 */
export function maskForActions(value: string, {env, stderr}: Pick<Ports, 'env' | 'stderr'>): string[] {
  const isLogged = env['GITHUB_ACTIONS'] === 'true' && !stderr.isFile && !stderr.isTerminal
  return isLogged ? [`::add-mask::${value}`] : []
}
