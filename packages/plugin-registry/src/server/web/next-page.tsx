import type {JSX} from 'preact'

/** Links to the pages of a list. @param next the address of the next page, if there is one */
export function NextPage({next, first}: {next: string | undefined; first?: string | undefined}): JSX.Element | null {
  if (next === undefined && first === undefined) return null
  return (
    <nav class="pages" aria-label="Pages">
      {first !== undefined && (
        <a class="button quiet" href={first}>
          First page
        </a>
      )}
      {next !== undefined && (
        <a class="button quiet" rel="next" href={next}>
          Next
        </a>
      )}
    </nav>
  )
}
