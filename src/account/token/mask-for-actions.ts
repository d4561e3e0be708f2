import type {Ports} from '@apkg/command-kit'

/**
 * The workflow command that makes GitHub Actions hide a value in the rest of the log. To be printed before the value, on
 * stderr, unless that is a file or a terminal, where nothing would remove it.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 *
 * @returns no line or one.
 */
export function maskForActions(value: string, {env, stderr}: Pick<Ports, 'env' | 'stderr'>): string[] {
  const isLogged = env['GITHUB_ACTIONS'] === 'true' && !stderr.isFile && !stderr.isTerminal
  return isLogged ? [`::add-mask::${value}`] : []
}
